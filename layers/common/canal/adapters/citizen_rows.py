"""Citizens and turns as rows of ``citizens`` and ``turns``, and back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from canal.adapters.dynamo_models import CitizenRow, TurnRow
from canal.adapters.moments import moment, text
from canal.broadcasts.subscription import EACH, Subscription
from canal.dialogue.citizen import Citizen, Offered, Place
from canal.dialogue.messages import LANGUAGES, Language
from canal.ports import TurnRecord

PLACES = {place.value: place for place in Place}
LANGUAGE: dict[str | None, Language] = {code: code for code in LANGUAGES}
KEEP_TURNS = timedelta(days=8)  # Meta delivers again for seven


def citizen_of(row: CitizenRow) -> Citizen:
    dialogue = row.dialogue or {}
    return Citizen(
        key=row.citizen,
        user_id=row.user_id,
        phone=row.phone,
        language=LANGUAGE.get(row.language),
        place=PLACES.get(row.place, Place.MENU),  # a place that a later release took away
        offered=tuple(Offered(*answer) for answer in dialogue.get("offered", ())),
        trail=tuple(dialogue.get("trail", ())),
        notes=dialogue.get("notes", {}),
        draft=dialogue.get("draft", {}),
        missed=dialogue.get("missed", 0),
        blocked=bool(row.blocked),
        held=bool(row.held),
        wants_marketing=row.wants_marketing,
        rest_until=moment(row.rest_until),
        told_at=moment(row.told_at),
        subscriptions=subscriptions_of(row.subscriptions) if row.subscriptions else {},
        since=moment(row.since),
        last_inbound_at=moment(row.last_inbound_at),
        version=int(row.version or 0),
    )


def row_of(citizen: Citizen) -> CitizenRow:
    """The row to save: it fails unless the stored one still has ``citizen.version`` (none for a new one)."""
    return CitizenRow(
        citizen.key,
        user_id=citizen.user_id,
        phone=citizen.phone or None,  # DynamoDB refuses a row with an empty key of an index
        language=citizen.language,
        place=citizen.place.value,
        dialogue={
            "offered": [[answer.address, answer.label, answer.short] for answer in citizen.offered],
            "trail": list(citizen.trail),
            "notes": dict(citizen.notes),
            "draft": dict(citizen.draft),
            "missed": citizen.missed,
        },
        blocked=citizen.blocked or None,
        held=citizen.held or None,
        wants_marketing=citizen.wants_marketing,
        rest_until=text(citizen.rest_until),
        told_at=text(citizen.told_at),
        subscriptions=stored_subscriptions(citizen.subscriptions) if citizen.subscriptions else None,
        since=text(citizen.since),
        last_inbound_at=text(citizen.last_inbound_at),
        **versioned(citizen),
    )


def versioned(citizen: Citizen) -> dict[str, Any]:
    """The version that the stored row must still have; nothing for a row that must not exist yet."""
    return {"version": citizen.version} if citizen.version else {}


def subscriptions_of(stored: Mapping[str, Mapping[str, Any]]) -> dict[str, Subscription]:
    return {
        topic: Subscription(
            topic,
            datetime.fromisoformat(each["since"]),
            each.get("wamid", ""),
            each.get("wording", ""),
            tuple(each.get("zones", ())),
            each.get("frequency", EACH),
        )
        for topic, each in stored.items()
    }


def stored_subscriptions(subscriptions: Mapping[str, Subscription]) -> dict[str, dict[str, Any]]:
    return {
        topic: {
            "since": each.since.isoformat(),
            "wamid": each.wamid,
            "wording": each.wording,
            **({"zones": list(each.zones)} if each.zones else {}),
            **({"frequency": each.frequency} if each.frequency != EACH else {}),
        }
        for topic, each in subscriptions.items()
    }


def turn_of(row: TurnRow) -> TurnRecord:
    return TurnRecord(
        citizen=row.citizen,
        wamid=row.wamid,
        at=datetime.fromisoformat(row.at),
        replies=tuple(row.replies or ()),
        events=tuple(row.events or ()),
        state=row.state,
        reason=row.reason or "",
    )


def row_of_turn(turn: TurnRecord) -> TurnRow:
    return TurnRow(
        turn.citizen,
        turn.wamid,
        at=turn.at.isoformat(),
        replies=list(turn.replies),
        events=list(turn.events),
        state=turn.state,
        reason=turn.reason or None,
        expires_at=turn.at + KEEP_TURNS,
    )
