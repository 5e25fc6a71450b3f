"""Campaigns, their planning and their deliveries as rows, and back. What is empty has no attribute."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from canal.adapters.moments import moment, text
from canal.adapters.notice_models import CampaignRow, DeliveryRow, PlanRow
from canal.broadcasts.campaign import Campaign, Estimate, Event, Kind, Progress, What, Words
from canal.broadcasts.delivery import OPEN, Delivery
from canal.broadcasts.delivery import State as Stage
from canal.broadcasts.outside import Health, Limits
from canal.broadcasts.states import State
from canal.broadcasts.subscription import shard_of

CAMPAIGN = "campaign"
ACTIVE_ONES = "active"  # the one key of the index
KEEP_DELIVERIES = timedelta(days=180)  # they say of a citizen what was sent to them

# --- campaigns --------------------------------------------------------------------------------------


def row_of_campaign(campaign: Campaign) -> CampaignRow:
    """The row to save, with the version that it then has: one more than the campaign's."""
    body = plain(campaign)
    return CampaignRow(
        CAMPAIGN,
        campaign.id,
        active=ACTIVE_ONES if campaign.tended else None,
        body={name: body[name] for name in body if name not in ("id", "version")},
        version=campaign.version + 1,
    )


def campaign_of(row: CampaignRow) -> Campaign:
    body = row.body
    texts = {"topic": "", "template": "", "created_by": ""}  # what was empty was not stored
    read = {
        "kind": Kind(body["kind"]),
        "state": State(body["state"]),
        "words": {language: words_of(stored) for language, stored in body.get("words", {}).items()},
        "history": tuple(event_of(stored) for stored in body.get("history", ())),
        "estimate": estimate_of(body["estimate"]) if "estimate" in body else None,
        "zones": tuple(body.get("zones", ())),
        "items": tuple(body.get("items", ())),
        **{name: moment(body.get(name)) for name in ("created_at", "not_before", "until", "approved_at")},
    }
    return Campaign(**{**texts, **known(body, Campaign), **read, "id": row.name, "version": int(row.version)})


def words_of(stored: Mapping[str, Any]) -> Words:
    return Words(**{"headline": "", "text": "", **known(stored, Words)})


def event_of(stored: Mapping[str, Any]) -> Event:
    read = {"at": datetime.fromisoformat(stored["at"]), "what": What(stored["what"])}
    return Event(**{"who": "", **known(stored, Event), **read})


def estimate_of(stored: Mapping[str, Any]) -> Estimate:
    nothing: dict[str, Any] = {"by_language": {}, "by_zone": {}, "tier": None, "cost": None}
    read = {
        "at": datetime.fromisoformat(stored["at"]),
        **{name: tuple((key, values) for key, values in stored.get(name, ())) for name in ("problems", "warnings")},
    }
    return Estimate(**{**nothing, **known(stored, Estimate), **read})


# --- planning ---------------------------------------------------------------------------------------


def plan_part(campaign: str) -> str:
    return f"plan#{campaign}"


def row_of_progress(campaign: str, progress: Progress) -> PlanRow:
    return PlanRow(
        plan_part(campaign),
        str(progress.shard),
        cursor=progress.cursor,
        done=progress.done,
        planned=progress.planned,
        left=progress.left,
        mark=progress.mark or None,
    )


def progress_of(row: PlanRow) -> Progress:
    return Progress(int(row.name), row.cursor, row.done, int(row.planned), int(row.left), row.mark or "")


# --- deliveries -------------------------------------------------------------------------------------


def delivery_part(campaign: str, shard: int) -> str:
    return f"{campaign}#{shard}"


def row_of_delivery(delivery: Delivery) -> DeliveryRow:
    part = delivery_part(delivery.campaign, shard_of(delivery.citizen))
    return DeliveryRow(
        part,
        delivery.citizen,
        language=delivery.language or None,
        mode=delivery.mode or None,
        at=text(delivery.at),
        state=str(delivery.state),
        release_at=text(delivery.release_at),
        look_at=text(delivery.look_at),
        look=part if is_watched(delivery.state, delivery.look_at) else None,
        tries=delivery.tries or None,
        wamid=delivery.wamid or None,
        code=delivery.code,
        reason=delivery.reason or None,
        category=delivery.category or None,
        sent_at=text(delivery.sent_at),
        delivered_at=text(delivery.delivered_at),
        read_at=text(delivery.read_at),
        expires_at=delivery.at + KEEP_DELIVERIES,
    )


def is_watched(state: Stage, look_at: datetime | None) -> bool:
    """Whether the index of what must be looked at holds it."""
    return state in OPEN and look_at is not None


def delivery_of(row: DeliveryRow) -> Delivery:
    return Delivery(
        campaign=row.part.rpartition("#")[0],
        citizen=row.citizen,
        language=row.language or "",
        mode=row.mode or "",
        at=datetime.fromisoformat(row.at),
        state=Stage(row.state),
        release_at=moment(row.release_at),
        look_at=moment(row.look_at),
        tries=int(row.tries or 0),
        wamid=row.wamid or "",
        code=whole(row.code),
        reason=row.reason or "",
        category=row.category or "",
        sent_at=moment(row.sent_at),
        delivered_at=moment(row.delivered_at),
        read_at=moment(row.read_at),
    )


def whole(number: float | None) -> int | None:
    """DynamoDB knows one kind of number."""
    return None if number is None else int(number)


# --- the account ------------------------------------------------------------------------------------


def health_of(stored: Mapping[str, Any]) -> Health:
    texts = {"name": "", "language": "", "status": ""}
    return Health(**{**texts, **known(stored, Health), "at": moment(stored.get("at"))})


def limits_of(stored: Mapping[str, Any]) -> Limits:
    return Limits(**{"tier": None, **known(stored, Limits), "at": moment(stored.get("at"))})


# --- values as JSON ---------------------------------------------------------------------------------


def plain(value: Any) -> Any:
    """A value as JSON holds it: moments as texts, and of dataclasses what is not empty. Zero and False stay."""
    match value:
        case datetime():
            return text(value)
        case Enum():
            return value.value
        case Mapping():
            return {str(key): plain(each) for key, each in value.items()}
        case tuple() | list() | frozenset():
            return [plain(each) for each in value]
        case _ if is_dataclass(value):
            held = ((field.name, getattr(value, field.name)) for field in fields(value))
            return {name: plain(each) for name, each in held if not is_empty(each)}
        case _:
            return value


def is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, str | tuple | Mapping) and not value)


def known(stored: Mapping[str, Any], kind: type) -> dict[str, Any]:
    """What is stored under names of today: a row of another release may hold more."""
    names: Iterable[str] = kind.__slots__  # type: ignore[attr-defined]  # all of them are dataclasses with slots
    return {name: stored[name] for name in names if name in stored}
