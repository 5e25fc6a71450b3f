"""The way in: which function answers which path, and how an answer or a refusal becomes HTTP."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from canal.dialogue.town import Town
from canal.errors import Temporary
from canal.open311 import language
from canal.open311.asked import Answer, Asked, Outside
from canal.open311.call import Arguments, Call
from canal.open311.discovery import discovery
from canal.open311.formats import TYPES, Document, written
from canal.open311.posting import file, remark
from canal.open311.refusal import Refusal, unknown
from canal.open311.requests import request, requests
from canal.open311.services import definition, services
from canal.open311.updates import updates

Response = dict[str, Any]
Work = Callable[[Asked, Outside], Answer]

RETRY_AFTER = "30"  # seconds
# Any page may read; to bring something needs a key, which no page should hold.
OPEN_TO_ALL = {"access-control-allow-origin": "*", "access-control-allow-methods": "GET, HEAD, OPTIONS"}


def token(asked: Asked, outside: Outside) -> Answer:
    raise unknown("There is no such token: a report gets its service_request_id at once.")


ROUTES: tuple[tuple[str, Mapping[str, Work]], ...] = (
    (r"discovery", {"GET": discovery}),
    (r"services", {"GET": services}),
    (r"services/([^/]+)", {"GET": definition}),
    (r"requests", {"GET": requests, "POST": file}),
    (r"requests/([^/]+)", {"GET": request}),
    (r"tokens/([^/]+)", {"GET": token}),
    (r"servicerequestupdates", {"GET": updates, "POST": remark}),
)


@dataclass(frozen=True, slots=True)
class Told:
    """The response, and what the log should know of it."""

    response: Response
    trouble: str = ""


def respond(event: Mapping[str, Any], outside: Outside) -> Told:
    """Answer one HTTP API event (payload 2.0). Whatever is asked, nothing but a fault of ours is raised."""
    call = Call.of(event)
    try:
        works, name = route(call)
        if call.method == "OPTIONS":
            return Told({"statusCode": 204, "headers": {**OPEN_TO_ALL, "allow": allowed(works)}, "body": ""})
        answer = work_for(call, works)(asked(call, name, outside), outside)
        keep = f"public, max-age={answer.keep}" if answer.keep else "no-store"
        return Told(packed(call, 200, answer.document, {"cache-control": keep}), answer.trouble)
    except Refusal as refusal:
        return Told(refused(call, refusal))
    except Temporary as error:
        later = Refusal(503, "The service does not answer now; try again later.", {"retry-after": RETRY_AFTER})
        return Told(refused(call, later), str(error)[:300])


def route(call: Call) -> tuple[Mapping[str, Work], str]:
    """What the path offers, and the name in it. Raises Refusal."""
    for pattern, works in ROUTES:
        if found := re.fullmatch(pattern, call.path):
            return works, "".join(found.groups())
    raise unknown("There is no such path; the formats are .xml and .json.")


def work_for(call: Call, works: Mapping[str, Work]) -> Work:
    method = "GET" if call.method == "HEAD" else call.method
    if method not in works:
        raise Refusal(405, "This path is not for this method.", {"allow": allowed(works)})
    return works[method]


def asked(call: Call, name: str, outside: Outside) -> Asked:
    """The call, understood. Raises Refusal, Temporary."""
    arguments = call.arguments()
    town = outside.towns.current()
    check_jurisdiction(arguments, town)
    return Asked(call, arguments, town, language.chosen(call, arguments, town.language), outside.clock(), name)


def check_jurisdiction(arguments: Arguments, town: Town) -> None:
    """One town only, so nobody has to name it; who does, must mean it. It is the host of the town's own site."""
    wanted = arguments.one("jurisdiction_id").lower().removeprefix("www.")
    site = str(town.facts.get("site", "")).partition("://")[2].partition("/")[0].lower().removeprefix("www.")
    if wanted and wanted != site:
        raise unknown("This jurisdiction_id is not served here.")


def refused(call: Call, refusal: Refusal) -> Response:
    errors = Document("errors", [{"code": refusal.status, "description": refusal.description}])
    return packed(call, refusal.status, errors, {"cache-control": "no-store", **refusal.headers})


def packed(call: Call, status: int, document: Document, headers: Mapping[str, str]) -> Response:
    about = {"content-type": TYPES[call.format], "vary": "Accept-Language", "x-content-type-options": "nosniff"}
    shared = {"access-control-allow-origin": "*"} if call.method in ("GET", "HEAD") else {}
    body = "" if call.method == "HEAD" else written(document, call.format)
    return {"statusCode": status, "headers": {**about, **shared, **headers}, "body": body}


def allowed(works: Mapping[str, Work]) -> str:
    return ", ".join([*works, "HEAD", "OPTIONS"])
