"""``receive`` and ``converse`` as built, under Lambda's own runtime, on every payload of ``events/``."""

from __future__ import annotations

import json
from typing import Any

import pytest

from local.rie import Emulator
from tests import events
from tests.rie.conftest import Graph, Queue

pytestmark = pytest.mark.rie


def answer(converse: Emulator, batch: dict[str, Any]) -> None:
    """``converse`` answers every record of ``batch``; if not, its log says why."""
    assert converse.invoke(batch) == {"batchItemFailures": []}, converse.log()[-2000:]


def test_meta_is_answered_with_its_challenge(receive: Emulator) -> None:
    confirmed = receive.invoke(events.verification(challenge="1158201444"))
    assert (confirmed["statusCode"], confirmed["body"]) == (200, "1158201444")


def test_a_wrong_signature_is_refused(receive: Emulator) -> None:
    assert receive.invoke(events.posted("webhook-hola", secret="another"))["statusCode"] == 401


def test_hola_goes_all_the_way_and_comes_back_answered(
    receive: Emulator, converse: Emulator, queue: Queue, graph: Graph
) -> None:
    assert receive.invoke(events.posted("webhook-hola"))["statusCode"] == 200
    for batch in queue.batches():
        answer(converse, batch)
    [reply] = graph.sent
    assert reply["messaging_product"] == "whatsapp"
    assert "alencià" in json.dumps(reply, ensure_ascii=False)


def test_a_hola_delivered_again_is_answered_again_and_changes_nothing(
    receive: Emulator, converse: Emulator, queue: Queue, graph: Graph
) -> None:
    hola = events.posted("webhook-number")
    receive.invoke(hola)
    [batch] = queue.batches()
    answer(converse, batch)
    first = graph.sent[-1]
    answer(converse, batch)
    assert graph.sent[-1] == first


@pytest.mark.parametrize("name", events.names())
def test_every_payload_is_taken_in_and_answered(name: str, receive: Emulator, converse: Emulator, queue: Queue) -> None:
    assert receive.invoke(events.posted(name))["statusCode"] in (200, 400)
    for batch in queue.batches():
        answer(converse, batch)


def test_the_logs_hold_no_words_and_no_numbers_of_citizens(receive: Emulator, converse: Emulator) -> None:
    """Runs last: both logs have seen every payload by now."""
    for log in (receive.log(), converse.log()):
        for secret in (events.PHONE, "Aina Prova", events.APP_SECRET, "local-access-token"):
            assert secret not in log
