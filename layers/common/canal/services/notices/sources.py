"""What the watched feeds hold: fetched, followed one link deep, and read. Whatever is wrong with one is told, and the
others go on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from canal.broadcasts.outside import Web
from canal.cap.alert import Alert
from canal.cap.feed import Contents, contents
from canal.cap.watched import Feed
from canal.errors import CanalError

MOST_LINKS = 60  # of one index; AEMET lists what is in force in one province, which is a few
MOST_TAGS = 1_000


@dataclass(frozen=True, slots=True)
class Document:
    """One file with its alerts. ``whole``: nothing of it is missing that a later try could bring."""

    url: str
    tag: str
    alerts: tuple[Alert, ...]
    whole: bool = True


@dataclass(slots=True)
class Gathered:
    documents: list[Document] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    @property
    def alerts(self) -> list[Alert]:
        """Each once, in the order in which they were sent."""
        found = {alert.reference.item: alert for document in self.documents for alert in document.alerts}
        return sorted(found.values(), key=lambda alert: alert.sent)


class Sources:
    """Reads feeds, and remembers which edition of each file it has dealt with as long as the function stays warm."""

    def __init__(self, web: Web) -> None:
        self._web = web
        self._tags: dict[str, str] = {}
        self._version = ""

    def for_edition(self, version: str) -> None:
        """With other content of the town, what was passed over may matter: everything is read again."""
        if version != self._version:
            self._tags.clear()
            self._version = version

    def gather(self, feed: Feed, late: Callable[[], bool]) -> Gathered:
        """What ``feed`` holds that has not been dealt with. Never raises what a feed may cause.

        Once it is ``late``, the files that are left wait for the next run.
        """
        gathered = Gathered()
        first = self._fetch(feed.url, feed, gathered)
        if first is None:
            return gathered
        page, found = first
        missed = len(found.links) > MOST_LINKS
        if missed:
            gathered.faults.append(f"it lists {len(found.links)} files, of which {MOST_LINKS} are read")
        before = len(gathered.faults)
        inner = list(self._linked(found.links[:MOST_LINKS], feed, gathered, late))
        whole = not missed and len(gathered.faults) == before
        gathered.documents += [*inner, Document(feed.url, page, found.alerts, whole)]
        return gathered

    def _linked(
        self, links: tuple[str, ...], feed: Feed, gathered: Gathered, late: Callable[[], bool]
    ) -> Iterator[Document]:
        for link in links:
            if late():
                gathered.faults.append("it is too slow: not all of it was read")
                return
            fetched = self._fetch(link, feed, gathered)
            if fetched:
                tag, found = fetched
                yield Document(link, tag, found.alerts)

    def _fetch(self, url: str, feed: Feed, gathered: Gathered) -> tuple[str, Contents] | None:
        """The edition and its contents; None if it is known already, or cannot be had, which is noted."""
        try:
            page = self._web.get(url, self._tags.get(url, ""), near=feed.url)
            if page is None:
                return None
            found = contents(page.body, url)
        except CanalError as fault:
            gathered.faults.append(str(fault))
            return None
        gathered.faults += found.faults
        return page.tag, found

    def remember(self, document: Document) -> None:
        """Dealt with: it is not asked for again until it changes."""
        if len(self._tags) > MOST_TAGS:
            self._tags.clear()
        if document.tag and document.whole:
            self._tags[document.url] = document.tag
