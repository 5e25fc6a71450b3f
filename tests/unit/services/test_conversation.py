"""The promise: exactly once into the state, at least once to the citizen, whatever crashes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from canal.adapters.outbox import render
from canal.dialogue.messages import IdentityChanged, Inbound, MarketingPreference, Reaction, Sender
from canal.errors import LostRace, Stopped, Temporary, Throttled, Undeliverable
from canal.incidents.case import Case
from canal.services.answers import Answers
from canal.services.conversation import Conversation, merged

from tests.builders import AINA, NOON, citizen, inbound
from tests.fakes import FakeCaseQueue, FakeConversations, FakeLinks, FakeOutbox, FakeTowns
from tests.noticeboard import a_subscription
from tests.towns import alzira


class Desk:
    """A conversation service with everything around it fake."""

    def __init__(self, *failures: Exception, now: datetime = NOON) -> None:
        self.rows = FakeConversations()
        self.outbox = FakeOutbox(*failures)
        self.now = now
        self.routing = FakeCaseQueue()
        answers = Answers(self.rows.store, FakeLinks())
        town = FakeTowns(alzira())
        self.service = Conversation(self.rows, self.outbox, town, render, lambda: self.now, answers, self.routing)

    def say(self, words: str, **more: Any) -> Inbound:
        message = inbound(words, **more)
        self.service.answer(message)
        return message

    @property
    def bodies(self) -> list[str]:
        return [str((body.get("interactive") or body["text"])["body"]) for body in self.outbox.sent]


def test_a_turn_is_one_read_one_transaction_and_one_send() -> None:
    desk = Desk()
    desk.say("Hola")
    desk.rows.calls.clear()
    desk.outbox.sent.clear()
    desk.say("1")
    assert desk.rows.calls == ["load", "save"]
    assert len(desk.outbox.sent) == 1


def test_the_first_hola_makes_a_citizen_and_asks_for_the_language() -> None:
    desk = Desk()
    desk.say("Hola")
    assert desk.rows.citizens["ES.1001"].place == "welcome"
    assert "Valencià" in str(desk.outbox.sent[0])


def test_a_message_delivered_again_changes_nothing_and_sends_the_same_reply() -> None:
    desk = Desk()
    message = desk.say("Hola")
    after = dict(desk.rows.citizens)
    desk.service.answer(message)
    assert desk.rows.citizens == after
    assert desk.outbox.sent[0] == desk.outbox.sent[1]
    assert len(desk.rows.turns) == 1


@pytest.mark.parametrize("failure", [Temporary("503"), Throttled("130429"), Stopped("190")])
def test_a_reply_that_cannot_go_out_now_is_sent_when_the_queue_gives_the_message_again(
    failure: Exception,
) -> None:
    desk = Desk(failure)
    message = inbound("Hola")
    with pytest.raises(type(failure)):
        desk.service.answer(message)
    state = dict(desk.rows.citizens)
    desk.service.answer(message)
    assert len(desk.outbox.sent) == 1
    assert desk.rows.citizens == state


def test_a_reply_that_can_never_go_out_is_noted_and_does_not_loop() -> None:
    desk = Desk(Undeliverable("131026"))
    message = desk.say("Hola")
    assert desk.rows.turns["ES.1001", message.id].state == "undeliverable"
    desk.service.answer(message)
    assert desk.outbox.sent == []


def test_a_lost_race_is_run_again_on_the_newer_row(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk()
    desk.rows.citizens["ES.1001"] = replace(citizen(), version=1)
    save, lost = desk.rows.save, [True]

    def racing(*arguments: Any) -> None:
        if lost.pop() if lost else False:
            desk.rows.citizens["ES.1001"] = replace(citizen("es"), version=2)
            raise LostRace("somebody was faster")
        save(*arguments)

    monkeypatch.setattr(desk.rows, "save", racing)
    desk.say("menu")
    assert desk.rows.citizens["ES.1001"].language == "es"
    assert "¿Qué necesitas?" in desk.bodies[0]


def test_a_race_that_is_always_lost_gives_the_message_back(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk()

    def never(*arguments: Any) -> None:
        raise LostRace("always")

    monkeypatch.setattr(desk.rows, "save", never)
    with pytest.raises(LostRace):
        desk.say("Hola")
    assert desk.outbox.sent == []


def test_a_message_that_is_hours_late_is_still_answered_and_quoted() -> None:
    desk = Desk(now=NOON + timedelta(hours=3))
    message = desk.say("Hola", at=NOON)
    assert desk.outbox.sent[0]["context"] == {"message_id": message.id}


def test_a_message_that_is_days_late_changes_the_state_but_cannot_be_answered() -> None:
    desk = Desk(now=NOON + timedelta(days=3))
    message = desk.say("Hola", at=NOON)
    assert desk.outbox.sent == []
    assert desk.rows.turns["ES.1001", message.id].reason == "window_closed"
    assert "ES.1001" in desk.rows.citizens


def test_messages_sent_in_one_breath_are_answered_with_a_quote_of_each() -> None:
    desk = Desk()
    desk.say("Hola")
    second = desk.say("1", at=NOON + timedelta(seconds=1))
    assert "context" not in desk.outbox.sent[0]
    assert desk.outbox.sent[1]["context"] == {"message_id": second.id}


def test_a_reaction_is_not_answered_and_saves_nothing() -> None:
    desk = Desk()
    assert desk.service.answer(inbound(Reaction("👍", "wamid.OUT"))) is None
    assert "save" not in desk.rows.calls
    assert desk.outbox.sent == []


def test_a_citizen_without_a_phone_is_answered_by_user_id() -> None:
    desk = Desk()
    desk.say("Hola", sender=Sender("ES.7", None))
    assert desk.outbox.sent[0]["recipient"] == "ES.7"
    assert "to" not in desk.outbox.sent[0]


def test_a_citizen_known_by_phone_only_is_found_when_the_user_id_appears() -> None:
    desk = Desk()
    desk.say("Hola", sender=Sender(None, "34600000099"))
    desk.say("1", sender=Sender(None, "34600000099"))
    desk.say("menu", sender=AINA)
    assert set(desk.rows.citizens) == {"ES.1001"}
    assert desk.rows.citizens["ES.1001"].language == "ca"


def test_a_recycled_number_does_not_inherit_the_last_owners_row() -> None:
    desk = Desk()
    desk.rows.citizens["34600000099"] = replace(citizen(), key="34600000099", user_id="ES.OTHER", version=1)
    desk.say("Hola", sender=AINA)
    assert desk.rows.citizens["ES.1001"].language is None


CHANGED = IdentityChanged(("ES.1001", "34600000099"), "ES.2002", "34600000097")


def test_a_changed_number_keeps_the_conversation() -> None:
    desk = Desk()
    desk.say("Hola")
    desk.say("2")
    desk.service.answer(inbound(CHANGED))
    assert desk.rows.citizens["ES.2002"].language == "es"
    assert desk.rows.citizens["ES.2002"].phone == "34600000097"
    desk.say("menu", sender=Sender("ES.2002", "34600000097"))
    assert "¿Qué necesitas?" in desk.bodies[-1]


def test_a_changed_number_told_twice_changes_nothing_more() -> None:
    desk = Desk()
    desk.say("Hola")
    desk.service.answer(inbound(CHANGED))
    after = dict(desk.rows.citizens)
    desk.service.answer(inbound(CHANGED))
    assert desk.rows.citizens == after


def test_a_late_message_under_the_old_number_goes_on_under_the_new_one() -> None:
    desk = Desk()
    desk.say("Hola")
    desk.say("1")
    desk.service.answer(inbound(CHANGED))
    desk.say("menu", sender=AINA)
    assert set(desk.rows.citizens) == {"ES.2002"}


def test_a_number_changed_back_keeps_the_conversation() -> None:
    desk = Desk()
    desk.say("Hola")
    desk.say("2")
    desk.service.answer(inbound(CHANGED))
    desk.service.answer(inbound(IdentityChanged(("ES.2002", "34600000097"), "ES.1001", "34600000099")))
    assert set(desk.rows.citizens) == {"ES.1001"}
    desk.say("menu")
    assert "¿Qué necesitas?" in desk.bodies[-1]


def test_a_message_that_meets_a_change_of_number_halfway_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk()
    for words in ("Hola", "1"):
        desk.say(words, sender=Sender(None, "34600000099"))
    move = desk.rows.move

    def beaten(*arguments: Any) -> None:
        monkeypatch.undo()
        move(*arguments)  # the system message, run at the same time, was faster
        move(*arguments)

    monkeypatch.setattr(desk.rows, "move", beaten)
    desk.say("menu", sender=AINA)
    assert len(desk.outbox.sent) == 3
    assert desk.rows.citizens["ES.1001"].language == "ca"


def test_who_wrote_under_the_new_number_first_is_joined_and_an_opt_out_stands() -> None:
    desk = Desk()
    desk.rows.citizens["ES.1001"] = replace(citizen("es"), wants_marketing=False, version=3)
    desk.say("Hola", sender=Sender("ES.2002", "34600000097"))
    desk.service.answer(inbound(CHANGED))
    joined = desk.rows.citizens["ES.2002"]
    assert (joined.language, joined.wants_marketing) == ("es", False)
    assert "ES.1001" not in desk.rows.citizens


@pytest.mark.parametrize("kept", ["blocked", "held"])
def test_a_block_and_news_that_waits_stand_when_two_rows_become_one(kept: str) -> None:
    desk = Desk()
    desk.rows.citizens["ES.1001"] = replace(citizen(), version=3, **{kept: True})  # type: ignore[arg-type]
    desk.say("Hola", sender=Sender("ES.2002", "34600000097"))
    desk.service.answer(inbound(CHANGED))
    assert getattr(desk.rows.citizens["ES.2002"], kept)


def test_that_news_waited_for_this_message_is_not_forgotten_when_the_queue_does_not_answer() -> None:
    desk = Desk()
    desk.rows.citizens["ES.1001"] = replace(citizen(), version=3, held=True)
    desk.routing.failure = Temporary("SQS: 503")
    message = inbound("menu")
    with pytest.raises(Temporary):
        desk.service.answer(message)
    desk.routing.failure = None
    desk.service.answer(message)
    assert desk.routing.messages == [{"citizen": "ES.1001"}]
    assert len(desk.outbox.sent) == 1


def test_subscriptions_under_both_keys_are_joined() -> None:
    old = citizen(subscriptions={"agenda": a_subscription("agenda"), "alerts": a_subscription()})
    new = citizen(key="ES.2002", subscriptions={"alerts": a_subscription(zones=("vila",))})
    kept = merged(old, new, "ES.2002", CHANGED).subscriptions
    assert set(kept) == {"agenda", "alerts"}
    assert kept["alerts"].zones == ("vila",)


def test_a_key_that_changes_before_anything_was_said_under_it_keeps_the_subscriptions() -> None:
    old = citizen(subscriptions={"alerts": a_subscription()}, wants_marketing=False)
    assert merged(old, None, "ES.2002", CHANGED).subscriptions == old.subscriptions


def test_who_said_no_more_under_the_new_key_gets_nothing_from_the_old_one() -> None:
    old = citizen(subscriptions={"alerts": a_subscription()})
    new = citizen(key="ES.2002", wants_marketing=False)
    assert merged(old, new, "ES.2002", CHANGED).subscriptions == {}


def test_whatsapps_own_opt_out_is_obeyed_without_an_answer() -> None:
    desk = Desk()
    desk.service.answer(inbound(MarketingPreference("stop")))
    assert desk.rows.citizens["ES.1001"].wants_marketing is False
    assert desk.outbox.sent == []


def said(case: Case) -> list[str]:
    """Everything that the citizen told, the newest last."""
    return [case.words, *(event.words for event in case.history)]


def test_a_request_for_a_person_becomes_one_case_with_all_its_words() -> None:
    desk = Desk()
    for words in ("Hola", "1", "vull parlar amb una persona", "És per un rebut"):
        desk.say(words)
    (case,) = desk.rows.cases.values()
    assert case.kind == "person"
    assert "És per un rebut" in said(case)


def test_a_long_request_for_a_person_is_kept_to_its_last_word() -> None:
    desk = Desk()
    for words in ("Hola", "1", "vull parlar amb una persona", "una llarga història " * 200, "i el final"):
        desk.say(words)
    (case,) = desk.rows.cases.values()
    assert said(case)[-1] == "i el final"


def test_erasure_leaves_no_row_and_no_words() -> None:
    desk = Desk()
    for words in ("Hola", "1", "persona", "esborra'm", "1"):
        desk.say(words)
    assert desk.rows.citizens == {}
    (case,) = desk.rows.cases.values()
    assert (case.erased, case.citizen, case.words) == (True, "", "")  # ``route`` deletes the row with its files
    *earlier, _ = desk.rows.turns.values()
    assert all(turn.replies == () for turn in earlier)
    desk.say("Hola")
    assert "Valencià" in str(desk.outbox.sent[-1])


def crash_points() -> list[tuple[str, bool]]:
    return [(call, after) for call in ("load", "save", "send") for after in (False, True)]


@pytest.mark.parametrize(("call", "after"), crash_points())
def test_a_crash_at_any_call_ends_after_redelivery_in_one_change_and_a_reply(call: str, after: bool) -> None:
    desk = Desk()
    desk.say("Hola")
    desk.outbox.sent.clear()
    target: Any = desk.outbox if call == "send" else desk.rows
    real: Callable[..., Any] = getattr(target, call)
    crashed: list[bool] = []

    def crashing(*arguments: Any) -> Any:
        setattr(target, call, real)
        if after:
            real(*arguments)
        crashed.append(True)
        raise Temporary("crash")

    setattr(target, call, crashing)
    message = inbound("2")
    with pytest.raises(Temporary):
        desk.service.answer(message)
    desk.service.answer(message)
    assert crashed
    assert desk.rows.citizens["ES.1001"].language == "es"
    assert desk.rows.citizens["ES.1001"].version == 2
    assert {str(body) for body in desk.outbox.sent} == {str(desk.outbox.sent[0])}
    assert len(desk.outbox.sent) == (2 if (call, after) == ("send", True) else 1)
