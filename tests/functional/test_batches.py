"""Duplicates and reorderings of what Meta posts end in the same state: one change a message, in its own order."""

from __future__ import annotations

import json
from typing import Any

from canal.dialogue.citizen import Citizen
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import events
from tests.functional.town_hall import TownHall

START = 1795420800  # 2026-11-23 08:00:00 UTC
WORDS = [
    "Hola",
    "1",
    "2",
    "0",
    "bus",
    "sofà",
    "farmàcia",
    "castellano",
    "persona",
    "un rebut",
    "STOP",
    "99",
    "xyzzy",
    "arrere",
]
PEOPLE = ["ES.1001", "ES.1002", "ES.1003"]

Said = list[dict[str, Any]]


def messages(said: list[tuple[str, str]]) -> Said:
    """One message a second, in order."""
    return [
        {
            "from_user_id": who,
            "id": f"wamid.{number}",
            "timestamp": str(START + number),
            "type": "text",
            "text": {"body": words},
        }
        for number, (who, words) in enumerate(said)
    ]


def batch(said: Said) -> bytes:
    """One POST with all of it."""
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "34600000000", "phone_number_id": events.PHONE_NUMBER_ID},
        "messages": said,
    }
    entry = {"id": "100000000000001", "changes": [{"field": "messages", "value": value}]}
    return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()


def state(hall: TownHall) -> tuple[dict[str, Citizen], dict[tuple[str, str], tuple[Any, ...]]]:
    """What a citizen would notice: where everybody stands, and what was answered to each message."""
    return hall.rows.citizens, {key: turn.replies for key, turn in hall.rows.turns.items()}


def after(*posts: Said) -> TownHall:
    hall = TownHall()
    for said in posts:
        hall.take(batch(said))
    return hall


conversations = st.lists(st.tuples(st.sampled_from(PEOPLE), st.sampled_from(WORDS)), min_size=1, max_size=9)


@given(conversations.flatmap(lambda said: st.tuples(st.just(messages(said)), st.permutations(messages(said)))))
@settings(max_examples=40)
def test_a_batch_in_any_order_ends_as_it_was_said(both: tuple[Said, Said]) -> None:
    said, shuffled = both
    assert state(after(shuffled)) == state(after(said))


@given(
    conversations.flatmap(
        lambda said: st.tuples(st.just(messages(said)), st.lists(st.sampled_from(messages(said)), max_size=6))
    )
)
@settings(max_examples=40)
def test_repeats_in_the_batch_or_after_it_change_nothing(both: tuple[Said, Said]) -> None:
    said, repeats = both
    once = after(said)
    again = after([*said, *repeats], repeats, said)
    assert state(again) == state(once)
    assert len(again.outbox.sent) == len(once.outbox.sent)


@given(conversations, st.integers(1, 8))
@settings(max_examples=40)
def test_however_the_batch_is_cut_the_end_is_the_same(said: list[tuple[str, str]], cut: int) -> None:
    all_of_it = messages(said)
    assert state(after(all_of_it[:cut], all_of_it[cut:])) == state(after(all_of_it))


def test_20_numbered_messages_at_once_are_answered_completely_and_in_order() -> None:
    said = messages([("ES.1001", str(number)) for number in range(1, 21)])
    hall = after(said[::-1])
    assert [turn.wamid for turn in hall.rows.turns.values()] == [message["id"] for message in said]
    assert len(hall.outbox.sent) == 20
    assert [body["context"]["message_id"] for body in hall.outbox.sent[1:]] == [each["id"] for each in said[1:]]
