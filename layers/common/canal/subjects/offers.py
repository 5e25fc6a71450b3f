"""Ofertes de treball: what is open today, newest first, in pages. Ended offers are gone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from canal.subjects.finding import Finder
from canal.subjects.origin import Both, Origin

SHOWN_WITHOUT_DEADLINE = timedelta(days=30)  # after publication, since nobody takes old news down


@dataclass(frozen=True, slots=True)
class Offer:
    """``closes`` is the last day to apply, None where the offer does not say; ``id`` has no colon."""

    id: str
    title: Both
    company: Both
    place: Both
    about: Both
    published: date
    closes: date | None
    url: str
    origin: Origin

    @classmethod
    def from_content(cls, record: Mapping[str, Any]) -> Offer:
        return cls(
            id=record["id"],
            title=record["title"],
            company=record.get("company", {}),
            place=record.get("place", {}),
            about=record.get("about", {}),
            published=date.fromisoformat(record["published"]),
            closes=date.fromisoformat(record["closes"]) if "closes" in record else None,
            url=record.get("url", ""),
            origin=Origin.from_content(record),
        )

    def is_open(self, today: date) -> bool:
        """From the day it is published to the last day to apply, both included."""
        return self.published <= today <= (self.closes or self.published + SHOWN_WITHOUT_DEADLINE)


@dataclass(frozen=True, slots=True)
class OfferPage:
    """One page of the open offers; ``number`` counts from 1 to ``pages`` (1 even where there are none)."""

    offers: tuple[Offer, ...]
    number: int
    pages: int
    total: int


@dataclass(frozen=True, slots=True)
class Link:
    """A web page to go on: the job portal, the agency."""

    id: str
    name: Both
    url: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class Offers:
    """The job offers of one town."""

    offers: tuple[Offer, ...]  # newest first
    links: tuple[Link, ...]

    @classmethod
    def from_content(cls, data: Mapping[str, Any]) -> Offers:
        """From the compiled ``offers`` section."""
        offers = map(Offer.from_content, data["offers"])
        links = (Link(each["id"], each["name"], each["url"], Origin.from_content(each)) for each in data["links"])
        newest_first = sorted(offers, key=lambda offer: offer.published, reverse=True)  # the file's order in a draw
        return cls(tuple(newest_first), tuple(links))

    def open(self, now: datetime) -> tuple[Offer, ...]:
        """The offers that one can apply for today, newest first."""
        return tuple(offer for offer in self.offers if offer.is_open(now.date()))

    def page(self, now: datetime, number: int = 1, size: int = 5) -> OfferPage:
        """A page of the open offers; a number beyond the ends gives the nearest page."""
        return paged(self.open(now), number, size)

    def get(self, identifier: str, now: datetime) -> Offer | None:
        """The offer if it is still open: an old list in a chat must not revive an ended one."""
        return next((offer for offer in self.open(now) if offer.id == identifier), None)

    def find(self, text: str, now: datetime, limit: int = 5) -> tuple[Offer, ...]:
        """The open offers whose title or company holds a typed word ("cambrer", "electricista")."""
        finder = Finder.of((offer, _title_words(offer)) for offer in self.open(now))
        return tuple(found.thing for found in finder.find(text, limit))


def paged(offers: tuple[Offer, ...], number: int, size: int) -> OfferPage:
    pages = max(1, -(-len(offers) // size))
    number = min(max(number, 1), pages)
    return OfferPage(offers[(number - 1) * size : number * size], number, pages, len(offers))


def _title_words(offer: Offer) -> tuple[str, ...]:
    """Each word of the title and the company by itself, as one would type it."""
    texts = (*offer.title.values(), *offer.company.values())
    return tuple(word for text in texts for word in text.replace("/", " ").split() if len(word) > 3)
