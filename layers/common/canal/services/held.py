"""News that could not be told when it happened: told in one message when the citizen has written again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from canal.dialogue import news
from canal.dialogue.citizen import Citizen
from canal.errors import Permanent, Temporary, WindowClosed
from canal.incidents.case import Case, Event
from canal.ports import Cases, Citizens, Towns
from canal.services.channel import Channel
from canal.services.progress import Gone, Progress
from canal.services.telling import FAILED, HELD, SENT, in_window, language_of, noted, reason, untold
from canal.services.work import Done

Held = tuple[Case, Event, Case]  # the case, what happened to it, and the citizen's own case, often the same
MOST_STEPS = 10  # from a case to the one that it follows in the end


class HeldNews:
    """Tells it. Sent first and noted after: a crash in between tells it once more, and never not at all."""

    def __init__(
        self, cases: Cases, citizens: Citizens, towns: Towns, channel: Channel, clock: Callable[[], datetime]
    ) -> None:
        self._cases = cases
        self._citizens = citizens
        self._towns = towns
        self._channel = channel
        self._clock = clock

    def tell(self, key: str) -> Done:
        """Tell all that waits for a citizen. Raises Temporary or Stopped: only the queue remembers this errand."""
        done = Done()
        citizen = self._citizens.load(key)
        if citizen is None:
            return done
        mine = self._mine(citizen)
        cases = self._with_originals(mine.values())
        if any(is_being_told(case, self._clock()) for case in cases):
            raise Temporary("news is being told just now, and may be held: not known until it is done")
        waiting = held_for(cases, mine)
        if waiting and (how := self._sent(citizen, waiting)):
            self._note(waiting, how)
            done.figures["ToldSent" if how == SENT else "ToldFailed"] += len(waiting)
        return done

    def _mine(self, citizen: Citizen) -> dict[str, Case]:
        """The citizen's cases by number, whole."""
        loaded = (self._cases.load(case.id) for case in self._cases.of(citizen.key))
        return {case.id: case for case in loaded if case}

    def _with_originals(self, mine: Iterable[Case]) -> list[Case]:
        """The citizen's cases and all that they follow, each once."""
        found: dict[str, Case] = {}
        for case in mine:
            at: Case | None = case
            for _ in range(MOST_STEPS):
                if at is None or at.id in found:
                    break
                found[at.id] = at
                at = self._cases.load(at.duplicate_of) if at.duplicate_of else None
        return list(found.values())

    def _sent(self, citizen: Citizen, waiting: list[Held]) -> str:
        """How it went; empty when it goes on waiting."""
        town = self._towns.current()
        try:
            if not in_window(citizen, self._clock()):
                raise WindowClosed("the window has closed again")
            language = language_of(citizen, waiting[-1][2], town)
            self._channel.write(news.digest(town, language, waiting), citizen, f"held#{waiting[-1][2].id}")
        except WindowClosed:
            self._citizens.hold(citizen.key)
            return ""
        except Permanent as error:
            return f"{FAILED}: {reason(error)}"
        return SENT

    def _note(self, waiting: list[Held], how: str) -> None:
        """What was held is told, on each case as it is now."""
        touched = {case.id: Progress(self._cases, case) for case, _, _ in waiting}
        for case, event, own in waiting:
            touched[case.id].note(noted(event, {own.id: how}))
        for progress in touched.values():
            try:
                progress.save()
            except Gone:
                continue


def is_being_told(case: Case, now: datetime) -> bool:
    """Whether a worker is at it: what it holds is noted on the citizen first, and on the case a moment later."""
    return bool(case.lease_until and case.lease_until > now and untold(case))


def held_for(cases: Iterable[Case], mine: Mapping[str, Case]) -> list[Held]:
    """News in ``cases`` that waits for the citizen of the cases ``mine`` (by number), the oldest first."""
    found = [
        (case, event, mine[number])
        for case in cases
        for event in case.history
        for number, how in event.told.items()
        if how == HELD and number in mine
    ]
    return sorted(found, key=lambda each: each[1].at)
