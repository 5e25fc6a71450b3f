"""One message of a citizen: load, decide, save, send. The only place where saving meets sending.

The promise: each message changes the state exactly once, in the citizen's order; its reply goes out at least
once. What a crash does at each line of ``answer``:

    load    nothing has happened: the queue gives the message back and it is run from the start
    decide  pure: the same. What it must know from outside is looked up, and it is run again
    save    one transaction: the citizen (if the version is still the one read), the turn (if this message has
            none) and the cases that were filed or changed. Before it nothing happened. After it the message is never
            run again: given back by the queue, it finds its turn and goes on from here
    queue   the cases, for ``functions/incident/route``. A crash before or after: the message comes back and they are
            queued (again), which is harmless. A queue that does not answer holds nobody up: the sweep finds them.
            Only where news waited for this message it must be queued first: nothing else remembers that
    send    a crash before, during or after: the queue gives the message back, its stored replies are sent again.
            So a reply may come twice after a crash, and is never missing

A reply that fails for a reason that passes raises, and the queue tries again later. One that fails for good is
noted on the turn, and the queue lets go of the message.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import nullcontext, suppress
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from canal.broadcasts.subscription import Subscription
from canal.dialogue.citizen import Citizen
from canal.dialogue.engine import step
from canal.dialogue.messages import IdentityChanged, Inbound, Reply
from canal.dialogue.questions import Question
from canal.dialogue.turn import CaseChanged, CaseFiled, Effect, ErasureRequested, Turn, WindowOpened
from canal.errors import AlreadyRun, LostRace, Permanent, Temporary
from canal.ports import Body, CaseQueue, Conversations, Outbox, Towns, TurnRecord

if TYPE_CHECKING:
    from canal.incidents.case import Case

WINDOW = timedelta(hours=24)  # free text may be sent this long after the citizen's last message
RACES = 5  # a citizen's messages come one at a time, so a lost race is rare; five in a row is a fault
AT_ONCE = timedelta(seconds=2)  # messages closer than this were sent without waiting for an answer
LATE = timedelta(seconds=30)  # an answer that comes later than this says what it answers

QUESTIONS = 8  # that one message may raise; more is a step that asks in circles

Render = Callable[[Reply, Citizen, str, bool], Body]
LookUp = Callable[[Question[Any]], Any]


class Conversation:
    """Answers the messages of citizens, one at a time for each of them."""

    def __init__(
        self,
        conversations: Conversations,
        outbox: Outbox,
        towns: Towns,
        render: Render,
        clock: Callable[[], datetime],
        look_up: LookUp,
        routing: CaseQueue,
    ) -> None:
        self._conversations = conversations
        self._outbox = outbox
        self._towns = towns
        self._render = render
        self._clock = clock
        self._look_up = look_up
        self._routing = routing

    def answer(self, inbound: Inbound) -> TurnRecord | None:
        """Run ``inbound`` and send its reply; None where nothing changed and nothing is said.

        Raises Temporary or Stopped when it should be tried again.
        """
        if isinstance(inbound.content, IdentityChanged):
            self._move(inbound.content)
            return None
        record = self._run(inbound)
        if record is None:
            return None
        self._queue(record)
        return self._sent(record)

    def _run(self, inbound: Inbound) -> TurnRecord | None:
        """The turn of ``inbound``, saved: now, or when it was first delivered."""
        for tries in range(RACES):
            try:
                return self._run_once(inbound, tries)
            except LostRace:
                continue
            except AlreadyRun:
                return self._conversations.turn(inbound.sender.key, inbound.id)
        raise LostRace("the citizen's row changed at each of several tries")

    def _run_once(self, inbound: Inbound, tries: int) -> TurnRecord | None:
        before = self._load(inbound)
        citizen = introduced(before, inbound)
        # A case's number follows from the message's id. One that is taken already is a lost race: then another follows.
        turn = self._decide(citizen, replace(inbound, id=f"{inbound.id}#{tries}") if tries else inbound)
        if not turn.replies and not turn.effects:
            return None
        record = self._record(inbound, before, turn)
        if any(isinstance(effect, ErasureRequested) for effect in turn.effects):
            self._conversations.erase(turn.citizen, record)
        else:
            self._conversations.save(before, turn.citizen, record, cases(turn))
        return record

    def _decide(self, citizen: Citizen, inbound: Inbound) -> Turn:
        """The turn, with everything looked up that it asks for."""
        town, now = self._towns.current(), self._clock()
        answers: dict[Question[Any], Any] = {}
        for _ in range(QUESTIONS):
            turn = step(citizen, inbound, town, now, answers)
            if turn.asks is None:
                return turn
            answers[turn.asks] = self._look_up(turn.asks)
        raise RuntimeError("the dialogue asks in circles")

    def _queue(self, record: TurnRecord) -> None:
        """Hand over the cases of this turn. Not a reason to leave the citizen without an answer, since the sweep finds
        them; news that waited for the window is in no table to be found, so for that the message comes again.
        """
        if messages := for_routing(record):
            only_cases = all("case" in message for message in messages)
            with suppress(Temporary) if only_cases else nullcontext():
                self._routing.put(messages)

    def _load(self, inbound: Inbound) -> Citizen | None:
        """The citizen; one who wrote before user ids existed is found by phone, once."""
        sender = inbound.sender
        known = self._conversations.load(sender.key)
        if known or not (sender.user_id and sender.phone):
            return known
        by_phone = self._conversations.load(sender.phone)
        if by_phone is None or by_phone.user_id not in (None, sender.user_id):
            return None  # nobody, or somebody else who had this number before
        self._conversations.move(by_phone, None, replace(by_phone, key=sender.key, user_id=sender.user_id))
        return self._conversations.load(sender.key)

    def _record(self, inbound: Inbound, before: Citizen | None, turn: Turn) -> TurnRecord:
        """What is kept of the turn, its replies ready to send."""
        quote = arrives_late_or_in_a_bunch(before, inbound, self._clock())
        replies = tuple(self._render(reply, turn.citizen, inbound.id, quote) for reply in turn.replies)
        events = tuple(as_event(effect, turn.citizen) for effect in turn.effects)
        record = TurnRecord(inbound.sender.key, inbound.id, self._clock(), replies, events)
        opened = turn.citizen.last_inbound_at
        if replies and opened and self._clock() - opened > WINDOW:
            return replace(record, state="undeliverable", reason="window_closed")
        return record

    def _sent(self, record: TurnRecord) -> TurnRecord:
        """The turn, its replies sent in order. A permanent failure is noted on it; any other is the caller's."""
        if record.state == "undeliverable":
            return record
        try:
            for body in record.replies:
                self._outbox.send(body)
        except Permanent as reason:
            self._conversations.mark_undeliverable(record.citizen, record.wamid, str(reason))
            return replace(record, state="undeliverable", reason=str(reason))
        return record

    def _move(self, change: IdentityChanged) -> None:
        """Re-key a citizen whose id or number changed. Done already, or never seen: nothing to do."""
        key = change.user_id or change.phone
        for previous in change.previous_keys:
            if not key or previous == key:
                continue
            old = self._conversations.load(previous)
            if old is None or old.key == key:
                continue
            found = self._conversations.load(key)
            new = found if found and found.key == key else None  # a sign there leads back, or to somebody else
            self._conversations.move(old, new, merged(old, new, key, change))
            return


