"""``/_sim``: the side that Meta does not have. Tests and the phone page look in, play citizens, and break things."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Request, Response

from local.whatsapp import envelope, inbox, samples
from local.whatsapp.citizens import Citizen
from local.whatsapp.errors import GraphError
from local.whatsapp.media import webhook_fields
from local.whatsapp.simulator import Simulator
from local.whatsapp.template import Template

Json = dict[str, Any]
LONGEST_WAIT = 60.0
HEARTBEAT = 10.0
MAX_FILE = 100 * 1024 * 1024


def answer(simulator: Simulator, request: Request) -> Response:
    """Any request under ``/_sim``; what is wrong with one is said in ``error`` (400, 404)."""
    try:
        value = _dispatch(simulator, request, request.path.removeprefix("/_sim/").strip("/").split("/"))
    except (ValueError, TypeError, KeyError) as error:
        return _json({"error": str(error)}, 400)
    except GraphError as error:
        return _json(error.body(), error.http)
    return value if isinstance(value, Response) else _json(value)


def _dispatch(simulator: Simulator, request: Request, path: list[str]) -> Any:
    match request.method, *path:
        case "GET", "messages":
            return _messages(simulator, request)
        case "GET", "refused" | "receipts" as which:
            return simulator.journal.aside(which)
        case "GET", "state":
            return _state(simulator)
        case "GET", "stream":
            return _stream(simulator, request)
        case "GET", "events":
            citizen = _citizen(simulator, request.args.get("citizen", ""))
            return simulator.journal.events(citizen.user_id, _after(request), _wait(request))
        case "POST", "inbound":
            return _inbound(simulator, _body(request))
        case "POST", "webhook":
            return _webhook(simulator, _body(request))
        case "GET", "webhooks":
            return simulator.deliveries.state()
        case "POST", "webhooks", "retry":
            return {"retried": simulator.deliveries.retry_now()}
        case _, "citizens", *rest:
            return _citizens(simulator, request, rest)
        case _, "faults":
            return _faults(simulator, request)
        case _, "settings":
            if request.method == "POST":
                simulator.settings = simulator.settings.changed(_body(request))
            return simulator.settings.public()
        case _, "templates", *rest:
            return _templates(simulator, request, rest)
        case _, "media", *rest:
            return _media(simulator, request, rest)
        case "GET", "samples":
            return samples.names()
        case "GET", "samples", name:
            return _sample(request, name)
        case "POST", "reset":
            simulator.reset()
            return {"reset": True}
    raise NotFound


# --- looking in -----------------------------------------------------------------------------------


def _messages(simulator: Simulator, request: Request) -> list[Json]:
    to = request.args.get("to")
    if to:
        citizen = simulator.citizens.find(to)
        to = citizen.key if citizen else to.removeprefix("+")
    limit = int(request.args.get("limit", 10_000))
    return simulator.journal.messages(_after(request), _wait(request), limit, to)


def _state(simulator: Simulator) -> Json:
    config = simulator.config
    return {
        "epoch": simulator.epoch,
        "name": simulator.settings.verified_name,
        "display_number": config.display_number,
        "phone_number_id": config.phone_number_id,
        "waba_id": config.waba_id,
        "messages": simulator.journal.last_seq,
        "pending_webhooks": simulator.deliveries.state()["pending"],
        "now": simulator.clock(),
    }


def _stream(simulator: Simulator, request: Request) -> Response:
    """Server-sent events of one conversation, from ``after`` on, for as long as somebody listens."""
    key = request.args.get("citizen", "")
    after = int(request.headers.get("Last-Event-ID") or _after(request))
    _citizen(simulator, key)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return Response(_event_lines(simulator, key, after), mimetype="text/event-stream", headers=headers)


def _event_lines(simulator: Simulator, key: str, after: int) -> Iterator[str]:
    yield f"retry: 1000\nevent: hello\ndata: {json.dumps({'epoch': simulator.epoch})}\n\n"
    while not simulator.journal.closed:
        citizen = simulator.citizens.find(key)
        events = simulator.journal.events(citizen.user_id if citizen else key, after, HEARTBEAT)
        if not events:
            yield ": still here\n\n"
        for event in events:
            after = event["n"]
            yield f"id: {after}\ndata: {json.dumps(event, ensure_ascii=False)}\n\n"


def _after(request: Request) -> int:
    return int(request.args.get("after") or 0)


def _wait(request: Request) -> float:
    return min(float(request.args.get("wait") or 0), LONGEST_WAIT)


# --- playing citizens -----------------------------------------------------------------------------


def _inbound(simulator: Simulator, asked: Json) -> Json:
    received = inbox.receive(simulator, asked)
    until = time.monotonic() + min(float(asked.get("wait", 0)), LONGEST_WAIT)
    for delivery in received.deliveries:
        delivery.done.wait(max(until - time.monotonic(), 0))
    return {"ids": received.wamids, "deliveries": [delivery.public() for delivery in received.deliveries]}


def _webhook(simulator: Simulator, asked: Json) -> Json:
    """Any webhook at all: ``raw`` text, a whole ``body``, or a ``field`` with its ``value``."""
    signature = str(asked.get("signature", "good"))
    payload: Json | bytes
    if "raw" in asked:
        payload = str(asked["raw"]).encode()
    elif "body" in asked:
        payload = asked["body"]
    elif "value" in asked:
        change = {"field": asked.get("field", "messages"), "value": asked["value"]}
        payload = envelope.envelope(simulator.config, [change])
    else:
        raise ValueError("one of raw, body, value is needed")
    copies = [
        simulator.deliver(payload, signature=signature, delay=float(asked.get("delay", 0)))
        for _ in range(int(asked.get("copies", 1)))
    ]
    until = time.monotonic() + min(float(asked.get("wait", 0)), LONGEST_WAIT)
    for delivery in copies:
        if delivery:
            delivery.done.wait(max(until - time.monotonic(), 0))
    return {"deliveries": [delivery.public() for delivery in copies if delivery]}


def _citizens(simulator: Simulator, request: Request, rest: list[str]) -> Any:
    now = simulator.clock()
    match request.method, *rest:
        case ("GET",):
            people = sorted(simulator.citizens, key=lambda one: -simulator.journal.last_activity(one.user_id))
            return [citizen.public(now) for citizen in people]
        case ("POST",):
            citizen = _new_citizen(simulator, _body(request))
            simulator.people_changed()
            return _json(citizen.public(now), 201)
        case "GET", key:
            return _citizen(simulator, key).public(now)
        case "PATCH" | "POST", key:
            return _change_citizen(simulator, _citizen(simulator, key), _body(request)).public(now)
        case "POST", key, "preferences":
            return _preference(simulator, _citizen(simulator, key), _body(request))
    raise NotFound


def _new_citizen(simulator: Simulator, asked: Json) -> Citizen:
    """``phone`` left out: one is made up; ``phone_shown`` false: the town never sees it."""
    known = ("name", "phone", "user_id", "username", "phone_shown", "last_inbound")
    if unknown := set(asked) - set(known):
        raise ValueError(f"unknown: {', '.join(sorted(unknown))}; known: {', '.join(known)}")
    existing = next(
        (found for key in ("user_id", "phone") if (found := simulator.citizens.find(str(asked.get(key) or "")))), None
    )
    return existing or simulator.citizens.add(**{key: value for key, value in asked.items() if value is not None})


def _change_citizen(simulator: Simulator, citizen: Citizen, asked: Json) -> Citizen:
    known = ("name", "username", "phone_shown", "last_inbound", "blocked", "blocked_by_town", "marketing_stopped")
    if unknown := set(asked) - {*known, "hours_ago"}:
        raise ValueError(f"unknown: {', '.join(sorted(unknown))}; known: {', '.join((*known, 'hours_ago'))}")
    changes = {key: value for key, value in asked.items() if key in known}
    if "hours_ago" in asked:
        changes["last_inbound"] = simulator.clock() - 3600 * float(asked["hours_ago"])
    changed = simulator.citizens.change(citizen.user_id, **changes)
    simulator.people_changed()
    return changed


def _preference(simulator: Simulator, citizen: Citizen, asked: Json) -> Json:
    """WhatsApp's own switch for marketing messages: ``stop`` or ``resume``."""
    value = asked.get("value", "stop")
    if value not in ("stop", "resume"):
        raise ValueError("value: stop or resume")
    simulator.citizens.change(citizen.user_id, marketing_stopped=value == "stop")
    preference = {key: part for key, part in citizen.contact().items() if key != "profile"} | {
        "detail": f"User requested to {value} marketing messages",
        "category": "marketing_messages",
        "value": value,
        "timestamp": int(simulator.clock()),
    }
    change = envelope.change(
        simulator.config, field="user_preferences", contacts=[citizen.contact()], user_preferences=[preference]
    )
    simulator.deliver(envelope.envelope(simulator.config, [change]))
    return preference


