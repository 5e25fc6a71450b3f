"""The Graph API over HTTP: ``/{version}/…``. Who asks is checked here, what they ask in ``outbox`` and its like."""

from __future__ import annotations

import json
import re
import time
from typing import Any

from werkzeug.wrappers import Request, Response

from local.whatsapp import outbox
from local.whatsapp.errors import GraphError
from local.whatsapp.faults import Fault
from local.whatsapp.media import check_upload, described
from local.whatsapp.simulator import Simulator
from local.whatsapp.template import Template

Json = dict[str, Any]
VERSION = re.compile(r"v\d{1,3}\.\d")
MAX_JSON = 1024 * 1024
PAGE = 25


class FaultBefore(Exception):
    """A fault that was asked for happens instead of the request."""

    def __init__(self, fault: Fault) -> None:
        super().__init__("A fault before the request was looked at")
        self.fault = fault


def answer(simulator: Simulator, request: Request) -> Response:
    """Any Graph request; refusals are Meta's error JSON and are kept for ``/_sim/refused``."""
    asked: Json = {}
    try:
        check_token(simulator, request)
        version, *path = request.path.strip("/").split("/")
        if not VERSION.fullmatch(version) or not path:
            raise GraphError(2500, f"Unknown path components: {request.path}")
        asked = _body(request) if request.mimetype == "application/json" else {}
        return _json(_dispatch(simulator, request, path, asked))
    except GraphError as error:
        simulator.journal.refused({"path": request.path, "body": asked}, error.body()["error"], error.http)
        return _json(error.body(), error.http)


def download(simulator: Simulator, request: Request) -> Response:
    """The second hop of a download: the address of ``GET /{media-id}``, and the same token again."""
    try:
        check_token(simulator, request)
        _fault(simulator, "media")
    except GraphError as error:
        return _json(error.body(), error.http)
    asked = request.args
    media = simulator.media.download(
        asked.get("mid", ""), asked.get("ext", ""), asked.get("hash", ""), simulator.clock()
    )
    if media is None:
        return Response("URL signature expired", 404, mimetype="text/plain")
    return Response(media.data, mimetype=None, content_type=media.mime_type)


def check_token(simulator: Simulator, request: Request) -> None:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    token = token if kind.lower() == "bearer" else request.args.get("access_token", "")
    if not token:
        raise GraphError(200, "Provide valid app ID")
    if token.strip() != simulator.config.access_token:
        raise GraphError(190, "Invalid OAuth access token - Cannot parse access token")


def _dispatch(simulator: Simulator, request: Request, path: list[str], body: Json) -> Json:
    config = simulator.config
    match request.method, *path:
        case "POST", config.phone_number_id, "messages":
            return _messages(simulator, body)
        case "POST", config.phone_number_id, "media":
            return _upload(simulator, request)
        case "POST", config.phone_number_id, "register" | "deregister":
            return {"success": True}
        case "GET", config.phone_number_id:
            return _only_fields(request, _number(simulator))
        case "GET", config.waba_id, "phone_numbers":
            return {"data": [_only_fields(request, _number(simulator))], "paging": {}}
        case _, config.waba_id, "subscribed_apps":
            return _subscribed_apps(simulator, request.method)
        case _, config.waba_id, "message_templates":
            _fault(simulator, "templates")
            return _templates(simulator, request, body)
        case _, node:
            return _node(simulator, request, node, body)
    raise GraphError(100, f"Unsupported {request.method} request on {'/'.join(path)}", subcode=33)


def _body(request: Request) -> Json:
    if (request.content_length or 0) > MAX_JSON:
        raise GraphError(100, "The request is too large.", http=413)
    try:
        body = json.loads(request.get_data() or b"{}")
    except ValueError:
        raise GraphError(100, "The body is not JSON.") from None
    if not isinstance(body, dict):
        raise GraphError(100, "The body is not a JSON object.")
    return body


def _fault(simulator: Simulator, path: str, to: str | None = None) -> None:
    fault = simulator.faults.take(path, "before", simulator.clock(), to)
    if fault is None:
        return
    if fault.mode == "error" and fault.body is None:
        raise fault.error()
    raise FaultBefore(fault)


# --- messages and files ---------------------------------------------------------------------------


def _messages(simulator: Simulator, body: Json) -> Json:
    if simulator.settings.latency:
        time.sleep(simulator.settings.latency)
    address = body.get("to") or body.get("recipient")
    if "status" not in body:
        _fault(simulator, "messages", address if isinstance(address, str) else None)
    return outbox.send(simulator, body)


