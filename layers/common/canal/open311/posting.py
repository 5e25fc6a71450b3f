"""What other programs bring: new reports, and remarks on those that they brought. Sent twice, it happens once."""

from __future__ import annotations

from canal.errors import LostRace, Temporary
from canal.incidents import changes
from canal.incidents.case import Case
from canal.incidents.states import NotAllowed
from canal.open311 import keys, numbers, report
from canal.open311.asked import Answer, Asked, Outside
from canal.open311.formats import Document
from canal.open311.refusal import Refusal, bad, unknown
from canal.open311.requests import NUMBER
from canal.open311.services import listed

TRIES = 3  # of a remark, when somebody else changes the case at the same time


def file(asked: Asked, outside: Outside) -> Answer:
    """A new report; its number is the answer. Raises Refusal, Temporary."""
    client = keys.client(asked.arguments, outside.keys)
    new = report.case(asked, client, numbers.number(asked, client))
    case, trouble = filed(new, outside)
    category = asked.town.incidents.category(case.category)
    notice = category.danger.get(asked.language) if category else None
    row = {"service_request_id": case.id, "service_notice": notice or None, "account_id": None}
    return Answer(Document("service_requests", [row]), trouble=trouble)


def filed(new: Case, outside: Outside) -> tuple[Case, str]:
    """The case under this number, saved now or when the same was sent before; and what the log should know."""
    if known := outside.cases.load(new.id):
        return known, ""
    try:
        case = outside.cases.save(changes.filed(new, by=report.CHANNEL))
    except LostRace:  # the same report, at the same moment
        known = outside.cases.load(new.id)
        if known is None:
            raise
        return known, ""
    return case, queued(case, outside)


def queued(case: Case, outside: Outside) -> str:
    """A queue that does not answer is no failure: the sweep finds the case."""
    try:
        outside.queue.put([{"case": case.id}])
    except Temporary:
        return "a new case is not queued, the sweep will find it"
    return ""


def remark(asked: Asked, outside: Outside) -> Answer:
    """FixMyStreet's extension: words added to a request by the client that brought it. The state stays the town's.

    Raises Refusal, Temporary.
    """
    client = keys.client(asked.arguments, outside.keys)
    words, details = said(asked), told(asked)
    for _ in range(TRIES):
        case = own(asked, client, outside)
        if event := known(case, details.get("update_id", "")):
            return answer(case, event)
        try:
            after = changes.remarked(case, asked.now, words, by=report.CHANNEL, details=details)
            return answer(outside.cases.save(after), after.history[-1].id)
        except LostRace:
            continue
        except NotAllowed:
            raise bad("The request takes no more remarks.") from None
    raise Temporary("a case that others change all the time")


def said(asked: Asked) -> str:
    """Raises Refusal."""
    words = report.description(asked.arguments)
    if not words:
        raise bad("description is missing.")
    return words


def told(asked: Asked) -> dict[str, str]:
    """What else is kept of a remark: the client's own id of it, and a link for staff. Raises Refusal."""
    given = {"update_id": asked.arguments.one("update_id"), "media_url": report.link(asked.arguments)}
    return {name: value for name, value in given.items() if value}


def own(asked: Asked, client: str, outside: Outside) -> Case:
    """The case that is meant, if this client brought it. Raises Refusal."""
    number = asked.arguments.one("service_request_id")
    if not number:
        raise bad("service_request_id is missing.")
    case = outside.cases.load(number) if NUMBER.fullmatch(number) else None
    if case and not case.erased and case.channel == report.CHANNEL and case.contact.get("client") == client:
        return case
    if case and listed(case, asked.town):
        raise Refusal(403, "Only the client that brought a request may add to it.")
    raise unknown("There is no such service_request_id.")


def known(case: Case, update: str) -> str:
    """The event of a remark that came before under the client's own id."""
    return next((event.id for event in case.history if update and event.details.get("update_id") == update), "")


def answer(case: Case, event: str) -> Answer:
    return Answer(Document("service_request_updates", [{"update_id": f"{case.id}-{event}"}]))
