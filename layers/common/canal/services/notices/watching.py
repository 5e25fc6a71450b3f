"""Every few minutes: the CAP feeds that the town watches are read, and what concerns it becomes a draft."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from canal.broadcasts.campaign import Campaign
from canal.broadcasts.outside import Campaigns
from canal.cap.alert import Alert, BadAlert
from canal.cap.drafting import NotForUs
from canal.cap.feed import contents
from canal.cap.watched import BY_HAND, Feed
from canal.errors import Temporary
from canal.ports import Towns
from canal.services.notices.arriving import Arrivals, Became, Start
from canal.services.notices.sources import Sources

MOST_BY_HAND = 8_000_000  # bytes of an archive: somebody waits for it, and API Gateway no longer than 30 seconds
TIME = timedelta(seconds=30)  # for reading all feeds; one file more may take 20, and Lambda ends a run after 60


@dataclass(frozen=True, slots=True)
class Watched:
    """One run: how many alerts became what, and what was wrong, as (feed, sentence)."""

    became: Mapping[Became, int] = field(default_factory=dict)
    faults: tuple[tuple[str, str], ...] = ()


class Watching:
    """Reads all feeds once. A feed that fails is told, and the others go on."""

    def __init__(
        self, campaigns: Campaigns, towns: Towns, sources: Sources, start: Start, clock: Callable[[], datetime]
    ) -> None:
        self._campaigns = campaigns
        self._towns = towns
        self._sources = sources
        self._start = start
        self._clock = clock

    def run(self) -> Watched:
        """Raises Temporary when the town's content cannot be had."""
        town = self._towns.current()
        arrivals = Arrivals(self._campaigns, self._start, town, self._clock())
        self._sources.for_edition(town.version)
        became: Counter[Became] = Counter()
        faults: list[tuple[str, str]] = []
        for feed in arrivals.watch.feeds:
            gathered = self._sources.gather(feed, self._late(len(arrivals.watch.feeds)))
            missed = self._take_all(standing(gathered.alerts), feed, arrivals, became)
            faults += [(feed.name, fault) for fault in (*gathered.faults, *missed)]
            if not missed:  # else everything is looked at again: what was done is known by then
                for document in gathered.documents:
                    self._sources.remember(document)
        return Watched(became, tuple(faults))

    def _late(self, feeds: int) -> Callable[[], bool]:
        """Each feed has its share of the time, so that a slow one does not starve those behind it."""
        until = self._clock() + TIME / feeds
        return lambda: self._clock() > until

    def _take_all(self, alerts: list[Alert], feed: Feed, arrivals: Arrivals, became: Counter[Became]) -> list[str]:
        """What could not be kept, one sentence each."""
        missed: list[str] = []
        for alert in alerts:
            try:
                became[arrivals.take(alert, feed)[0]] += 1
            except NotForUs:
                became[Became.NOTHING] += 1
            except Temporary as fault:
                missed.append(f"an alert could not be kept ({fault})")
        return missed


def standing(alerts: list[Alert]) -> list[Alert]:
    """Without those that a later one of the same sender and kind replaces or withdraws in the same breath."""
    gone = {
        (reference.item, alert.status)
        for alert in alerts
        if alert.kind in ("Update", "Cancel")
        for reference in alert.references
        if reference.sender == alert.sender
    }
    return [alert for alert in alerts if (alert.reference.item, alert.status) not in gone]


@dataclass(frozen=True, slots=True)
class Brought:
    """What became of a file: its campaigns, and how much of it could not be read: alerts, or the end of an archive."""

    campaigns: tuple[Campaign, ...]
    unread: int = 0


def drafted(raw: bytes, campaigns: Campaigns, towns: Towns, now: datetime, who: str) -> Brought:
    """The drafts of a CAP file, or of several in a tar.gz, that a member of staff brings; known ones as they stand now.

    Nothing is ever sent by this. Raises BadAlert if it holds nothing for the town, saying why; Temporary.
    """
    found = contents(raw, "", MOST_BY_HAND)
    arrivals = Arrivals(campaigns, lambda campaign, moment: None, towns.current(), now)
    made: list[Campaign] = []
    reasons = [BadAlert(fault) for fault in found.faults]
    for alert in standing(sorted(found.alerts, key=lambda each: each.sent)):
        try:
            _, campaign = arrivals.take(alert, BY_HAND, who)
            made += [campaign] if campaign else []
        except NotForUs as why:
            reasons.append(why)
    if not made:
        raise together(reasons)
    return Brought(tuple(made), len(found.faults))


def together(reasons: list[BadAlert]) -> BadAlert:
    """Why nothing came of several alerts."""
    sentences, words = dict.fromkeys(map(str, reasons)), {each.why for each in reasons}
    sentence = "; ".join(sentences) or "it holds no alert that the town has something of"
    return BadAlert(sentence, words.pop() if len(words) == 1 else "nothing")
