"""What the town sends: checked as Meta checks it, taken, shown on the citizen's phone, and answered with statuses."""

from __future__ import annotations

from typing import Any

from local.whatsapp.checks import World, address_of, check_message, check_read_receipt
from local.whatsapp.citizens import Citizen, stranger
from local.whatsapp.errors import GraphError
from local.whatsapp.simulator import Simulator, new_wamid
from local.whatsapp.statuses import Sent
from local.whatsapp.template import Template, rendered

Json = dict[str, Any]
MONTH = 30 * 24 * 3600.0
TYPING_SECONDS = 25


def send(simulator: Simulator, body: Json) -> Json:
    """``POST /{phone-number-id}/messages``: the answer, or a GraphError."""
    if "status" in body:
        return mark_read(simulator, body)
    check_message(body, _world(simulator))
    address = address_of(body)
    citizen = _recipient(simulator, address)
    template = _template(simulator, body)
    _check_permission(simulator, citizen, template)
    _check_target(simulator, body)
    _check_rates(simulator, citizen)
    return _accept(simulator, body, address, citizen, template)


def mark_read(simulator: Simulator, body: Json) -> Json:
    """A read receipt, perhaps with the typing dots. It also marks the earlier messages as read."""
    wamid = check_read_receipt(body)
    known = simulator.journal.known(wamid)
    if (known is None or not known.inbound) and simulator.settings.strict:
        raise GraphError(131009, f"message_id {wamid} is not a message that was received.")
    if known and simulator.clock() - known.at > MONTH:
        raise GraphError(131009, f"message_id {wamid} is older than 30 days.")
    simulator.journal.receipt(body, known.user_id if known else None)
    if known:
        simulator.journal.event(known.user_id, {"kind": "tick", "wamid": wamid, "tick": "read"})
        if "typing_indicator" in body:
            simulator.journal.event(known.user_id, {"kind": "typing", "seconds": TYPING_SECONDS})
    return {"success": True}


def _world(simulator: Simulator) -> World:
    now = simulator.clock()
    return World(
        media=lambda media_id: simulator.media.find(media_id, now),
        template=simulator.templates.find,
    )


def _recipient(simulator: Simulator, address: str) -> Citizen:
    if address.removeprefix("+") == simulator.config.display_number:
        raise GraphError(131021, "Sender and recipient are the same number.")
    citizen = simulator.citizens.find_current(address)
    if citizen:
        return citizen
    if simulator.settings.strict or simulator.citizens.find(address):
        raise GraphError(131026, "Message undeliverable: nobody can be reached there.")
    return stranger(address)


def _template(simulator: Simulator, body: Json) -> Template | None:
    if body.get("type") != "template":
        return None
    return simulator.templates.find(body["template"]["name"], body["template"]["language"]["code"])


def _check_permission(simulator: Simulator, citizen: Citizen, template: Template | None) -> None:
    if citizen.blocked:
        raise GraphError(131026, "Message undeliverable.")
    if citizen.blocked_by_town:
        raise GraphError(130403, "The business has blocked this user.")
    if template and template.category == "MARKETING" and citizen.marketing_stopped:
        raise GraphError(131050, "The user has stopped marketing messages from this business.")
    if template and template.category == "AUTHENTICATION" and not citizen.phone:
        raise GraphError(131062, "Authentication templates need a phone number.")
    if template is None and not citizen.window_is_open(simulator.clock(), simulator.settings.strict):
        raise GraphError(
            131047,
            "Message failed to send because more than 24 hours have passed since the customer last replied "
            "to this number.",
        )


def _check_target(simulator: Simulator, body: Json) -> None:
    """What a reaction is put on, or a reply quotes."""
    target = (body.get("reaction") or body.get("context") or {}).get("message_id")
    if not target:
        return
    known = simulator.journal.known(target)
    if known is None and simulator.settings.strict:
        raise GraphError(131009, f"message_id {target} is not known.")
    if known and "reaction" in body and (simulator.clock() - known.at > MONTH or known.kind == "reaction"):
        raise GraphError(131009, "A reaction needs a message of the last 30 days that is not a reaction.")


def _check_rates(simulator: Simulator, citizen: Citizen) -> None:
    now = simulator.clock()
    if not simulator.throughput.allows(now, simulator.settings.throughput):
        raise GraphError(130429, "Cloud API message throughput has been reached.", subcode=2494055)
    if simulator.settings.pair_rate and not simulator.pair_rate.allows(now, citizen.key):
        raise GraphError(131056, "Too many messages sent to the same recipient in a short period of time.")


def _accept(simulator: Simulator, body: Json, address: str, citizen: Citizen, template: Template | None) -> Json:
    wamid, kind = new_wamid(), body.get("type", "text")
    by_phone = "to" in body
    simulator.journal.know(wamid, citizen.key, kind, inbound=False)
    simulator.journal.sent(body, wamid, citizen.key)
    if citizen.met:
        shown = rendered(template, body["template"]) if template else None
        event = {"kind": "out", "wamid": wamid, "request": body, **({"rendered": shown} if shown else {})}
        simulator.journal.event(citizen.user_id, event)
    category = template.category.lower() if template else "service"
    sent = Sent(wamid, citizen, by_phone, body.get("biz_opaque_callback_data"), category, kind)
    fault = simulator.faults.take("messages", "after", simulator.clock(), address)
    if fault and fault.mode == "status":
        simulator.statuses.failed(sent, fault.error())
    else:
        simulator.statuses.accepted(sent, simulator.settings.statuses, simulator.settings.status_delays)
    contact = {"input": address, **({"wa_id": citizen.phone} if by_phone else {"user_id": citizen.user_id})}
    accepted = {"message_status": "accepted"} if template else {}
    answer = {
        "messaging_product": "whatsapp",
        "contacts": [contact],
        "messages": [{"id": wamid, **accepted}],
    }
    if fault and fault.mode != "status":
        raise FaultAfterwards(fault)
    return answer


class FaultAfterwards(Exception):
    """The message was taken, but its sender is not to hear of it."""

    def __init__(self, fault: Any) -> None:
        super().__init__("A fault after the message was accepted")
        self.fault = fault
