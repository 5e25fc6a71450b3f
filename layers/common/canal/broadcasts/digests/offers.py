"""New job offers: each of them as it comes, or once a week together."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from canal.broadcasts.campaign import Words
from canal.broadcasts.digests.digest import Digest, scenes, summary_of, text_of
from canal.broadcasts.message import one_line
from canal.broadcasts.subscription import WEEKLY
from canal.dialogue.scene import Scene, shortened
from canal.dialogue.times import full_day, plain_day
from canal.dialogue.town import Town
from canal.subjects.notices import Topic
from canal.subjects.offers import Offer

NEW_FOR = timedelta(days=14)  # after publication; in a town that has just begun the older ones are no news
GOOD_FOR = timedelta(days=3)
MOST_TITLE, MOST_WHERE = 120, 80  # UTF-16 units
HIGHLIGHTS = 5
AT_ONCE = 50  # one transaction notes them as told; what is beyond comes the next time


def new(town: Town, now: datetime) -> tuple[Offer, ...]:
    """The open offers that are still news, the newest first; some may have been told."""
    return tuple(each for each in town.offers.open(now) if now.date() - each.published <= NEW_FOR)


def item(offer: Offer, frequency: str) -> str:
    """What is noted as told. Who gets them once a week is told apart from who gets each: both are told of all."""
    return f"offer:{offer.id}:{WEEKLY}" if frequency == WEEKLY else f"offer:{offer.id}"


def offers(
    town: Town, topic: Topic, now: datetime, frequency: str, wanted: Sequence[Offer], told: Collection[str]
) -> Digest | None:
    """Those of ``wanted`` that were not ``told``; None where there is none. No ``frequency``: for everybody."""
    found = [each for each in wanted if item(each, frequency) not in told][:AT_ONCE]
    if not found:
        return None
    demo = any(each.origin.demo for each in found)
    return Digest(
        name="offers-weekly" if frequency == WEEKLY else "offers",
        topic=topic,
        words={language: _words(scene, found, demo) for language, scene in scenes(town, now)},
        items=tuple(item(each, frequency) for each in found),
        until=now + GOOD_FOR,
        frequency=frequency,
        demo=demo,
    )


def _words(scene: Scene, found: Sequence[Offer], demo: bool) -> Words:
    number = len(found)
    headline = scene.text("digests.offers.one") if number == 1 else scene.text("digests.offers.many", number=number)
    told = [_plain(scene, each) for each in found[:HIGHLIGHTS]]
    return Words(
        headline=headline,
        text=text_of(scene, [("", [_line(scene, each) for each in found])]),
        summary=summary_of(scene, told, number, headline, demo=demo),
    )


def _line(scene: Scene, offer: Offer) -> str:
    """ "• *Electricista* · Empresa · Alzira (fins al dia 16 de desembre)"."""
    line = " · ".join(filter(None, [f"*{_title(scene, offer)}*", _where(scene, offer)]))
    if offer.closes:
        line = scene.text("digests.offers.closes", offer=line, day=_day(scene, offer.closes))
    return f"• {line}"


def _day(scene: Scene, when: date) -> str:
    return plain_day(scene, when) if when.year == scene.now.year else full_day(scene, when)


def _plain(scene: Scene, offer: Offer) -> str:
    where = _where(scene, offer)
    return f"{_title(scene, offer)} ({where})" if where else _title(scene, offer)


def _title(scene: Scene, offer: Offer) -> str:
    return shortened(one_line(scene.pick(offer.title).replace("*", "")), MOST_TITLE)


def _where(scene: Scene, offer: Offer) -> str:
    parts = [shortened(one_line(scene.pick(each)), MOST_WHERE) for each in (offer.company, offer.place)]
    return " · ".join(filter(None, parts))
