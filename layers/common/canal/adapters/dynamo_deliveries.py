"""The ``Deliveries`` port on DynamoDB: who gets a campaign, and how far each has come.

A campaign's recipients stand in as many partitions as its topic's subscribers, so that shards are planned, sent and
read side by side.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice

from pynamodb.exceptions import TransactWriteError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from canal.adapters.dynamo_batches import AT_ONCE, hundreds, rows_at
from canal.adapters.dynamo_errors import UNMET, is_unmet, translated
from canal.adapters.dynamo_models import Tables
from canal.adapters.moments import text
from canal.adapters.notice_models import DeliveryRow, bind
from canal.adapters.notice_rows import delivery_of, delivery_part, is_watched, row_of_delivery
from canal.broadcasts.delivery import FROM, OPEN, REPORTED, UNKNOWN, WENT_OUT, Delivery, State, Step
from canal.broadcasts.subscription import SHARDS, shard_of
from canal.errors import BadInput, LostRace

RACES = 4  # tries of a transaction; each takes out what is there already
LOOKED_AT = 2_000  # rows that are read for one page
BETWEEN = ":"  # shard and citizen of a cursor


class DynamoDeliveries:
    """The recipients in ``deliveries``."""

    def __init__(self, tables: Tables) -> None:
        self._connection = bind(tables)
        self.session = self._connection.session

    def plan(self, deliveries: Sequence[Delivery]) -> None:
        """See ``Deliveries.plan``. A transaction for a hundred: one call where single writes would be a hundred, and a
        batch of plain writes would put back what has been sent already. Half of them written: done again, harmlessly.
        """
        once = {delivery.citizen: delivery for delivery in reversed(deliveries)}  # of two, the first
        for some in hundreds(once.values()):
            self._plan(some)

    def _plan(self, deliveries: Sequence[Delivery]) -> None:
        """Until all are there; those that were are named by the transaction that failed, and left out of the next."""
        for _ in range(RACES):
            try:
                with translated(), TransactWrite(connection=self._connection) as transaction:
                    for delivery in deliveries:
                        transaction.save(row_of_delivery(delivery), condition=DeliveryRow.part.does_not_exist())
                return
            except LostRace as error:
                there = unmet_of(error)
                deliveries = [delivery for n, delivery in enumerate(deliveries) if n not in there]
            if not deliveries:
                return
        raise LostRace("rows of this page change at each of several tries")

    def load(self, campaign: str, citizens: Sequence[str]) -> dict[str, Delivery]:
        keys = [key_of(campaign, citizen) for citizen in dict.fromkeys(citizens) if citizen]
        return {row.citizen: delivery_of(row) for row in rows_at(DeliveryRow, keys)}

    def take(self, campaign: str, citizen: str, step: Step) -> bool:
        """See ``Deliveries.take``. One conditional write. When its answer got lost and it is sent again, it finds its
        own trace and gives False: a claim then waits until its ``look_at``, and nobody is written to twice.
        """
        key = key_of(campaign, citizen)
        try:
            with translated():
                row = DeliveryRow(key["part"], key["citizen"])
                row.update(actions=actions(step, row.part), condition=may_take(step))
        except LostRace as error:
            if is_unmet(error):
                return False
            raise
        return True

    def waiting(self, campaign: str, shard: int, until: datetime | None, limit: int) -> tuple[Delivery, ...]:
        """See ``Deliveries.waiting``. The index lags behind the rows by some milliseconds. What it still shows and is
        closed, or to be looked at later, is dropped after a consistent read; what it does not show yet is found at
        the next look. So "none waits" must be confirmed by ``counts`` before anything final is made of it.
        """
        return tuple(islice(self._waiting(delivery_part(campaign, shard), until, limit), limit))

    def _waiting(self, part: str, until: datetime | None, limit: int) -> Iterator[Delivery]:
        for keys in hundreds(once(self._looks(part, until, limit))):
            fresh = {row.citizen: delivery_of(row) for row in rows_at(DeliveryRow, keys)}
            in_order = (fresh[key["citizen"]] for key in keys if key["citizen"] in fresh)
            yield from (delivery for delivery in in_order if is_due(delivery, until))

    def _looks(self, part: str, until: datetime | None, limit: int) -> Iterator[dict[str, str]]:
        """Keys by the index, the longest due first."""
        condition = DeliveryRow.look_at <= text(until) if until else None
        rows = DeliveryRow.by_look.query(part, condition, page_size=min(max(limit, AT_ONCE), 1_000))
        while True:
            with translated():
                row = next(rows, None)
            if row is None:
                return
            yield {"part": row.part, "citizen": row.citizen}

    def page(
        self, campaign: str, after: str = "", limit: int = 200, states: frozenset[State] = frozenset()
    ) -> tuple[tuple[Delivery, ...], str]:
        """See ``Deliveries.page``. Shard by shard; a page ends early when it has looked at ``LOOKED_AT`` rows.

        Raises BadInput for a cursor that this did not give.
        """
        shard, citizen = begin(after)
        found: list[Delivery] = []
        looked = 0
        while shard < SHARDS:
            wanted = LOOKED_AT - looked if states else limit - len(found)
            for delivery in self._behind(campaign, shard, citizen, wanted):
                looked, citizen = looked + 1, delivery.citizen
                if not states or delivery.state in states:
                    found.append(delivery)
                if len(found) == limit or looked == LOOKED_AT:
                    return tuple(found), f"{shard}{BETWEEN}{citizen}"
            shard, citizen = shard + 1, ""
        return tuple(found), ""

    def _behind(self, campaign: str, shard: int, citizen: str, limit: int) -> Iterator[Delivery]:
        condition = DeliveryRow.citizen > citizen if citizen else None
        part = delivery_part(campaign, shard)
        with translated():
            rows = DeliveryRow.query(part, condition, consistent_read=True, limit=limit, page_size=min(limit, 500))
            yield from (delivery_of(row) for row in rows)

    def counts(self, campaign: str) -> Mapping[State, int]:
        """See ``Deliveries.counts``. Reads all of a campaign's rows, consistently: about a second for 40,000."""
        found: Counter[State] = Counter()
        for shard in range(SHARDS):
            found.update(self._states(delivery_part(campaign, shard)))
        return found

    def _states(self, part: str) -> Iterator[State]:
        """As raw as they come: there may be a million."""
        table, start = DeliveryRow._get_connection(), None
        while True:
            with translated():
                answer = table.query(part, attributes_to_get=["state"], consistent_read=True, exclusive_start_key=start)
            yield from (State(item["state"]["S"]) for item in answer["Items"])
            start = answer.get("LastEvaluatedKey")
            if not start:
                return


