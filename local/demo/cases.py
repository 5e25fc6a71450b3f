"""Demonstration cases: plausible, spread over the town and the last four months, always the same ones.

Pure: the town's content and the hour go in, cases come out. Each is marked (``Case.demo``, and its words say so in
both languages), belongs to no citizen, and has nothing left to do: no mail is sent and nobody is told anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

from canal.dialogue.messages import Language
from canal.dialogue.town import Town
from canal.incidents import changes, watch
from canal.incidents.case import Case, Kind, Position
from canal.incidents.deadlines import due
from canal.incidents.numbers import case_number
from canal.incidents.states import State

from local.demo import words
from local.demo.places import Place, places

DAYS = 120
STAFF = ("serveis@canal.test", "comunicacio@canal.test", "admin@canal.test")
KINDS = (Kind.INCIDENT,) * 16 + (Kind.COMPLAINT, Kind.SUGGESTION, Kind.QUESTION, Kind.PICKUP)


def demo_cases(town: Town, now: datetime, count: int = 300) -> Iterator[Case]:
    """``count`` cases, the oldest first. The same content and day give the same cases, the same numbers always."""
    dice = Random("canal")  # the same at every seeding
    spots = places(town, dice, count)
    ages = sorted((dice.random() ** 1.4 * DAYS for _ in range(count)), reverse=True)
    known: list[Case] = []
    for number, (age, place) in enumerate(zip(ages, spots, strict=True)):
        at = filing_hour(now - timedelta(days=age), town, dice, now)
        original = joinable(known, at, dice)
        case = again(original, number, at, dice) if original else story(town, number, at, place, dice, now)
        known.append(case)
        yield case


def filing_hour(day: datetime, town: Town, dice: Random, now: datetime) -> datetime:
    """Some hour of ``day`` when people are up, and never later than ``now``."""
    morning = town.local(day).replace(hour=7, minute=0, second=0, microsecond=0)
    moment = morning + timedelta(minutes=dice.triangular(0, 16 * 60, 4 * 60))
    return min(moment, now - timedelta(minutes=dice.uniform(1, 180))).astimezone(UTC)


def joinable(known: Sequence[Case], at: datetime, dice: Random) -> Case | None:
    """Now and then an open case of before, which somebody else reports too."""
    if dice.random() > 0.07:
        return None
    recent = [case for case in known[-40:] if case.open and case.kind == Kind.INCIDENT and case.created_at < at]
    return dice.choice(recent) if recent else None


def again(original: Case, number: int, at: datetime, dice: Random) -> Case:
    """A second report of ``original``, from a few steps away."""
    assert original.position is not None
    near = replace(
        original.position,
        latitude=original.position.latitude + dice.uniform(-2e-4, 2e-4),
        longitude=original.position.longitude + dice.uniform(-2e-4, 2e-4),
    )
    case = Case(
        id=number_of(number),
        kind=original.kind,
        citizen="",
        language=original.language,
        created_at=at,
        words=words.marked(words.SAME[language(original.language)]),
        category=original.category,
        position=near,
        address=original.address,
        demo=True,
    )
    return changes.joined(case, original)


def story(town: Town, number: int, at: datetime, place: Place, dice: Random, now: datetime) -> Case:
    """One case from its filing as far as it has come by ``now``."""
    kind = dice.choice(KINDS)
    spoken = language(dice.choice(("ca", "ca", "es")))
    categories = [each for each in town.incidents.categories if each.other_body is None]  # those are not the town's
    category = dice.choice(categories) if kind == Kind.INCIDENT else None
    identifier = category.id if category else ""
    case = Case(
        id=number_of(number),
        kind=kind,
        citizen="",
        language=spoken,
        created_at=at,
        words=words.report(kind, category, spoken, dice),
        category=identifier,
        position=Position(place.latitude, place.longitude) if kind in (Kind.INCIDENT, Kind.PICKUP) else None,
        address=place.address[spoken] if kind in (Kind.INCIDENT, Kind.PICKUP) else "",
        demo=True,
    )
    department = town.incidents.route(kind, identifier, place.zone)
    days = town.incidents.days(kind, identifier)
    until = due(at, days, town.holidays, town.zone).astimezone(UTC)
    routed = changes.routed(changes.filed(case), at + timedelta(seconds=20), department, place.zone, until, tell=False)
    return settled(reminded(treated(routed, days, dice, now), town, now))


def treated(case: Case, days: int, dice: Random, now: datetime) -> Case:
    """What staff have done about ``case`` by ``now``: quick with most, late with some, nothing yet with a few."""
    pace = timedelta(days=max(days, 1) * dice.choice((0.2, 0.4, 0.6, 0.8, 1.0, 1.3, 2.2)))
    who, spoken = dice.choice(STAFF), language(case.language)
    start, talk, end = (case.created_at + pace * share for share in (0.4, 0.6, 1.0))
    if start > now or dice.random() < 0.05:
        return case
    if dice.random() < 0.08:
        return moved(case, start, who, State.REJECTED, dice.choice(words.REJECTED[spoken]))
    case = moved(case, start, who, State.IN_PROGRESS)
    if talk > now:
        return case
    if dice.random() < 0.15:
        case = changes.noted(case, talk, who, dice.choice(words.NOTES[spoken]))
    if dice.random() < 0.06:
        return moved(case, talk, who, State.WAITING, dice.choice(words.QUESTIONS[spoken]))
    if end > now or dice.random() < 0.04:
        return case
    case = moved(case, end, who, State.RESOLVED, dice.choice(words.RESOLVED[spoken]))
    return afterwards(case, end, dice, now)


def afterwards(case: Case, end: datetime, dice: Random, now: datetime) -> Case:
    """What the citizen says of a solved case: nothing, a rating, or that it is not solved."""
    later = end + timedelta(hours=dice.uniform(1, 60))
    if later > now:
        return case
    chance = dice.random()
    if chance < 0.05:
        remark = words.marked(words.NOT_FIXED[language(case.language)])
        return changes.reopened(case, later, changes.CITIZEN, remark, later + timedelta(days=7))
    return changes.rated(case, later, dice.choice((1, 2, 3, 4, 4, 4, 5, 5, 5, 5))) if chance < 0.45 else case


def reminded(case: Case, town: Town, now: datetime) -> Case:
    """Escalated as often as ``route`` would have, so that the first sweep does not mail about all that is overdue."""
    while (late := watch.deadline(case)) and late <= now:
        at = max(late, case.history[-1].at)
        again_at = due(at, town.incidents.escalate_after_days, town.holidays, town.zone).astimezone(UTC)
        case = changes.escalated(case, at, again_at)
    return case


def moved(case: Case, at: datetime, who: str, state: State, say: str = "") -> Case:
    """A move by staff, and that the citizen was told of it."""
    after = changes.moved(case, at, who, state, say)
    return changes.told(after, after.history[-1].id, {case.id: "sent"}, done=True)


def settled(case: Case) -> Case:
    """With its department told, so that nothing is left to do for it."""
    return replace(case, mailed_to=watch.mail_mark(case)) if case.open else case


def number_of(number: int) -> str:
    return case_number(f"demonstration-{number}")


def language(code: str) -> Language:
    return "es" if code == "es" else "ca"
