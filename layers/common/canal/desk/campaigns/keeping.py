"""A new notice gets its name and is kept once, also where the request or the answer comes twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from hashlib import blake2b
from uuid import uuid4

from canal.broadcasts import changes
from canal.broadcasts.campaign import Campaign
from canal.desk.campaigns.outside import Room
from canal.desk.roles import Person
from canal.errors import LostRace, Temporary

DrawnUp = Callable[[str, datetime], Campaign]  # of a name and the hour
TRIES = 3  # other names, should one be taken
RECENT = 50  # notices among which a repeated request finds its own


def kept(room: Room, person: Person, drawn_up: DrawnUp, key: str | None, request: str) -> Campaign:
    """Save what ``drawn_up`` makes of a name and the hour; names begin with the moment, so that they sort by age."""
    tail = digest(person.name, key, request) if key else ""
    if tail and (there := again(room, tail)):
        return there
    for _ in range(TRIES):
        now = room.clock()
        identifier = f"{now:%Y%m%d-%H%M%S}-{tail or uuid4().hex[:8]}"
        draft = changes.created(drawn_up(identifier, now), now, person.name)
        try:
            return room.campaigns.save(draft)
        except LostRace:
            stored = room.campaigns.load(identifier)
            if stored and (tail or draft.history[-1] in stored.history):
                return stored
    raise Temporary("no free name was found")


def digest(*parts: str) -> str:
    return blake2b("\n".join(parts).encode("utf-8", "replace"), digest_size=8).hexdigest()


def again(room: Room, tail: str) -> Campaign | None:
    """What the same request made before; pages hold campaigns whole or without history, so it is loaded."""
    found = next((each.id for each in room.campaigns.page(limit=RECENT) if each.id.endswith(f"-{tail}")), "")
    return room.campaigns.load(found) if found else None