def introduced(known: Citizen | None, inbound: Inbound) -> Citizen:
    """The citizen with what this message tells of them: ids appear and disappear as users change settings."""
    sender = inbound.sender
    if known is None:
        return Citizen(key=sender.key, user_id=sender.user_id, phone=sender.phone)
    return replace(known, user_id=sender.user_id or known.user_id, phone=sender.phone or known.phone)


def merged(old: Citizen, new: Citizen | None, key: str, change: IdentityChanged) -> Citizen:
    """One citizen of two rows: what was said last counts; an opt-out, a block and news that waits, under either key,
    stand.
    """
    latest = new or old
    return replace(
        latest,
        key=key,
        user_id=change.user_id or latest.user_id,
        phone=change.phone,
        language=latest.language or old.language,
        wants_marketing=old.wants_marketing and latest.wants_marketing,
        blocked=old.blocked or latest.blocked,
        held=old.held or latest.held,
        subscriptions=of_both(old, latest),
        told_at=max(filter(None, (old.told_at, latest.told_at)), default=None),
        rest_until=max(filter(None, (old.rest_until, latest.rest_until)), default=None),
        since=old.since or latest.since,
        version=new.version if new else 0,
    )


def of_both(old: Citizen, latest: Citizen) -> Mapping[str, Subscription]:
    """The subscriptions under either key; none of the former where "no more" was said under the later one."""
    if latest is not old and not latest.wants_marketing and not latest.subscriptions:
        return {}
    return {**old.subscriptions, **latest.subscriptions}


def arrives_late_or_in_a_bunch(before: Citizen | None, inbound: Inbound, now: datetime) -> bool:
    """Whether the reply should quote its message, so that the citizen sees which one it answers."""
    if now - inbound.at > LATE:
        return True
    previous = before.last_inbound_at if before else None
    return previous is not None and abs(inbound.at - previous) < AT_ONCE


def cases(turn: Turn) -> list[Case]:
    """The cases that this turn filed or changed, as they are to be saved."""
    return [effect.case for effect in turn.effects if isinstance(effect, CaseFiled | CaseChanged)]


def as_event(effect: Effect, citizen: Citizen) -> dict[str, Any]:
    """An effect as it is kept with the turn: of a case, its number and kind; the case itself has its own row."""
    match effect:
        case CaseFiled(case=case) | CaseChanged(case=case):
            about = {"case": case.id, "kind": str(case.kind), "category": case.category}
        case WindowOpened():
            about = {"citizen": citizen.key}
        case _:
            about = asdict(effect)
    return {"type": type(effect).__name__, **about}


def for_routing(record: TurnRecord) -> list[dict[str, str]]:
    """What the incidents queue is to hear of a turn."""
    found = []
    for event in record.events:
        if event["type"] in (CaseFiled.__name__, CaseChanged.__name__):
            found.append({"case": event["case"]})
        elif event["type"] == WindowOpened.__name__:
            found.append({"citizen": event["citizen"]})
    return found
