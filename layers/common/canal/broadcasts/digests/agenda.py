"""The weekly agenda: what is on in the next seven days, today being the first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from canal.broadcasts.campaign import Words
from canal.broadcasts.digests.digest import Digest, scenes, summary_of, text_of
from canal.broadcasts.message import one_line
from canal.dialogue.scene import Scene, shortened
from canal.dialogue.times import clock, long_day, plain_day
from canal.dialogue.town import Town
from canal.subjects.agenda import Event
from canal.subjects.notices import Topic

DAYS = 7
GOOD_FOR = timedelta(days=3)  # who is reached later than that has missed half of it
MOST_TITLE = 120  # UTF-16 units


class NotLoaded(Exception):
    """The agenda of these days is not in the content: that is not the same as nothing being on."""


def agenda(town: Town, topic: Topic, now: datetime) -> Digest | None:
    """The digest of the seven days from ``now``, on the town's clock; None where nothing is on. Raises NotLoaded."""
    last = now.date() + timedelta(days=DAYS - 1)
    if not (town.agenda.knows(now.date()) and town.agenda.knows(last)):
        raise NotLoaded(f"the agenda is loaded from {town.agenda.since} to {town.agenda.until}")
    events = town.agenda.next_days(now, DAYS)
    on = [event for event in events if not event.cancelled]
    if not on:
        return None
    chosen = highlights(on, town.notices.digest_highlights)
    demo = any(event.origin.demo for event in events)
    year, week, _ = now.isocalendar()
    return Digest(
        name=f"agenda-w{week:02}",
        topic=topic,
        words={language: _words(scene, events, on, chosen, last, demo) for language, scene in scenes(town, now)},
        items=(f"agenda:{year}-w{week:02}",),
        until=now + GOOD_FOR,
        demo=demo,
    )


def highlights(events: Sequence[Event], most: int) -> list[Event]:
    """At most ``most``, the first of each kind before a second of any, in the order in which they are on."""
    firsts = {event.kind: event for event in reversed(events)}.values()
    wanted = sorted(events, key=lambda event: (event not in firsts, not event.lasts_hours, event.starts))[:most]
    return sorted(wanted, key=lambda event: event.starts)


def _words(
    scene: Scene, events: Sequence[Event], on: Sequence[Event], chosen: Sequence[Event], last: date, demo: bool
) -> Words:
    days = {"first": plain_day(scene, scene.now.date()), "last": plain_day(scene, last)}
    count = scene.text("digests.agenda.one") if len(on) == 1 else scene.text("digests.agenda.many", number=len(on))
    told = [_highlight(scene, event) for event in chosen]
    return Words(
        headline=scene.text("digests.agenda.headline", **days),
        text=text_of(scene, _by_day(scene, events)),
        summary=summary_of(scene, told, len(on), count, demo=demo),
    )


def _by_day(scene: Scene, events: Sequence[Event]) -> list[tuple[str, list[str]]]:
    """Each day with what begins on it; what runs for days, or had begun before, comes after."""
    days: dict[date | None, list[str]] = {}
    for event in events:
        days.setdefault(_day_of(scene, event), []).append(_line(scene, event))
    dated = sorted(day for day in days if day)
    blocks = [(f"*{_capital(long_day(scene, day))}*", days[day]) for day in dated]
    return [*blocks, (scene.text("digests.agenda.all_week"), days[None])] if None in days else blocks


def _day_of(scene: Scene, event: Event) -> date | None:
    """The day under which an event stands; None for what is on for days."""
    if not event.lasts_hours:
        return None
    return max(scene.town.local(event.starts).date(), scene.now.date())


def _line(scene: Scene, event: Event) -> str:
    """ "• 20:00 Cicle de cine · Gran Teatre", and whether it is cancelled, moved, or on until some day."""
    what = _title(scene, event)
    if event.venue:
        what = scene.text("digests.agenda.place", what=what, place=_short(scene.pick(event.venue.name)))
    if not event.lasts_hours:
        what = scene.text("digests.agenda.until", what=what, day=long_day(scene, event.last_day))
    elif not event.all_day:
        what = f"{clock(scene, event.starts)} {what}"
    if event.moved_from and not event.cancelled:
        what = scene.text("digests.agenda.moved", what=what)
    return f"• {scene.text('digests.agenda.cancelled', what=what) if event.cancelled else what}"


def _highlight(scene: Scene, event: Event) -> str:
    """ "dijous 26 de novembre, 20:00, Cicle de cine"; what is on for days says until when."""
    if not event.lasts_hours:
        return scene.text("digests.agenda.until", what=_title(scene, event), day=long_day(scene, event.last_day))
    hour = "" if event.all_day else clock(scene, event.starts)
    when = long_day(scene, max(scene.town.local(event.starts).date(), scene.now.date()))
    return ", ".join(filter(None, [when, hour, _title(scene, event)]))


def _title(scene: Scene, event: Event) -> str:
    return _short(scene.pick(event.title))


def _short(words: str) -> str:
    """On one line; stars would end the bold of a heading."""
    return shortened(one_line(words.replace("*", "")), MOST_TITLE)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