def key_of(campaign: str, citizen: str) -> dict[str, str]:
    return {"part": delivery_part(campaign, shard_of(citizen)), "citizen": citizen}


def may_take(step: Step) -> Condition:
    """``delivery.follows``, as DynamoDB decides it."""
    row = DeliveryRow
    allowed: Condition = row.state.is_in(*sorted(FROM[step.state]))
    if step.wamid and step.state == State.FAILED and step.reported:
        allowed = allowed & (row.wamid.does_not_exist() | (row.wamid == step.wamid))
    if step.wamid and step.state in WENT_OUT:
        another: Condition = row.wamid.does_not_exist() | (row.wamid != step.wamid)
        allowed = allowed | ((row.state == State.FAILED) & another)
    if step.reported and step.state in REPORTED:
        allowed = allowed | ((row.state == State.FAILED) & (row.reason == UNKNOWN))
    if step.seen is None:
        return allowed
    as_seen: Condition = (row.state == str(step.seen.state)) & (row.at == text(step.seen.at)) & allowed
    return as_seen


def actions(step: Step, part: str) -> list[Action]:
    """``delivery.taken``, as DynamoDB writes it."""
    row = DeliveryRow
    at = text(step.at) or ""
    found: list[Action] = [row.state.set(str(step.state)), row.at.set(at)]
    found += [
        name.set(value)
        for name, value in (
            (row.release_at, text(step.release_at)),
            (row.mode, step.mode),
            (row.wamid, step.wamid),
            (row.category, step.category),
        )
        if value
    ]
    found += [
        name.set(value) if value else name.remove()
        for name, value in (
            (row.look_at, text(step.look_at)),
            (row.look, part if is_watched(step.state, step.look_at) else None),
            (row.reason, step.reason),
        )
    ]
    if step.state in WENT_OUT | {State.FAILED}:
        code = step.code if step.state == State.FAILED else None
        found.append(row.code.remove() if code is None else row.code.set(code))
    if step.state == State.SENDING:
        found.append(row.tries.add(1))
    if step.state in (times := {State.SENT: row.sent_at, State.DELIVERED: row.delivered_at, State.READ: row.read_at}):
        found.append(times[step.state].set(at))
    return found


def is_due(delivery: Delivery, until: datetime | None) -> bool:
    """Whether it is still open and to be looked at by then."""
    if delivery.state not in OPEN or delivery.look_at is None:
        return False
    return until is None or delivery.look_at <= until


def unmet_of(error: LostRace) -> frozenset[int]:
    """Which rows of a transaction were there already; none of them, where another transaction was in the way."""
    cause = error.__cause__
    if not isinstance(cause, TransactWriteError):
        return frozenset()
    return frozenset(n for n, reason in enumerate(cause.cancellation_reasons) if reason and reason.code == UNMET)


def begin(cursor: str) -> tuple[int, str]:
    """Shard and citizen of a cursor; the beginning for an empty one."""
    if not cursor:
        return 0, ""
    shard, between, citizen = cursor.partition(BETWEEN)
    if not (between and citizen and shard.isascii() and shard.isdecimal() and int(shard) < SHARDS):
        raise BadInput("this is not a cursor of this list")
    return int(shard), citizen


def once(keys: Iterable[dict[str, str]]) -> Iterator[dict[str, str]]:
    """Each key the first time: a row that is moved on while its index is paged through comes again."""
    seen: set[str] = set()
    for key in keys:
        if key["citizen"] not in seen:
            seen.add(key["citizen"])
            yield key
