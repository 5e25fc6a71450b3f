"""Fakes for the ports of ``broadcasts/outside.py``, in memory and with DynamoDB's answers; and notices to test with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from canal.broadcasts.campaign import Campaign, Kind, Progress, Words
from canal.broadcasts.delivery import OPEN, Delivery, State, Step, follows, taken
from canal.broadcasts.outside import SILENCE, Chunk, Health, Limits, PlanJob, Seen
from canal.broadcasts.subscription import Consent, Subscriber, Subscription, shard_of
from canal.dialogue.citizen import Citizen
from canal.dialogue.messages import Language, Reply
from canal.errors import CanalError, LostRace

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # ten in the morning in Alzira

Tap = Callable[[str], None]  # called before and after each call, and may raise: "before plan", "after plan"


def a_subscription(topic: str = "alerts", **changes: Any) -> Subscription:
    return replace(Subscription(topic, MONDAY, "wamid.yes", "Vull rebre avisos."), **changes)


def a_subscriber(key: str, topic: str = "alerts", **changes: Any) -> Citizen:
    """A citizen who asked for ``topic`` and wrote a week ago, so that only a template reaches them."""
    zones: tuple[str, ...] = changes.pop("zones", ())
    known = {"language": "ca", "phone": key if key.isdigit() else None, "since": MONDAY}
    return replace(
        Citizen(key=key, subscriptions={topic: a_subscription(topic, zones=zones)}, version=1), **{**known, **changes}
    )


def a_campaign(**changes: Any) -> Campaign:
    words: dict[Language, Words] = {
        "ca": Words("Pluja forta", "Eviteu els barrancs fins a les 20 h."),
        "es": Words("Lluvia fuerte", "Eviten los barrancos hasta las 20 h."),
    }
    return replace(
        Campaign("20261123-prova", Kind.ALERT, "alerts", words, "town_alert", MONDAY, "comunicacio@canal.test"),
        **changes,
    )


class Board:
    """The stores of notices together: what planning, sending, tending, the API and collecting work on."""

    def __init__(self, *citizens: Citizen) -> None:
        self.citizens = {citizen.key: citizen for citizen in citizens}
        self.moved: dict[str, str] = {}
        self.campaigns: dict[str, Campaign] = {}
        self.items: set[tuple[str, str]] = set()
        self.plans: dict[tuple[str, int], Progress] = {}
        self.rows: dict[tuple[str, str], Delivery] = {}
        self.consent: list[Consent] = []
        self.tap: Tap = lambda call: None


class FakeSubscribers:
    def __init__(self, board: Board) -> None:
        self._board = board

    def page(self, topic: str, shard: int, after: str = "", limit: int = 500) -> tuple[Subscriber, ...]:
        self._board.tap("before page")
        found = [
            Subscriber(each.key, each.subscriptions[topic].zones, each.subscriptions[topic].frequency)
            for each in sorted(self._board.citizens.values(), key=lambda each: each.key)
            if topic in each.subscriptions and shard_of(each.key) == shard and each.key > after
        ]
        return tuple(found[:limit])

    def consents(self, citizen: str) -> tuple[Consent, ...]:
        mine = [each for each in self._board.consent if each.citizen == citizen]
        return tuple(sorted(mine, key=lambda each: each.given_at, reverse=True))


class FakePeople:
    def __init__(self, board: Board) -> None:
        self._board = board

    def load_many(self, keys: Sequence[str]) -> dict[str, Citizen]:
        self._board.tap("before load_many")
        by_key = {key: self._board.citizens.get(self._board.moved.get(key, key)) for key in keys}
        return {key: citizen for key, citizen in by_key.items() if citizen}

    def known_by(self, phone: str) -> str | None:
        self._board.tap("before known_by")
        owners = [each for each in self._board.citizens.values() if each.phone == phone]
        wrote = [(str(each.last_inbound_at or ""), each.key) for each in owners]
        return max(wrote)[1] if wrote else None

    def stop_marketing(self, key: str) -> bool:
        return self._changed(key, wants_marketing=False)

    def told(self, key: str, at: datetime) -> None:
        self._board.tap("before told")
        if key in self._board.citizens:
            self._board.citizens[key] = replace(self._board.citizens[key], told_at=at)

    def rest(self, key: str, until: datetime) -> bool:
        known = self.load_many([key]).get(key)
        stands = known.rest_until if known else None
        return self._changed(key, rest_until=max(until, stands) if stands else until)

    def _changed(self, key: str, **changes: Any) -> bool:
        known = self.load_many([key]).get(key)
        if known is None:
            return False
        self._board.citizens[known.key] = replace(known, **changes)
        return True


class FakeCampaigns:
    def __init__(self, board: Board) -> None:
        self._board = board

    def load(self, campaign: str) -> Campaign | None:
        self._board.tap("before load campaign")
        return self._board.campaigns.get(campaign)

    def save(self, campaign: Campaign, told: Sequence[str] = ()) -> Campaign:
        self._board.tap("before save campaign")
        stored = self._board.campaigns.get(campaign.id)
        items = {(campaign.topic, item) for item in told}
        if (stored.version if stored else 0) != campaign.version or items & self._board.items:
            raise LostRace("the campaign changed")
        saved = replace(campaign, version=campaign.version + 1)
        self._board.campaigns[campaign.id] = saved
        self._board.items |= items
        self._board.tap("after save campaign")
        return saved

    def told(self, topic: str, items: Sequence[str]) -> frozenset[str]:
        return frozenset(item for item in items if (topic, item) in self._board.items)

    def active(self) -> tuple[Campaign, ...]:
        found = sorted(self._board.campaigns.items())
        return tuple(campaign for _, campaign in found if campaign.tended)

    def page(self, before: str = "", limit: int = 50) -> tuple[Campaign, ...]:
        found = sorted(self._board.campaigns.items(), reverse=True)
        return tuple(campaign for name, campaign in found if not before or name < before)[:limit]

    def progress(self, campaign: str) -> tuple[Progress, ...]:
        return tuple(plan for (name, _), plan in sorted(self._board.plans.items()) if name == campaign)

    def save_progress(self, campaign: str, before: Progress | None, after: Progress) -> None:
        self._board.tap("before save progress")
        if self._board.plans.get((campaign, after.shard)) != before:
            raise LostRace("somebody else plans this shard")
        self._board.plans[campaign, after.shard] = after
        self._board.tap("after save progress")


class FakeDeliveries:
    def __init__(self, board: Board) -> None:
        self._board = board

    def plan(self, deliveries: Sequence[Delivery]) -> None:
        self._board.tap("before plan")
        for delivery in deliveries:
            self._board.rows.setdefault((delivery.campaign, delivery.citizen), delivery)
        self._board.tap("after plan")

    def load(self, campaign: str, citizens: Sequence[str]) -> dict[str, Delivery]:
        self._board.tap("before load deliveries")
        found = {citizen: self._board.rows.get((campaign, citizen)) for citizen in citizens}
        return {citizen: delivery for citizen, delivery in found.items() if delivery}

    def take(self, campaign: str, citizen: str, step: Step) -> bool:
        self._board.tap(f"before take {step.state}")
        delivery = self._board.rows.get((campaign, citizen))
        if delivery is None or not follows(step, delivery):
            return False
        self._board.rows[campaign, citizen] = taken(delivery, step)
        self._board.tap(f"after take {step.state}")
        return True

    def waiting(self, campaign: str, shard: int, until: datetime | None, limit: int) -> tuple[Delivery, ...]:
        found = [
            row
            for (name, citizen), row in self._board.rows.items()
            if name == campaign and shard_of(citizen) == shard and row.state in OPEN and row.look_at
        ]
        due = [row for row in found if until is None or (row.look_at and row.look_at <= until)]
        return tuple(sorted(due, key=lambda row: (str(row.look_at), row.citizen))[:limit])

    def page(
        self, campaign: str, after: str = "", limit: int = 200, states: frozenset[State] = frozenset()
    ) -> tuple[tuple[Delivery, ...], str]:
        rows = sorted((row for (name, _), row in self._board.rows.items() if name == campaign), key=lambda r: r.citizen)
        rest = [row for row in rows if row.citizen > after and (not states or row.state in states)]
        return tuple(rest[:limit]), (rest[limit - 1].citizen if len(rest) > limit else "")

    def counts(self, campaign: str) -> Mapping[State, int]:
        self._board.tap("before count")
        return Counter(row.state for (name, _), row in self._board.rows.items() if name == campaign)


class FakeQueues:
    """What was queued; ``error`` is raised instead."""

    def __init__(self, board: Board | None = None) -> None:
        self._board = board or Board()
        self.jobs: list[tuple[str, PlanJob]] = []
        self.chunks: list[tuple[str, Chunk]] = []
        self.error: CanalError | None = None

    def plan(self, lane: str, jobs: Sequence[PlanJob]) -> None:
        self._refuse()
        self._board.tap("before queue jobs")
        self.jobs += [(lane, job) for job in jobs]
        self._board.tap("after queue jobs")

    def send(self, lane: str, chunks: Sequence[Chunk]) -> None:
        self._refuse()
        self._board.tap("before queue chunks")
        self.chunks += [(lane, chunk) for chunk in chunks]
        self._board.tap("after queue chunks")

    def _refuse(self) -> None:
        if self.error:
            raise self.error


class FakeLane:
    def __init__(self) -> None:
        self.announced: tuple[datetime, datetime] | None = None

    def announce(self, since: datetime, until: datetime) -> None:
        if self.announced and self.announced[1] > since:
            since, until = min(since, self.announced[0]), max(until, self.announced[1])
        self.announced = (since, until)

    def alert(self) -> tuple[datetime, datetime] | None:
        return self.announced


class FakeAllowance:
    """Room for everybody at once, or ``slots`` in their order. ``spent``: what was reserved before."""

    def __init__(self, *slots: tuple[datetime | None, int], spent: int = 0) -> None:
        self._slots = list(slots)
        self.spent = spent

    def reserve(self, now: datetime, wanted: int, *, alert: bool) -> tuple[tuple[datetime | None, int], ...]:
        found: list[tuple[datetime | None, int]] = []
        while wanted and self._slots:
            when, room = self._slots.pop(0)
            found.append((when, min(room, wanted)))
            if room > wanted:
                self._slots.insert(0, (when, room - wanted))
            wanted -= min(room, wanted)
        return (*found, (None, wanted)) if wanted else tuple(found)

    def used(self, now: datetime) -> int:
        return self.spent


class FakeAccount:
    def __init__(self, *templates: Health, limits: Limits | None = None) -> None:
        self.health = {(each.name, each.language): each for each in templates}
        self.told = limits or Limits()
        self.told_of: Seen | None = None

    def limits(self) -> Limits:
        return self.told

    def save_limits(self, limits: Limits) -> None:
        if not older(limits.at, self.told.at):
            self.told = limits

    def templates(self) -> tuple[Health, ...]:
        return tuple(self.health.values())

    def save_template(self, health: Health) -> None:
        old = self.health.get((health.name, health.language))
        if old is None or not older(health.at, old.at):
            told = {name: value for name in Health.__slots__ if (value := getattr(health, name))}
            self.health[health.name, health.language] = replace(old or health, **told)

    def statuses_seen(self) -> Seen | None:
        return self.told_of

    def see_statuses(self, at: datetime) -> None:
        known = self.told_of
        if known is None or at - known.until > SILENCE:
            self.told_of = Seen(at, at)
        else:
            self.told_of = replace(known, until=max(known.until, at))


def older(told: datetime | None, stored: datetime | None) -> bool:
    return told is not None and stored is not None and told < stored


class FakeChannel:
    """WhatsApp, as a list: (citizen, "text" or the template's name, language or "", reference). ``failing`` raises."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, str, str]] = []
        self.replies: list[Reply] = []
        self.values: list[Mapping[str, str]] = []
        self.failing: Callable[[str], CanalError | None] = lambda citizen: None

    def write(self, reply: Reply, to: Citizen, reference: str) -> str:
        self.replies.append(reply)
        return self._send(to, "text", "", reference)

    def fill_in(
        self,
        name: str,
        language: Language,
        values: Mapping[str, str],
        payloads: Sequence[str],
        to: Citizen,
        reference: str,
    ) -> str:
        self.values.append(values)
        return self._send(to, name, language, reference)

    def _send(self, to: Citizen, how: str, language: str, reference: str) -> str:
        if error := self.failing(to.key):
            raise error
        self.sent.append((to.key, how, language, reference))
        return f"wamid.{len(self.sent)}"
