"""A report that is being written: what the citizen has told so far, in any order.

It is kept beside the place in the dialogue, so that a look at the bus or a night's sleep does not lose it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any

from canal.dialogue.messages import Media

KEEP = timedelta(days=6)  # a photo lives seven days at Meta
MOST_FILES = 10
LONGEST = 4_096  # characters of the description, WhatsApp's own limit for one message
LONGEST_ADDRESS = 300
BURST = timedelta(seconds=10)  # photos that are chosen together arrive within seconds of each other


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that came: WhatsApp's kind, its id at Meta and when it was sent (ISO 8601)."""

    kind: str
    media_id: str
    sent_at: str
    mime_type: str = ""
    caption: str = ""

    @property
    def id(self) -> str:
        """Short, and the same whenever this file is meant."""
        return blake2b(self.media_id.encode(), digest_size=4).hexdigest()


@dataclass(frozen=True, slots=True)
class Draft:
    """What is known of a report so far. Empty is not known yet.

    ``kind`` is "" while we hold files or a place whose purpose we do not know. ``category`` is an id of the content,
    which may have been removed since. ``latitude`` and ``longitude`` are both None where the place is known in words
    only; ``source`` says where the place comes from (see ``Position.source``, or "words"). ``new`` once it
    is known to be none of the cases near by: there are none, or the citizen said so.
    """

    kind: str = ""
    category: str = ""
    words: str = ""
    files: tuple[Attached, ...] = ()
    latitude: float | None = None
    longitude: float | None = None
    address: str = ""
    source: str = ""
    new: bool = False
    anyway: bool = False  # the citizen knows that another body looks after it, and tells the town all the same
    case: str = ""  # an existing case that files are being added to
    since: str = ""  # ISO 8601

    @classmethod
    def from_notes(cls, notes: Mapping[str, Any]) -> Draft:
        """From what ``as_notes`` made, possibly by an earlier release."""
        known = {name: notes[name] for name in cls.__slots__ if name in notes}
        files = tuple(Attached(**file) for file in known.pop("files", ()))
        return cls(**known, files=files)

    def as_notes(self) -> dict[str, Any]:
        """JSON-able, without what is empty."""
        kept = {name: value for name, value in asdict(self).items() if value not in ("", (), None, False)}
        return kept | {"files": list(kept["files"])} if self.files else kept

    @property
    def begun(self) -> bool:
        """Whether it holds anything that somebody would have to tell again."""
        return not self.case and bool(self.category or self.words or self.files or self.placed)

    @property
    def full(self) -> bool:
        return len(self.files) >= MOST_FILES

    @property
    def placed(self) -> bool:
        return bool(self.address) or self.latitude is not None

    def fresh(self, now: datetime) -> bool:
        """Whether it is young enough to go on with."""
        return bool(self.since) and now - datetime.fromisoformat(self.since) < KEEP

    def holding(self, file: Attached) -> Draft:
        """With one more file; one that is there already, or that is one too many, changes nothing."""
        if self.full or any(each.id == file.id for each in self.files):
            return self
        return replace(self, files=(*self.files, file))

    def saying(self, words: str) -> Draft:
        """With more words, on a line of their own, as far as they fit."""
        return replace(self, words=f"{self.words}\n{words.strip()}".strip()[:LONGEST])

    def about(self, category: str) -> Draft:
        """Of another category: what was answered for the former one is asked again."""
        return self if category == self.category else replace(self, category=category, new=False, anyway=False)

    def at(self, latitude: float | None, longitude: float | None, address: str, source: str) -> Draft:
        """In another place, WGS 84 degrees where they are known."""
        short = address.strip()[:LONGEST_ADDRESS]
        return replace(self, latitude=latitude, longitude=longitude, address=short, source=source, new=False)

    def since_now(self, now: datetime) -> Draft:
        """With the hour of its beginning, which the later changes keep."""
        return self if self.since else replace(self, since=now.isoformat())

    def in_a_bunch(self, at: datetime) -> bool:
        """Whether a file that was sent ``at`` belongs to the same handful as the last one."""
        return bool(self.files) and abs(at - datetime.fromisoformat(self.files[-1].sent_at)) <= BURST


def attached(media: Media, at: datetime) -> Attached:
    return Attached(media.kind, media.media_id, at.isoformat(), media.mime_type, media.caption)
