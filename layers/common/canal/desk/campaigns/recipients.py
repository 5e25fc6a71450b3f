"""Who got a notice and who did not, with the reason in plain words: page by page, and as a table.

A table holds at most 10,000 recipients, so that an answer stays within the 6 MB that API Gateway passes on; a larger
notice takes several, each with the cursor of the next in its header.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import datetime, timedelta

from canal.broadcasts.delivery import Delivery, State
from canal.desk.bilingual import both
from canal.desk.campaigns.changing import runner, seen
from canal.desk.campaigns.outside import Room
from canal.desk.campaigns.reasons import reason
from canal.desk.campaigns.requests import RecipientCsvWanted, RecipientPageWanted, RecipientsWanted
from canal.desk.campaigns.views import RecipientRows, RecipientView
from canal.desk.exports import BOM, SEPARATORS, harmless
from canal.desk.refusals import Unreadable
from canal.desk.roles import Person
from canal.desk.views import Both
from canal.dialogue.messages import LANGUAGES, Language
from canal.dialogue.town import Town
from canal.errors import BadInput

MOST_EXPORTED, PAGE = 10_000, 500
MOST_TIME = timedelta(seconds=20)  # API Gateway waits for 30
COLUMNS = "phone citizen language mode state at release_at sent_at delivered_at read_at code reason".split()


def page(room: Room, person: Person, identifier: str, wanted: RecipientPageWanted) -> RecipientRows:
    """Raises Forbidden for those who may not know who it was."""
    runner(person)
    seen(room, identifier)
    return _rows(room, identifier, wanted, wanted.limit)


def as_csv(room: Room, person: Person, identifier: str, wanted: RecipientCsvWanted) -> tuple[str, str]:
    """One line a recipient below a line of names; and the cursor to go on with, empty at the end."""
    runner(person)
    seen(room, identifier)
    text = io.StringIO()
    text.write(BOM)
    writer = csv.writer(text, delimiter=SEPARATORS[wanted.separator], lineterminator="\r\n")
    writer.writerow([room.town.text(f"notices.column.{column}", wanted.language) for column in COLUMNS])
    cursor, written, enough = wanted.cursor, 0, room.clock() + MOST_TIME
    while True:
        rows = _rows(room, identifier, wanted.model_copy(update={"cursor": cursor}), PAGE)
        writer.writerows(lines(room.town, rows, wanted.language))
        written, cursor = written + len(rows.recipients), rows.cursor
        if not cursor or written > MOST_EXPORTED - PAGE or room.clock() > enough:
            return text.getvalue(), cursor


def lines(town: Town, rows: RecipientRows, language: Language) -> Iterator[list[str]]:
    for each in rows.recipients:
        yield [cell(town, getattr(each, "state_name" if name == "state" else name), language) for name in COLUMNS]


def cell(town: Town, value: object, language: Language) -> str:
    match value:
        case None:
            return ""
        case Both():
            return harmless(str(getattr(value, language)))
        case datetime():
            return town.local(value).strftime("%Y-%m-%d %H:%M:%S")
        case _:
            return harmless(str(value))


def _rows(room: Room, identifier: str, wanted: RecipientsWanted, limit: int) -> RecipientRows:
    try:
        found, cursor = room.deliveries.page(identifier, wanted.cursor, limit, frozenset(map(State, wanted.state)))
    except BadInput as error:
        raise Unreadable("bad_cursor", [{"field": "cursor"}]) from error
    people = room.people.load_many([each.citizen for each in found]) if found else {}
    phones = {key: citizen.phone or "" for key, citizen in people.items()}
    town = room.town
    return RecipientRows(
        recipients=[recipient(town, each, phones.get(each.citizen, "")) for each in found], cursor=cursor
    )


def recipient(town: Town, delivery: Delivery, phone: str) -> RecipientView:
    by_phone = delivery.citizen.isdigit()
    return RecipientView(
        phone=masked(phone or (delivery.citizen if by_phone else "")),
        citizen="" if by_phone else delivery.citizen,
        language=delivery.language,
        mode=delivery.mode,
        state=delivery.state,
        state_name=both({each: town.text(f"notices.delivery.{delivery.state}", each) for each in LANGUAGES}),
        at=delivery.at,
        release_at=delivery.release_at if delivery.state == State.QUEUED else None,
        sent_at=delivery.sent_at,
        delivered_at=delivery.delivered_at,
        read_at=delivery.read_at,
        code=delivery.code,
        reason=reason(town, delivery.reason, delivery.code),
    )


def masked(phone: str) -> str:
    """Enough to tell two people apart, not enough to call one."""
    return f"··· {phone[-3:]}" if phone else ""
