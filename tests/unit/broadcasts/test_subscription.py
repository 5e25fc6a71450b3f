"""Who a notice is for, and where subscriptions stand."""

from __future__ import annotations

import pytest
from canal.broadcasts.subscription import EACH, SHARDS, WEEKLY, Subscriber, shard_of


@pytest.mark.parametrize(
    ("mine", "of_the_notice", "wanted"),
    [
        ((), (), True),
        ((), ("vila",), True),
        (("vila",), (), True),
        (("vila", "alborxi"), ("alborxi",), True),
        (("vila",), ("alborxi",), False),
    ],
    ids=["all and all", "all and one", "one and all", "one of mine", "another's"],
)
def test_zones_meet_or_are_the_whole_town(mine: tuple[str, ...], of_the_notice: tuple[str, ...], wanted: bool) -> None:
    assert Subscriber("ES.1", mine).wants(of_the_notice, "") == wanted


def test_how_often_is_kept_to() -> None:
    weekly = Subscriber("ES.1", frequency=WEEKLY)
    assert weekly.wants((), WEEKLY)
    assert not weekly.wants((), EACH)
    assert weekly.wants((), "")


def test_citizens_spread_over_all_shards_and_stay_in_theirs() -> None:
    """The numbers are stored: another way to count them would lose every subscription."""
    found = [shard_of(f"ES.{number}") for number in range(10_000)]
    assert {found.count(shard) > 500 for shard in range(SHARDS)} == {True}
    assert [shard_of("ES.1"), shard_of("34600000001"), shard_of("ES.10000000000000000001")] == [12, 7, 3]
