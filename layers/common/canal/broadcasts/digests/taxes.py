"""Tax reminders: a period opens, is about to close, or a receipt will be debited. Each date is told once."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from canal.broadcasts.campaign import Words
from canal.broadcasts.digests.digest import MOST_HEADLINE, Digest, scenes, summary_of, text_of
from canal.dialogue.report.parts import units
from canal.dialogue.scene import Scene
from canal.dialogue.times import long_day
from canal.dialogue.town import Town
from canal.subjects.notices import Topic
from canal.subjects.taxes import Debit, Period

# How many days before, and for how long after: a day on which nothing ran must not lose a reminder for good.
OPENS_IN, OPENED_FOR = 1, 5
CLOSES_IN = 7
DEBIT_IN = 4
WHOLE = 100  # percent


@dataclass(frozen=True, slots=True)
class Reminder:
    """One date of one period. ``kind`` is "opens", "closes" or "debit"; from ``over`` on it is of no use."""

    kind: str
    period: Period
    over: date
    debit: Debit | None = None

    @property
    def item(self) -> str:
        """What is noted as told."""
        name = f"{self.kind}:{self.debit.on}" if self.debit else self.kind
        return f"tax:{self.period.id}:{name}"


def due(town: Town, now: datetime) -> tuple[Reminder, ...]:
    """What is to be reminded of today, the most pressing first; some may have been told."""
    found = [each for period in town.taxes.periods for each in _of(period, now.date())]
    return tuple(sorted(found, key=lambda each: each.over))


def _of(period: Period, today: date) -> Iterator[Reminder]:
    days_left, opened = period.days_left(today), (today - period.opens).days
    if -OPENS_IN <= opened <= OPENED_FOR and days_left > CLOSES_IN:  # nearer its end the other reminder says it
        yield Reminder("opens", period, period.closes)
    if opened >= 0 and 0 <= days_left <= CLOSES_IN:
        yield Reminder("closes", period, period.closes + timedelta(days=1))
    for debit in period.debits:
        if 0 < (debit.on - today).days <= DEBIT_IN:
            yield Reminder("debit", period, debit.on, debit)


def taxes(town: Town, topic: Topic, now: datetime, wanted: Sequence[Reminder], told: Collection[str]) -> Digest | None:
    """The reminder of those of ``wanted`` that were not ``told``; None where there is none."""
    found = [each for each in wanted if each.item not in told]
    if not found:
        return None
    demo = any(each.period.origin.demo for each in found)
    return Digest(
        name="taxes",
        topic=topic,
        words={language: _words(scene, found, demo) for language, scene in scenes(town, now)},
        items=tuple(each.item for each in found),
        until=datetime.combine(min(each.over for each in found), time(), town.zone),
        demo=demo,
    )


def _words(scene: Scene, found: Sequence[Reminder], demo: bool) -> Words:
    lines = [_line(scene, each) for each in found]
    instead = scene.text("digests.taxes.several")
    return Words(
        headline=_headline(scene, found),
        text=text_of(scene, [("", [f"• {line}" for line in lines])]),
        summary=summary_of(scene, [line.rstrip(".") for line in lines], len(lines), instead, demo=demo),
    )


def _headline(scene: Scene, found: Sequence[Reminder]) -> str:
    """What a single one is about, if that fits; else that there are dates."""
    if len(found) == 1:
        headline = scene.text(f"digests.taxes.{found[0].kind}_headline", taxes=_names(scene, found[0].period))
        if units(headline) <= MOST_HEADLINE:
            return headline
    return scene.text("digests.taxes.several")


def _line(scene: Scene, reminder: Reminder) -> str:
    names, period, debit = _names(scene, reminder.period), reminder.period, reminder.debit
    if debit:
        key = "digests.taxes.debit" if debit.percent >= WHOLE else "digests.taxes.part_debit"
        values = {} if debit.percent >= WHOLE else {"percent": debit.percent}
        return scene.text(key, taxes=names, on=long_day(scene, debit.on), **values)
    closes = long_day(scene, period.closes)
    if reminder.kind == "opens":
        return scene.text("digests.taxes.opens", taxes=names, opens=long_day(scene, period.opens), closes=closes)
    return scene.text("digests.taxes.closes", taxes=names, closes=closes)


def _names(scene: Scene, period: Period) -> str:
    return ", ".join(scene.pick(each.name) for each in scene.town.taxes.of(period))
