"""Cases in a turn: saved with it or not at all, handed over at least once, never in the way of the reply."""

from __future__ import annotations

from dataclasses import replace

import pytest
from canal.adapters.outbox import render
from canal.dialogue.messages import Inbound, Tap
from canal.errors import Temporary
from canal.incidents import changes
from canal.incidents.case import Case, Kind
from canal.incidents.numbers import case_number
from canal.services.answers import Answers
from canal.services.conversation import Conversation

from tests.builders import NOON, a_case, citizen, inbound
from tests.fakes import FakeCaseQueue, FakeCases, FakeConversations, FakeLinks, FakeOutbox, FakeTowns
from tests.towns import alzira


class Counter:
    """A conversation service and all that a case passes through."""

    def __init__(self, *cases: Case, outage: Exception | None = None, silent: Exception | None = None) -> None:
        self.cases = FakeCases(*cases)
        self.rows = FakeConversations(self.cases)
        self.rows.citizens["ES.1001"] = citizen(version=1)
        self.outbox = FakeOutbox(*filter(None, [silent]))
        self.routing = FakeCaseQueue(outage)
        answers = Answers(self.cases, FakeLinks())
        town = FakeTowns(alzira())
        self.service = Conversation(self.rows, self.outbox, town, render, lambda: NOON, answers, self.routing)

    def ask_for_a_person(self) -> Inbound:
        message = inbound(Tap("person"))
        self.service.answer(message)
        return message


def test_a_case_is_saved_with_the_turn_and_handed_over_once() -> None:
    counter = Counter()
    counter.ask_for_a_person()
    (case,) = counter.cases.rows.values()
    assert (case.kind, case.version) == (Kind.PERSON, 1)
    assert counter.routing.messages == [{"case": case.id}]
    assert len(counter.outbox.sent) == 1


def test_a_repeated_message_hands_the_same_case_over_again_and_files_no_other() -> None:
    counter = Counter()
    message = counter.ask_for_a_person()
    counter.service.answer(message)
    assert len(counter.cases.rows) == 1
    assert counter.routing.messages[0] == counter.routing.messages[1]


def test_a_queue_that_does_not_answer_keeps_nobody_from_the_reply() -> None:
    counter = Counter(outage=Temporary("SQS"))
    counter.ask_for_a_person()
    assert len(counter.cases.rows) == 1
    assert len(counter.outbox.sent) == 1


def test_a_case_is_handed_over_before_a_reply_that_cannot_go_out_now() -> None:
    counter = Counter(silent=Temporary("503"))
    with pytest.raises(Temporary):
        counter.ask_for_a_person()
    assert len(counter.routing.messages) == 1


def test_what_the_turn_keeps_of_a_case_holds_no_word_of_the_citizen() -> None:
    counter = Counter()
    counter.ask_for_a_person()
    counter.service.answer(inbound("em diuen Aina i visc al carrer Major"))
    assert "Aina" in str(counter.cases.rows)
    assert "Aina" not in str([turn.events for turn in counter.rows.turns.values()])


class Meddled(FakeCases):
    """Staff change the case between the citizen's read and their write, the first time."""

    meddled = False

    def check(self, case: Case) -> None:
        stored = self.rows.get(case.id)
        if stored and not self.meddled:
            self.meddled = True
            noted = changes.noted(stored, NOON, "serveis@canal.test", "hi anem demà")
            self.rows[case.id] = replace(noted, version=stored.version + 1)
        super().check(case)


def test_a_change_of_staff_in_between_is_kept_and_the_citizen_s_comes_after_it() -> None:
    counter = Counter()
    counter.ask_for_a_person()
    (case,) = counter.cases.rows.values()
    meddled = Meddled(case)
    counter.rows.store = meddled
    answers, town = Answers(meddled, FakeLinks()), FakeTowns(alzira())
    service = Conversation(counter.rows, counter.outbox, town, render, lambda: NOON, answers, counter.routing)
    service.answer(inbound("no em va la llum de casa"))
    history = [(event.what, event.words) for event in meddled.rows[case.id].history]
    assert [words for _, words in history[1:]] == ["hi anem demà", "no em va la llum de casa"]


def test_news_that_was_held_back_is_asked_for_when_the_citizen_writes() -> None:
    counter = Counter(a_case(version=1))
    counter.rows.citizens["ES.1001"] = citizen(version=1, held=True)
    counter.service.answer(inbound("hola"))
    assert counter.routing.messages == [{"citizen": "ES.1001"}]
    assert not counter.rows.citizens["ES.1001"].held


def test_a_turn_that_asks_nothing_looks_nothing_up() -> None:
    counter = Counter()
    counter.service.answer(inbound("menú"))
    assert counter.cases.calls == []


def test_a_number_that_is_taken_gives_way_to_another() -> None:
    counter = Counter()
    message = inbound(Tap("person"))
    taken = case_number(message.id)
    counter.cases.rows[taken] = a_case(id=taken, citizen="ES.9", version=1)
    counter.service.answer(message)
    (mine,) = counter.cases.of("ES.1001")
    assert mine.id != taken
    assert counter.cases.rows[taken].citizen == "ES.9"
    assert mine.id in str(counter.outbox.sent)
