"""How staff change a notice: on the version they have seen, or not at all. As with cases (``desk/changing.py``).

The version that staff see counts the events of people in its history. It stays while Canal goes on by itself (from
planning to sending, say), so that nobody who wants to stop a notice is refused for that; the save itself is on the
row's version, and nothing is overwritten.
"""

from __future__ import annotations

from collections.abc import Callable

from canal.broadcasts.campaign import Campaign
from canal.broadcasts.changes import CANAL
from canal.desk.campaigns.allowed import Act, bears
from canal.desk.campaigns.outside import Room
from canal.desk.changing import condition
from canal.desk.refusals import Forbidden, Missing, Stale, Unconditional
from canal.desk.roles import Person
from canal.errors import LostRace, Temporary

TRIES = 5  # against Canal's own changes
Change = Callable[[Campaign], Campaign]


def version(campaign: Campaign) -> str:
    return str(sum(event.who != CANAL for event in campaign.history))


def etag(campaign: Campaign) -> str:
    return f'"{version(campaign)}"'


def seen(room: Room, identifier: str) -> Campaign:
    """The notice; raises Missing."""
    campaign = room.campaigns.load(identifier)
    if campaign is None:
        raise Missing("no_such_notice")
    return campaign


def runner(person: Person) -> None:
    """Raises Forbidden for those who may only look."""
    if not person.runs_notices:
        raise Forbidden("not_your_role")


def current(room: Room, person: Person, identifier: str, if_match: str | None, act: Act) -> Campaign:
    """The notice, if this person may do ``act`` and it still is what they looked at."""
    runner(person)
    campaign = seen(room, identifier)
    try:
        wanted = condition(if_match)
    except Unconditional:
        raise Unconditional("no_condition_notice") from None
    if version(campaign) != wanted:
        raise Stale(campaign, "changed_meanwhile_notice")
    bears(campaign, act)
    return campaign


def changed(room: Room, person: Person, identifier: str, if_match: str | None, act: Act, change: Change) -> Campaign:
    """The notice after ``change``, saved. Raises Stale if somebody else changed it in between, a Refusal where its
    state does not bear it.
    """
    for _ in range(TRIES):
        after = change(current(room, person, identifier, if_match, act))
        saved = _saved(room, after)
        if saved:
            return saved
    raise Temporary("the notice changes faster than it can be saved")


def _saved(room: Room, after: Campaign) -> Campaign | None:
    """As saved; None if the race was lost. A save whose answer got lost on the way has been won."""
    try:
        return room.campaigns.save(after)
    except LostRace:
        stored = room.campaigns.load(after.id)
        return stored if stored and after.history[-1] in stored.history else None