def _citizen(simulator: Simulator, key: str) -> Citizen:
    citizen = simulator.citizens.find(key)
    if citizen is None:
        raise NotFound
    return citizen


# --- breaking things, and what they need ----------------------------------------------------------


def _faults(simulator: Simulator, request: Request) -> Any:
    if request.method == "POST":
        return _json(simulator.faults.add(_body(request), simulator.clock()).public(), 201)
    if request.method == "DELETE":
        simulator.faults.clear()
    return [fault.public() for fault in simulator.faults.all()]


def _templates(simulator: Simulator, request: Request, rest: list[str]) -> Any:
    """Templates without waiting for a review, and reviews that end otherwise."""
    match request.method, *rest:
        case ("GET",):
            return [template.public() for template in simulator.templates.all()]
        case ("POST",):
            body = _body(request)
            return simulator.templates.create(body, simulator.clock(), body.get("status", "APPROVED")).public()
        case "POST", name:
            body = _body(request)
            found = [item for item in simulator.templates.all() if name in (item.name, item.id)]
            chosen = [item for item in found if body.get("language", item.language) == item.language]
            if not chosen:
                raise NotFound
            return [_judged(simulator, item, body).public() for item in chosen]
    raise NotFound


def _judged(simulator: Simulator, template: Template, asked: Json) -> Template:
    """What Meta thinks of it now: ``status`` with ``reason``, ``category``, ``quality``, each told by webhook."""
    if not asked.keys() & {"status", "category", "quality"}:
        raise ValueError("status, category or quality")
    if "category" in asked:
        template = simulator.set_template_category(template, str(asked["category"]))
    if "quality" in asked:
        template = simulator.set_template_quality(template, str(asked["quality"]))
    if "status" in asked:
        template = simulator.set_template_status(template, str(asked["status"]), str(asked.get("reason", "NONE")))
    return template