def _upload(simulator: Simulator, request: Request) -> Json:
    _fault(simulator, "media")
    if request.form.get("messaging_product") != "whatsapp":
        raise GraphError(100, "(#100) The parameter messaging_product is required.")
    file = request.files.get("file")
    if file is None:
        raise GraphError(100, "(#100) The parameter file is required.")
    mime_type = file.mimetype or request.form.get("type", "")
    data = file.read()
    check_upload(mime_type, len(data))
    until = simulator.clock() + simulator.config.uploaded_media_life
    return {"id": simulator.media.add(data, mime_type, until).id}


def _node(simulator: Simulator, request: Request, node: str, body: Json) -> Json:
    """A path of one id: a file or a template."""
    media, template = simulator.media.find(node, simulator.clock()), simulator.templates.by_id(node)
    if media and request.args.get("phone_number_id") in (None, simulator.config.phone_number_id):
        _fault(simulator, "media")
        if request.method == "GET":
            return described(media, simulator.media_url(media, "getMedia"))
        if request.method == "DELETE":
            return {"success": simulator.media.delete(node)}
    if template and request.method == "GET":
        return _only_fields(request, template.public())
    if template and request.method == "POST":
        simulator.review_template(simulator.templates.edit(template, body, simulator.clock()))
        return {"success": True}
    details = f"Unsupported {request.method.lower()} request. Object with ID '{node}' does not exist, cannot be "
    raise GraphError(100, details + "loaded due to missing permissions, or does not support this operation", subcode=33)


# --- the number and the account -------------------------------------------------------------------


def _number(simulator: Simulator) -> Json:
    settings, config = simulator.settings, simulator.config
    return {
        "id": config.phone_number_id,
        "verified_name": settings.verified_name,
        "display_phone_number": f"+{config.display_number}",
        "quality_rating": settings.quality_rating,
        "code_verification_status": "VERIFIED",
        "name_status": "APPROVED",
        "status": "CONNECTED",
        "platform_type": "CLOUD_API",
        "throughput": {"level": "HIGH" if (settings.throughput or 80) >= 1000 else "STANDARD"},
        "whatsapp_business_manager_messaging_limit": settings.messaging_limit,
        "webhook_configuration": {"application": settings.webhook_url},
    }


def _only_fields(request: Request, node: Json) -> Json:
    wanted = [name for name in request.args.get("fields", "").split(",") if name]
    return {key: value for key, value in node.items() if key in (*wanted, "id")} if wanted else node


def _subscribed_apps(simulator: Simulator, method: str) -> Json:
    if method == "GET":
        app = {
            "whatsapp_business_api_data": {
                "id": "1",
                "name": "Canal",
                "link": "https://www.facebook.com/games/?app_id=1",
            }
        }
        return {"data": [app] if simulator.subscribed else []}
    simulator.subscribed = method == "POST"
    return {"success": True}


# --- templates ------------------------------------------------------------------------------------


def _templates(simulator: Simulator, request: Request, body: Json) -> Json:
    if request.method == "GET":
        return _list_templates(simulator, request)
    if request.method == "POST":
        template = simulator.templates.create(body, simulator.clock())
        simulator.review_template(template)
        return {"id": template.id, "status": template.status, "category": template.category}
    name = request.args.get("name") or body.get("name")
    if not name:
        raise GraphError(100, "The parameter name is required.")
    if not simulator.templates.delete(name, request.args.get("hsm_id"), simulator.clock()):
        raise GraphError(100, f"Message template {name} was not found.", subcode=2593002)
    return {"success": True}


def _list_templates(simulator: Simulator, request: Request) -> Json:
    """A page of them; the cursor is the id of the last one shown."""
    asked = request.args
    found = [item for item in simulator.templates.all() if _is_asked_for(item, request)]
    start = next((number + 1 for number, item in enumerate(found) if item.id == asked.get("after")), 0)
    limit = asked.get("limit", "")
    shown = found[start : start + (int(limit) if limit.isdecimal() and int(limit) else PAGE)]
    answer: Json = {"data": [_only_fields(request, item.public()) for item in shown]}
    if shown:
        answer["paging"] = {"cursors": {"before": shown[0].id, "after": shown[-1].id}}
        if start + len(shown) < len(found):
            answer["paging"]["next"] = f"{simulator.config.base_url}{request.path}?after={shown[-1].id}&limit={limit}"
    return answer


def _is_asked_for(template: Template, request: Request) -> bool:
    asked = request.args
    return (
        asked.get("name", template.name) == template.name
        and asked.get("status", template.status) == template.status
        and asked.get("language", template.language) == template.language
        and asked.get("category", template.category) == template.category
    )


def _json(value: Json, status: int = 200) -> Response:
    return Response(json.dumps(value, ensure_ascii=False), status, mimetype="application/json")
