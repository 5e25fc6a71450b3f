"""One recipient: looked at once more, claimed, written to, noted. The promise of notices, line by line.

The claim stands before the message, and only one worker gets it, whatever the queue delivers twice. Whoever dies
between claim and note leaves a row that says "a message may be on its way"; ``tend`` decides what becomes of it.
Nothing is sent again because a note failed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from canal.broadcasts.campaign import ALERTS, BULK, Campaign, Kind
from canal.broadcasts.delivery import TEMPLATE, TEXT, Delivery, State, Step, taken
from canal.broadcasts.outside import Chunk, Deliveries, People
from canal.errors import Temporary
from canal.services.channel import Channel
from canal.services.notices import audience
from canal.services.notices.crew import Away, Timing
from canal.services.notices.lane_watch import LOOK, Gate
from canal.services.notices.notes import Notes, Tally
from canal.services.notices.outcomes import ENOUGH, FAULT, Decision, Do, decide
from canal.services.notices.pace import Pace
from canal.services.notices.recipient import EXPIRED, Letter, Recipient, postponed, unwanted
from canal.services.notices.running import Running

if TYPE_CHECKING:
    from canal.dialogue.town import Town

SLOWEST = 18.0  # seconds; a recipient is begun only if so many are left: a time-out, and the notes after it
PATIENT = 40.0  # seconds; a claim is not held longer, and ``tend`` waits longer before it calls a worker dead
CLAIM = {ALERTS: timedelta(minutes=2), BULK: timedelta(minutes=10)}  # until somebody looks at a claimed row
FRESH = 10.0  # seconds; a citizen who was read longer ago is read again
CLOSING = timedelta(minutes=1)  # a window that ends so soon may have ended when the message is there: rather a template


@dataclass(frozen=True, slots=True)
class Road:
    """What the threads of one batch share. ``away`` are those who wait for WhatsApp."""

    pace: Pace
    gate: Gate
    town: Town
    seconds_left: Callable[[], float]
    tally: Tally
    away: Away


class Sending:
    """Safe to share between threads."""

    def __init__(
        self, running: Running, deliveries: Deliveries, people: People, channel: Channel, timing: Timing
    ) -> None:
        self._running = running
        self._deliveries = deliveries
        self._people = people
        self._channel = channel
        self._timing = timing
        self._notes = Notes(deliveries, people, timing)

    def recipients(self, chunk: Chunk) -> list[Recipient]:
        """Those of ``chunk`` who wait to be written to now. Raises Temporary."""
        if self._running.find(chunk.campaign) is None:
            return []  # paused, ended, or about nothing: the rows tell whoever resumes it
        rows = self._deliveries.load(chunk.campaign, chunk.citizens)
        now = self._timing.now()
        waiting = [row for row in rows.values() if row.state == State.QUEUED and (row.release_at or now) <= now]
        people = self._people.load_many([row.citizen for row in waiting]) if waiting else {}
        read_at = self._timing.clock()
        return [Recipient(row, people.get(row.citizen), read_at) for row in waiting]

    def send(self, one: Recipient, road: Road) -> bool:
        """Whatever is to be done for ``one``; False if it was not begun, for want of time. Raises Temporary."""
        while self._passed(road):
            if self._timing.clock() - one.read_at > FRESH:
                fresh = self.recipients(Chunk(one.row.campaign, (one.row.citizen,)))
                if not fresh:
                    return True
                one = fresh[0]
            campaign = self._running.find(one.row.campaign)
            if campaign is None:
                return True
            if self._done(one, campaign, road):
                return True
        return False

    def _passed(self, road: Road) -> bool:
        """Wait until this lane may write. False when time is over."""
        while road.seconds_left() >= SLOWEST:
            road.gate.look()
            if road.gate.open():
                return True
            self._timing.sleep(LOOK)
        return False

    def _done(self, one: Recipient, campaign: Campaign, road: Road) -> bool:
        """False: it was claimed and let go again, since the lane closed or time ended."""
        now, citizen = self._timing.now(), one.citizen
        if citizen is None:
            self._skip(one.row, audience.GONE, road)
        elif reason := unwanted(road.town, campaign, citizen, now):
            self._skip(one.row, reason, road)
        elif later := postponed(road.town, campaign, citizen, now):
            self._postpone(one.row, campaign, road, *later)
        else:
            letter = Letter(self._channel, road.town, campaign, one.row, citizen)
            mode = audience.mode_of(citizen, now + CLOSING)
            ready = letter.ready(mode)  # before the claim: if composing is what fails, nothing has gone out
            if claim := self._claimed(one.row, campaign, mode):
                return self._written(Attempt(claim, campaign, letter, self._timing.clock()), ready, mode, road)
        return True

    def _skip(self, row: Delivery, reason: str, road: Road) -> None:
        if self._notes.skipped(row, reason):
            road.tally.add("NoticesSkipped")

    def _postpone(self, row: Delivery, campaign: Campaign, road: Road, until: datetime, reason: str) -> None:
        """Claimed first: what another worker has claimed meanwhile must not be let go."""
        if campaign.until and until >= campaign.until:
            self._skip(row, EXPIRED, road)
        elif claim := self._claimed(row, campaign):
            self._notes.later(claim, until, ENOUGH if row.reason == ENOUGH else reason)
            road.tally.add("NoticesPostponed")

    def _claimed(self, row: Delivery, campaign: Campaign, mode: str = "") -> Delivery | None:
        """The row as we have claimed it; None if somebody else has. Raises Temporary: then nobody knows, and nothing
        is sent.
        """
        now = self._timing.now()
        step = Step(State.SENDING, now, look_at=now + CLAIM[campaign.lane], mode=mode, reason=row.reason)
        return taken(row, step) if self._deliveries.take(row.campaign, row.citizen, step) else None

    def _written(self, attempt: Attempt, ready: Callable[[], str], mode: str, road: Road) -> bool:
        """From the claim to the note. The pace stands right before the message: there nothing takes time."""
        row, tries = attempt.row, 0
        while self._runs(row.campaign):
            road.pace.wait()
            if not road.gate.open() or not self._in_time(attempt, road):
                self._notes.released(row)
                return False
            tries += 1
            try:
                with road.away:
                    wamid = ready()
            except Exception as error:
                decision = attempt.decide(error, tries)
                if decision.reason == FAULT:
                    road.tally.fault(error)
                if decision.do == Do.TEMPLATE and mode == TEXT:
                    ready, mode, tries = attempt.letter.ready(TEMPLATE), TEMPLATE, 0
                elif decision.do == Do.AGAIN:
                    self._pause(decision, road)
                else:
                    self._carry_out(decision, attempt, mode, road)
                    return True
            else:
                self._notes.sent(row, mode, wamid)
                road.tally.add("NoticesSent")
                return True
        self._notes.released(row)
        return True

    def _runs(self, campaign: str) -> bool:
        """Also between two tries somebody may cancel. What cannot be read is no reason to hold a claim."""
        try:
            return self._running.find(campaign) is not None
        except Temporary:
            return False

    def _in_time(self, attempt: Attempt, road: Road) -> bool:
        return self._timing.clock() - attempt.claimed_at < PATIENT and road.seconds_left() >= SLOWEST / 2

    def _pause(self, decision: Decision, road: Road) -> None:
        road.tally.add("NoticesThrottled" if decision.hold else "NoticesRepeated")
        if decision.hold:
            road.pace.hold(decision.wait)
        else:
            with road.away:
                self._timing.sleep(decision.wait)

    def _carry_out(self, decision: Decision, attempt: Attempt, mode: str, road: Road) -> None:
        """The end of an attempt that sent nothing, as far as we know."""
        row, citizen = attempt.row, attempt.letter.citizen.key
        until = self._timing.now() + timedelta(seconds=decision.wait)
        match decision.do:
            case Do.LEAVE:
                road.tally.add("NoticesUncertain")
            case Do.LATER | Do.REST:
                if decision.do == Do.REST:
                    self._notes.rest(citizen, until)
                self._notes.later(row, until, decision.reason)
                road.tally.add("NoticesPostponed")
            case Do.STOP:
                self._stop(row, decision, road)
            case _:
                if decision.do == Do.NO_MARKETING:
                    self._notes.no_marketing(citizen)
                self._notes.failed(row, mode, decision)
                road.tally.add("NoticesFailed")

    def _stop(self, row: Delivery, decision: Decision, road: Road) -> None:
        """The campaign first: others are writing at this moment."""
        try:
            if self._running.stop(row.campaign, decision.code, decision.reason):
                road.tally.stop(row.campaign, decision.reason)
        finally:
            self._notes.released(row)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One claim. ``row`` is as it was claimed."""

    row: Delivery
    campaign: Campaign
    letter: Letter
    claimed_at: float

    def decide(self, error: Exception, tries: int) -> Decision:
        alert = self.campaign.kind == Kind.ALERT
        return decide(error, alert=alert, tries=tries, claims=self.row.tries, rested=self.row.reason == ENOUGH)
