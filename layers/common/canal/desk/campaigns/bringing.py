"""An alert of somebody else's that staff bring as a CAP file: its drafts, in their name. Nothing is sent by it."""

from __future__ import annotations

import base64
import re
from binascii import Error

from canal.cap.alert import BadAlert
from canal.desk.campaigns.changing import runner
from canal.desk.campaigns.outside import Room
from canal.desk.campaigns.present import row
from canal.desk.campaigns.requests import CapFile
from canal.desk.campaigns.views import BroughtView
from canal.desk.refusals import Unfit, Unusable
from canal.desk.roles import Person

DECLARATION = re.compile(r"^\ufeff?\s*<\?xml[^>]*\?>")  # names the encoding of the file, which a text has none of
MOST_REASONS = 10


def bring(room: Room, person: Person, wanted: CapFile) -> BroughtView:
    """The drafts; of what was brought before, the notices as they stand now. Raises Unusable with the reason."""
    from canal.services.notices.watching import drafted  # and with it an XML parser, which nothing else here needs

    runner(person)
    try:
        brought = drafted(bytes_of(wanted), room.campaigns, room.towns, room.clock(), person.name)
    except BadAlert as error:
        reasons = str(error).split("; ")[:MOST_REASONS]
        details = [{"field": "cap" if wanted.cap else "file", "reason": each} for each in reasons]
        raise Unusable("bad_cap", details, f"bad_cap_{error.why}") from error
    return BroughtView(campaigns=[row(room.town, each) for each in brought.campaigns], unread=brought.unread)


def bytes_of(wanted: CapFile) -> bytes:
    if wanted.cap:
        return DECLARATION.sub("", wanted.cap).encode()
    try:
        return base64.b64decode(wanted.file, validate=True)
    except Error as error:
        raise Unfit("file", "not_base64") from error