def _media(simulator: Simulator, request: Request, rest: list[str]) -> Any:
    """A citizen's file goes up as it is; any file comes down without a token, for the phone."""
    if request.method == "POST" and not rest:
        if (request.content_length or 0) > MAX_FILE:
            return _json({"error": "a file has at most 100 MB"}, 413)
        life = simulator.clock() + simulator.config.inbound_media_life
        mime_type = request.headers.get("Content-Type", "application/octet-stream")
        media = simulator.media.add(request.get_data(), mime_type, life)
        return _json(webhook_fields(media, simulator.media_url(media, "webhook")), 201)
    found = simulator.media.find(rest[0], simulator.clock()) if rest else None
    if found is None:
        raise NotFound
    return _file(request, found.data, found.mime_type)


def _sample(request: Request, name: str) -> Response:
    found = samples.sample(name)
    if found is None:
        raise NotFound
    return _file(request, *found)


def _file(request: Request, data: bytes, mime_type: str) -> Response:
    """A file for the page, whole or in part (players ask so): never as something that a browser would run."""
    headers = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox"}
    response = Response(data, content_type=mime_type, headers=headers)
    return response.make_conditional(request, accept_ranges=True, complete_length=len(data))


def _body(request: Request) -> Json:
    body = json.loads(request.get_data() or b"{}")
    if not isinstance(body, dict):
        raise ValueError("a JSON object is needed")
    return body


def _json(value: object, status: int = 200) -> Response:
    headers = {"Cache-Control": "no-store"}
    return Response(json.dumps(value, ensure_ascii=False), status, headers=headers, mimetype="application/json")
