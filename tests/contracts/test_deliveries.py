"""The ``Deliveries`` port: the same checks on the fake and on DynamoDB (moto)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from botocore.exceptions import ClientError
from canal.adapters import dynamo_batches, dynamo_deliveries
from canal.adapters.dynamo_deliveries import DynamoDeliveries
from canal.adapters.notice_models import DeliveryRow
from canal.broadcasts.delivery import OPEN, UNKNOWN, Delivery, State, Step, follows, taken
from canal.broadcasts.outside import Deliveries
from canal.broadcasts.subscription import SHARDS, shard_of
from canal.errors import BadInput, LostRace, Throttled
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pynamodb.connection import Connection
from pynamodb.connection.table import TableConnection
from pynamodb.exceptions import CancellationReason, UpdateError, VerboseClientError

from tests.contracts.tables import TABLES, dynamodb
from tests.contracts.test_failing_rows import Crash, Wire, wire
from tests.noticeboard import MONDAY, Board, FakeDeliveries

__all__ = ["wire"]

LATER = MONDAY + timedelta(minutes=2)


@pytest.fixture(params=["fake", "dynamo"])
def rows(request: pytest.FixtureRequest) -> Iterator[Deliveries]:
    if request.param == "fake":
        yield FakeDeliveries(Board())
        return
    with dynamodb("deliveries"):
        yield DynamoDeliveries(TABLES)


@pytest.fixture
def stored() -> Iterator[DynamoDeliveries]:
    with dynamodb("deliveries"):
        yield DynamoDeliveries(TABLES)


def a_delivery(citizen: str = "ES.1", **changes: Any) -> Delivery:
    return replace(Delivery("c1", citizen, "ca", "template", MONDAY, look_at=LATER), **changes)


def many(count: int, **changes: Any) -> list[Delivery]:
    return [a_delivery(f"ES.{n}", **changes) for n in range(count)]


def read(rows: Deliveries, citizen: str = "ES.1") -> Delivery:
    return rows.load("c1", [citizen])[citizen]


FULL = a_delivery(
    state=State.READ,
    release_at=MONDAY,
    look_at=None,
    tries=2,
    wamid="wamid.1",
    code=131026,
    reason="unreachable",
    category="utility",
    sent_at=MONDAY,
    delivered_at=LATER,
    read_at=LATER,
)


# --- planning ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("delivery", [a_delivery(), FULL, a_delivery(language="", mode="", code=0)])
def test_what_is_planned_is_loaded_to_the_last_field(rows: Deliveries, delivery: Delivery) -> None:
    rows.plan([delivery])
    assert rows.load("c1", ["ES.1", "ES.2", "ES.1"]) == {"ES.1": delivery}


def test_nothing_planned_and_nobody_asked_for_is_nothing(rows: Deliveries) -> None:
    rows.plan([])
    assert rows.load("c1", []) == {}
    assert rows.load("c1", ["ES.1"]) == {}


def test_more_than_a_transaction_takes_is_planned_and_loaded(rows: Deliveries) -> None:
    rows.plan(many(250))
    assert rows.load("c1", [each.citizen for each in many(250)]) == {each.citizen: each for each in many(250)}


def test_planning_again_leaves_what_is_there_as_it_is(rows: Deliveries) -> None:
    rows.plan(many(130)[::2])
    rows.take("c1", "ES.0", Step(State.SENDING, MONDAY, LATER))
    rows.plan(many(130, mode="text"))
    modes = Counter(each.mode for each in rows.load("c1", [each.citizen for each in many(130)]).values())
    assert modes == {"template": 65, "text": 65}
    assert read(rows, "ES.0").state == State.SENDING


def test_one_planned_twice_in_a_page_is_planned_as_it_came_first(rows: Deliveries) -> None:
    rows.plan([a_delivery(), a_delivery(mode="text")])
    assert read(rows).mode == "template"


def test_planning_killed_anywhere_is_finished_by_the_next_try(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dynamo_batches, "AT_ONCE", 10)
    with dynamodb("deliveries"):
        rows = DynamoDeliveries(TABLES)
        for at, after in product(range(3), (False, True)):
            campaign = f"c{at}{after}"
            wire.expect(at, after=after)
            with pytest.raises(Crash):
                rows.plan(many(25, campaign=campaign))
            wire.expect(None)
            rows.plan(many(25, campaign=campaign))
            assert rows.counts(campaign) == {State.QUEUED: 25}


def test_rows_that_another_planner_is_writing_are_tried_again(
    stored: DynamoDeliveries, monkeypatch: pytest.MonkeyPatch
) -> None:
    dispatch, refused = Connection.dispatch, [0]

    def conflicting(self: Connection, operation: str, request: dict[str, Any]) -> Any:
        if operation == "TransactWriteItems" and refused[0] < 2:
            refused[0] += 1
            raise conflict(len(request["TransactItems"]))
        return dispatch(self, operation, request)

    monkeypatch.setattr(Connection, "dispatch", conflicting)
    stored.plan(many(3))
    assert stored.counts("c1") == {State.QUEUED: 3}
    refused[0] = -99
    with pytest.raises(LostRace):
        stored.plan(many(5))


def conflict(items: int) -> Exception:
    reasons = [CancellationReason(code="TransactionConflict"), *[None] * (items - 1)]
    said: Any = {"Error": {"Code": "TransactionCanceledException"}}
    return VerboseClientError(said, "TransactWriteItems", {}, cancellation_reasons=reasons)


# --- steps ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reason", ["", UNKNOWN, "blocked"])
@pytest.mark.parametrize("reported", [False, True])
def test_a_step_is_taken_exactly_when_it_follows(rows: Deliveries, reported: bool, reason: str) -> None:
    pairs = list(product(State, State))
    rows.plan([a_delivery(f"ES.{n}", state=old, reason=reason) for n, (old, _) in enumerate(pairs)])
    for n, (old, new) in enumerate(pairs):
        before, step = read(rows, f"ES.{n}"), Step(new, LATER, reported=reported)
        assert rows.take("c1", before.citizen, step) is follows(step, before), (old, new)
        assert read(rows, before.citizen) == (taken(before, step) if follows(step, before) else before), (old, new)


def test_a_step_of_somebody_who_was_never_planned_is_not_taken_and_leaves_no_trace(rows: Deliveries) -> None:
    assert rows.take("c1", "ES.1", Step(State.SENDING, MONDAY, LATER)) is False
    assert rows.load("c1", ["ES.1"]) == {}


def test_of_two_who_claim_one_gets_it(rows: Deliveries) -> None:
    rows.plan([a_delivery()])
    claim = Step(State.SENDING, MONDAY, LATER)
    assert [rows.take("c1", "ES.1", claim), rows.take("c1", "ES.1", claim)] == [True, False]
    assert read(rows).tries == 1


moments = st.none() | st.integers(0, 10**6).map(lambda n: MONDAY + timedelta(microseconds=n * 997))
words = st.sampled_from(["", "a", "marketing"])
codes = st.none() | st.integers(0, 200_000)
deliveries = st.builds(
    Delivery,
    campaign=st.just("c1"),
    citizen=st.integers(0, 10**9).map(lambda n: f"ES.{n}"),
    language=st.sampled_from(["ca", "es"]),
    mode=words,
    at=st.just(MONDAY),
    state=st.sampled_from(State),
    release_at=moments,
    look_at=moments,
    tries=st.integers(0, 3),
    wamid=words,
    code=codes,
    reason=st.sampled_from(["", UNKNOWN]),
    category=words,
    sent_at=moments,
    delivered_at=moments,
    read_at=moments,
)
steps = st.builds(
    Step,
    state=st.sampled_from(State),
    at=st.just(LATER),
    look_at=moments,
    release_at=moments,
    mode=words,
    wamid=words,
    code=codes,
    reason=words,
    category=words,
    reported=st.booleans(),
)


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(delivery=deliveries, step=steps)
def test_dynamodb_takes_steps_as_the_rules_say(stored: DynamoDeliveries, delivery: Delivery, step: Step) -> None:
    DeliveryRow(dynamo_deliveries.key_of("c1", delivery.citizen)["part"], delivery.citizen).delete()
    stored.plan([delivery])
    assert stored.take("c1", delivery.citizen, step) is follows(step, delivery)
    after = taken(delivery, step) if follows(step, delivery) else delivery
    assert read(stored, delivery.citizen) == after
    watched = after.state in OPEN and after.look_at is not None
    assert bool(stored.waiting("c1", shard_of(delivery.citizen), None, 99)) is watched
    row = DeliveryRow.get(dynamo_deliveries.key_of("c1", delivery.citizen)["part"], delivery.citizen)
    assert (row.look is not None) is watched
    row.delete()


@pytest.mark.parametrize("after", [False, True])
def test_a_claim_that_crashes_is_made_or_not_and_never_twice(wire: Wire, after: bool) -> None:
    with dynamodb("deliveries"):
        rows = DynamoDeliveries(TABLES)
        rows.plan([a_delivery()])
        wire.expect(0, after=after)
        claim = Step(State.SENDING, MONDAY, LATER)
        with pytest.raises(Crash):
            rows.take("c1", "ES.1", claim)
        wire.expect(None)
        assert rows.take("c1", "ES.1", claim) is not after
        assert read(rows).tries == 1


def test_a_write_that_was_in_the_way_is_told_from_a_step_that_does_not_follow(
    stored: DynamoDeliveries, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Connection, operation: str, request: dict[str, Any]) -> Any:
        raise UpdateError(cause=ClientError({"Error": {"Code": "TransactionConflictException"}}, "x"))

    monkeypatch.setattr(Connection, "dispatch", refuse)
    with pytest.raises(LostRace):
        stored.take("c1", "ES.1", Step(State.SENDING, MONDAY, LATER))


def test_a_delivery_is_kept_for_180_days(stored: DynamoDeliveries) -> None:
    stored.plan([a_delivery()])
    (row,) = DeliveryRow.scan()
    assert row.expires_at - MONDAY == timedelta(days=180)


# --- looking ----------------------------------------------------------------------------------------


def in_shard(shard: int, count: int) -> list[str]:
    found = (f"ES.{n}" for n in range(10**6) if shard_of(f"ES.{n}") == shard)
    return [next(found) for _ in range(count)]


def test_those_waiting_come_by_their_hour_and_only_the_open_ones_that_are_due(rows: Deliveries) -> None:
    one, two, three, four, five, six = in_shard(3, 6)
    rows.plan(
        [
            a_delivery(one, look_at=MONDAY + timedelta(hours=2)),
            a_delivery(two, look_at=MONDAY + timedelta(hours=1)),
            a_delivery(three, look_at=MONDAY, state=State.SENT),
            a_delivery(four, look_at=None),
            a_delivery(five, look_at=MONDAY, state=State.SENDING),
            a_delivery(six, look_at=MONDAY, campaign="c2"),
        ]
    )
    due = rows.waiting("c1", 3, MONDAY + timedelta(hours=1), 10)
    assert [each.citizen for each in due] == [five, two]
    assert due[1].look_at == MONDAY + timedelta(hours=1)
    assert [each.citizen for each in rows.waiting("c1", 3, None, 10)] == [five, two, one]
    assert [each.citizen for each in rows.waiting("c1", 3, None, 1)] == [five]
    assert rows.waiting("c1", 4, None, 10) == ()


def test_one_that_is_closed_is_not_waiting_any_more(rows: Deliveries) -> None:
    rows.plan([a_delivery()])
    rows.take("c1", "ES.1", Step(State.SKIPPED, MONDAY, reason="left"))
    assert rows.waiting("c1", shard_of("ES.1"), None, 10) == ()


def test_what_a_late_index_still_shows_is_dropped_and_does_not_count_for_the_limit(
    stored: DynamoDeliveries, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed, open_, later = in_shard(0, 3)
    stored.plan([a_delivery(closed, state=State.SENT), a_delivery(open_), a_delivery(later, look_at=LATER)])
    late = [DeliveryRow("c1#0", citizen) for citizen in (closed, "ES.gone", open_)]
    monkeypatch.setattr(DeliveryRow.by_look, "query", lambda *args, **more: iter(late))
    assert [each.citizen for each in stored.waiting("c1", 0, None, 1)] == [open_]
    assert stored.waiting("c1", 0, MONDAY, 1) == ()


def test_a_row_that_moves_while_its_index_is_read_comes_once(
    stored: DynamoDeliveries, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = in_shard(0, 2)
    stored.plan([a_delivery(first), a_delivery(second)])
    moved = [DeliveryRow("c1#0", citizen) for citizen in (first, second, first)]
    monkeypatch.setattr(DeliveryRow.by_look, "query", lambda *args, **more: iter(moved))
    assert [each.citizen for each in stored.waiting("c1", 0, None, 10)] == [first, second]


def test_to_see_whether_anybody_waits_one_page_is_read(
    stored: DynamoDeliveries, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored.plan([a_delivery(citizen) for citizen in in_shard(0, 30)])
    pages = []
    query = DeliveryRow.by_look.query

    def counted(*args: Any, **more: Any) -> Any:
        pages.append(more["page_size"])
        return query(*args, **more)

    monkeypatch.setattr(DeliveryRow.by_look, "query", counted)
    assert len(stored.waiting("c1", 0, None, 1)) == 1
    assert pages == [100]


def all_pages(rows: Deliveries, **how: Any) -> list[Delivery]:
    found, cursor = list[Delivery](), ""
    while True:
        page, cursor = rows.page("c1", cursor, **how)
        found += page
        if not cursor:
            return found


@pytest.mark.parametrize("limit", [1, 7, 40, 41, 200])
def test_the_pages_together_hold_every_recipient_once(rows: Deliveries, limit: int) -> None:
    rows.plan([*many(40), a_delivery("ES.1", campaign="c10")])
    found = all_pages(rows, limit=limit)
    assert sorted(each.citizen for each in found) == sorted(each.citizen for each in many(40))


def test_pages_can_be_of_some_states_only(rows: Deliveries) -> None:
    rows.plan(many(30))
    for n in range(0, 30, 3):
        rows.take("c1", f"ES.{n}", Step(State.FAILED, MONDAY, code=131026))
    found = all_pages(rows, limit=4, states=frozenset({State.FAILED, State.READ}))
    assert sorted(each.citizen for each in found) == sorted(f"ES.{n}" for n in range(0, 30, 3))
    assert all_pages(rows, limit=4, states=frozenset({State.READ})) == []


def test_a_page_looks_at_so_many_rows_and_no_more(stored: DynamoDeliveries, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dynamo_deliveries, "LOOKED_AT", 10)
    stored.plan(many(25))
    page, cursor = stored.page("c1", states=frozenset({State.READ}))
    assert page == ()
    assert cursor
    assert len(all_pages(stored, limit=100)) == 25


@pytest.mark.parametrize("cursor", ["x", "99:ES.1", "3:", ":ES.1", "٣:ES.1", "-1:ES.1"])
def test_a_cursor_that_is_none_is_bad_input(stored: DynamoDeliveries, cursor: str) -> None:
    with pytest.raises(BadInput):
        stored.page("c1", cursor)


def test_counts_are_those_of_the_rows(rows: Deliveries) -> None:
    rows.plan([*many(50), a_delivery("ES.1", campaign="c2")])
    for n in range(20):
        rows.take("c1", f"ES.{n}", Step(State.SENDING, MONDAY, LATER))
    for n in range(5):
        rows.take("c1", f"ES.{n}", Step(State.SENT, MONDAY, wamid="w"))
    assert rows.counts("c1") == {State.QUEUED: 30, State.SENDING: 15, State.SENT: 5}
    assert dict(rows.counts("none")) == {}
    assert len({shard_of(each.citizen) for each in many(50)}) == SHARDS


def test_counts_go_on_where_an_answer_ends(stored: DynamoDeliveries, monkeypatch: pytest.MonkeyPatch) -> None:
    stored.plan([a_delivery(citizen) for citizen in in_shard(5, 7)])
    query = TableConnection.query

    def short(self: TableConnection, *args: Any, **more: Any) -> Any:
        return query(self, *args, **{**more, "limit": 2})

    monkeypatch.setattr(TableConnection, "query", short)
    assert stored.counts("c1") == {State.QUEUED: 7}


# --- batches ----------------------------------------------------------------------------------------


def test_keys_that_dynamodb_leaves_for_later_are_asked_for_again(
    stored: DynamoDeliveries, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored.plan(many(10))
    waits = list[float]()
    dispatch = Connection.dispatch

    def stingy(self: Connection, operation: str, request: dict[str, Any]) -> Any:
        """Gives three rows at a time."""
        keys = request["RequestItems"]["deliveries"]["Keys"]
        request["RequestItems"]["deliveries"]["Keys"] = keys[:3]
        answer = dispatch(self, operation, request)
        if keys[3:]:
            answer["UnprocessedKeys"] = {"deliveries": {"Keys": keys[3:]}}
        return answer

    monkeypatch.setattr(Connection, "dispatch", stingy)
    keys = [dynamo_deliveries.key_of("c1", each.citizen) for each in many(10)]
    found = {row.citizen for row in dynamo_batches.rows_at(DeliveryRow, keys, waits.append)}
    assert found == {each.citizen for each in many(10)}
    assert waits == sorted(waits)
    assert len(waits) == 3


def test_keys_that_dynamodb_never_gives_are_throttling(
    stored: DynamoDeliveries, monkeypatch: pytest.MonkeyPatch
) -> None:
    def mean(self: Connection, operation: str, request: dict[str, Any]) -> Any:
        return {"Responses": {}, "UnprocessedKeys": request["RequestItems"]}

    monkeypatch.setattr(Connection, "dispatch", mean)
    with pytest.raises(Throttled):
        list(dynamo_batches.rows_at(DeliveryRow, [dynamo_deliveries.key_of("c1", "ES.1")], lambda seconds: None))


def test_who_has_not_claimed_lets_go_only_what_stands_as_it_was_read(rows: Deliveries) -> None:
    rows.plan([a_delivery()])
    waiting = read(rows)
    moved = Step(State.QUEUED, LATER, look_at=LATER, seen=waiting)
    assert rows.take("c1", "ES.1", Step(State.SENDING, MONDAY, look_at=LATER))
    assert not rows.take("c1", "ES.1", moved)
    claimed = read(rows)
    assert rows.take("c1", "ES.1", Step(State.QUEUED, LATER, look_at=LATER, seen=claimed))
    assert not rows.take("c1", "ES.1", Step(State.QUEUED, LATER, look_at=LATER, seen=claimed))
    assert rows.take("c1", "ES.1", Step(State.SKIPPED, LATER, reason="cancelled", seen=read(rows)))
