"""Who is told of an event, in which way, and what is noted of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from canal.adapters.whatsapp_errors import from_code
from canal.errors import Temporary
from canal.incidents import changes
from canal.incidents.case import Case, Event, Telling, What
from canal.incidents.states import State
from canal.services.telling import untold

from local.whatsapp.checks import World, check_message
from tests.builders import NOON, citizen
from tests.fakes import FakeCases
from tests.office import Office, joined_to, picture, record, report

NUMBER = "VXK4M2P9"
STAFF = "serveis@canal.test"
WORLD = World(media=lambda _: None, template=lambda *_: None)


def office(*others: Case) -> Office:
    """A case that is routed and told; then it is resolved, and that is to be told."""
    hall = Office(FakeCases(report(), *others))
    for number, each in enumerate(others):
        if each.citizen and hall.citizens.load(each.citizen) is None:
            phone = f"3460000020{number}"
            hall.citizens.add(citizen("es", key=each.citizen, user_id=each.citizen, phone=phone))
    case = hall.look()
    hall.outbox.sent.clear()
    hall.cases.save(changes.moved(case, hall.now, STAFF, State.RESOLVED, "Ja fa llum"))
    return hall


def told(case: Case) -> dict[str, str]:
    return dict(last(case).told)


def last(case: Case) -> Event:
    return case.history[-1]


def kinds(hall: Office) -> list[str]:
    for body in hall.outbox.sent:
        if body["type"] != "template":  # whether it is approved is no affair of ours
            check_message(body, WORLD)
    return [body["type"] for body in hall.outbox.sent]


def test_inside_the_window_the_citizen_gets_free_text() -> None:
    hall = office()
    assert told(hall.look()) == {NUMBER: "sent"}
    assert kinds(hall) in (["text"], ["interactive"])
    assert hall.outbox.sent[0]["biz_opaque_callback_data"].startswith(f"case#{NUMBER}#")


@pytest.mark.parametrize("minutes", [24 * 60 - 5, 24 * 60, 3 * 24 * 60])
def test_outside_the_window_they_get_the_approved_template_in_their_language(minutes: int) -> None:
    hall = office()
    hall.now = NOON + timedelta(minutes=minutes)
    assert told(hall.look()) == {NUMBER: "template"}
    (body,) = hall.outbox.sent
    assert (body["type"], body["template"]["name"]) == ("template", "case_update")
    assert body["template"]["language"] == {"code": "ca"}
    words, button = body["template"]["components"]
    assert all(each["parameter_name"] for each in words["parameters"])
    assert button["parameters"] == [{"type": "payload", "payload": f"my_cases:case:{NUMBER}"}]


def test_where_whatsapp_says_that_the_window_is_closed_the_template_goes() -> None:
    hall = office()
    hall.outbox.failures = [from_code(131047)]
    assert told(hall.look()) == {NUMBER: "template"}
    assert kinds(hall) == ["template"]


@pytest.mark.parametrize("code", [132000, 132001, 132005, 132007, 132012, 132015, 132016])
def test_where_the_template_cannot_go_either_the_news_is_held(code: int) -> None:
    hall = office()
    hall.now = NOON + timedelta(days=2)
    hall.outbox.failures = [from_code(code)]
    case = hall.look()
    assert (told(case), last(case).telling) == ({NUMBER: "held"}, Telling.DONE)
    who = hall.citizens.load("ES.1001")
    assert who is not None
    assert who.held


@pytest.mark.parametrize("code", [130403, 131026, 131021, 131050, 100, 131009])
def test_what_can_never_arrive_is_noted_with_its_code(code: int) -> None:
    hall = office()
    hall.outbox.failures = [from_code(code)]
    case = hall.look()
    assert (told(case), last(case).telling) == ({NUMBER: f"failed: {code}"}, Telling.DONE)


@pytest.mark.parametrize("code", [131016, 130429, 131056, 190, 131042])
def test_what_passes_is_told_later(code: int) -> None:
    hall = office()
    hall.outbox.failures = [from_code(code)]
    case = hall.look()
    assert (told(case), last(case).telling) == ({}, Telling.PENDING)
    assert told(hall.later(minutes=5).look()) == {NUMBER: "sent"}


def test_who_follows_is_told_the_same_over_any_number_of_steps_and_each_once() -> None:
    hall = office(
        joined_to(NUMBER, "SECOND22", "ES.2"),
        joined_to("SECOND22", "THIRD333", "ES.3"),
        joined_to(NUMBER, "AGAIN444", "ES.1001"),
        joined_to(NUMBER, "NOBODY55", ""),
        joined_to("ELSEWHERE", "OTHER666", "ES.6"),
    )
    assert told(hall.look()) == {NUMBER: "sent", "SECOND22": "sent", "THIRD333": "sent"}
    assert len(hall.outbox.sent) == 3


def test_cases_that_follow_each_other_in_a_circle_end() -> None:
    hall = office(joined_to(NUMBER, "SECOND22", "ES.2"))
    hall.cases.save(replace(hall.cases.rows[NUMBER], duplicate_of="SECOND22"))
    assert told(hall.look()) == {NUMBER: "sent", "SECOND22": "sent"}


def test_who_was_told_before_a_failure_is_not_told_again() -> None:
    hall = office(joined_to(NUMBER, "SECOND22", "ES.2"), joined_to(NUMBER, "THIRD333", "ES.3"))
    real, sent = hall.outbox.send, 0

    def send(body: dict[str, Any]) -> str:
        nonlocal sent
        sent += 1
        if sent == 2:
            raise Temporary("503")
        return real(body)

    hall.outbox.send = send  # type: ignore[method-assign]
    case = hall.look()
    assert (told(case), last(case).telling) == ({NUMBER: "sent", "THIRD333": "sent"}, Telling.PENDING)
    assert told(hall.later(minutes=5).look()) == {NUMBER: "sent", "SECOND22": "sent", "THIRD333": "sent"}
    assert len(hall.outbox.sent) == 3


def test_only_the_sender_hears_of_a_bad_photo() -> None:
    hall = office(joined_to(NUMBER, "SECOND22", "ES.2"))
    case = hall.look()
    hall.cases.save(changes.remarked(case, hall.now, "", [picture()]))
    hall.media.content["media.1"] = b"nothing"
    hall.outbox.sent.clear()
    assert told(hall.look()) == {NUMBER: "sent"}


def test_what_staff_write_to_each_other_is_told_to_nobody() -> None:
    hall = office()
    case = hall.look()
    hall.outbox.sent.clear()
    hall.cases.save(changes.noted(case, hall.now, STAFF, "no s'ho creguen"))
    hall.look()
    assert hall.outbox.sent == []


def test_who_wants_no_notices_still_hears_of_their_own_case() -> None:
    hall = office()
    hall.citizens.add(citizen(wants_marketing=False))
    assert told(hall.look()) == {NUMBER: "sent"}


def test_a_citizen_who_is_not_known_any_more_is_noted() -> None:
    hall = office()
    hall.citizens.conversations.citizens.clear()
    assert told(hall.look()) == {NUMBER: "failed: unknown"}


def test_a_citizen_without_phone_is_written_to_by_their_id_and_one_without_both_is_noted() -> None:
    hall = office()
    hall.citizens.add(citizen(phone=None))
    hall.look()
    assert hall.outbox.sent[0]["recipient"] == "ES.1001"
    hall = office()
    hall.citizens.add(citizen(phone=None, user_id=None))
    assert told(hall.look()) == {NUMBER: "failed: undeliverable"}


def test_news_of_a_merged_case_goes_to_its_own_citizen_and_from_then_on_so_does_the_originals() -> None:
    hall = office(report("SECOND22", citizen="ES.2"))
    second = hall.look("SECOND22")
    hall.look()
    hall.outbox.sent.clear()
    hall.cases.save(changes.merged(second, hall.now, STAFF, NUMBER))
    assert told(hall.look("SECOND22")) == {"SECOND22": "sent"}
    hall.cases.save(changes.reopened(hall.cases.rows[NUMBER], hall.now, STAFF, "Torna a fallar", None))
    assert told(hall.look()) == {NUMBER: "sent", "SECOND22": "sent"}


# --- what was held --------------------------------------------------------------------------------


def holding(*others: Case) -> Office:
    """Nobody could be told; then Aina writes again."""
    hall = office(*others)
    hall.now = NOON + timedelta(days=2)
    hall.outbox.failures = [from_code(132001)] * (1 + len(others))
    hall.look()
    hall.outbox.sent.clear()
    hall.citizens.add(replace(citizen(), last_inbound_at=hall.now, held=False))
    return hall


def tell(hall: Office, key: str = "ES.1001") -> tuple[list[str], dict[str, int]]:
    """What goes back to the queue, and the figures."""
    outcome = hall.errands().run([record({"citizen": key})])
    return outcome.failed, {name: count for name, count in outcome.figures.items() if count}


def test_what_comes_after_news_that_could_not_be_told_waits_for_it() -> None:
    hall = office()
    hall.cases.save(changes.answered(hall.cases.rows[NUMBER], hall.now, STAFF, "Hi anem"))
    waiting = [f"case#{NUMBER}#{event.id}" for event in untold(hall.cases.rows[NUMBER])]
    hall.outbox.failures = [Temporary("503")]
    hall.look()
    assert hall.outbox.sent == []
    hall.look()
    assert [body["biz_opaque_callback_data"] for body in hall.outbox.sent] == waiting
    assert len(waiting) == 2


def test_news_that_is_being_held_this_very_moment_is_waited_for() -> None:
    hall = holding()
    case = hall.cases.rows[NUMBER]
    at_work = changes.answered(case, hall.now, STAFF, "Gràcies")
    hall.cases.save(replace(at_work, lease_until=hall.now + timedelta(minutes=1)))
    assert tell(hall) == (["sqs-1"], {})
    hall.later(minutes=2).look()
    assert tell(hall) == ([], {"ToldSent": 1})


def test_what_was_held_is_told_in_one_message_and_only_once() -> None:
    hall = holding()
    case = hall.cases.rows[NUMBER]
    hall.cases.save(changes.answered(case, hall.now, STAFF, "Gràcies"))
    hall.outbox.failures = [from_code(131047), from_code(132001)]
    hall.look()
    assert tell(hall) == ([], {"ToldSent": 2})
    assert len(hall.outbox.sent) == 1
    assert [event.told for event in hall.cases.rows[NUMBER].history[-2:]] == [{NUMBER: "sent"}] * 2
    assert tell(hall) == ([], {})
    assert len(hall.outbox.sent) == 1


def test_who_follows_a_case_is_told_what_was_held_of_it_and_the_reporter_not_with_them() -> None:
    hall = holding(joined_to(NUMBER, "SECOND22", "ES.2"), joined_to("SECOND22", "THIRD333", "ES.3"))
    third = citizen("es", key="ES.3", user_id="ES.3", phone="34600000003")
    hall.citizens.add(replace(third, last_inbound_at=hall.now))
    assert tell(hall, "ES.3") == ([], {"ToldSent": 1})
    assert hall.outbox.sent[0]["to"] == "+34600000003"
    assert told(hall.cases.rows[NUMBER]) == {NUMBER: "held", "SECOND22": "held", "THIRD333": "sent"}


def test_a_window_that_closed_again_holds_the_news_again() -> None:
    hall = holding()
    hall.outbox.failures = [from_code(131047)]
    assert tell(hall) == ([], {})
    assert told(hall.cases.rows[NUMBER]) == {NUMBER: "held"}
    who = hall.citizens.load("ES.1001")
    assert who is not None
    assert who.held


def test_what_passes_gives_the_errand_back_to_the_queue() -> None:
    hall = holding()
    hall.outbox.failures = [Temporary("503")]
    assert tell(hall) == (["sqs-1"], {})
    assert tell(hall) == ([], {"ToldSent": 1})


def test_what_can_never_arrive_is_not_held_for_ever() -> None:
    hall = holding()
    hall.outbox.failures = [from_code(131026)]
    assert tell(hall) == ([], {"ToldFailed": 1})
    assert told(hall.cases.rows[NUMBER]) == {NUMBER: "failed: 131026"}


def test_nobody_known_and_nothing_held_are_no_errand() -> None:
    hall = office()
    assert tell(hall, "ES.9999") == ([], {})
    assert tell(hall) == ([], {})


def test_a_case_that_changes_while_its_held_news_is_told_keeps_both() -> None:
    hall = holding()
    real = hall.outbox.send

    def send(body: dict[str, Any]) -> str:
        hall.cases.save(changes.noted(hall.cases.rows[NUMBER], hall.now, STAFF, "mentrestant"))
        return real(body)

    hall.outbox.send = send  # type: ignore[method-assign]
    assert tell(hall) == ([], {"ToldSent": 1})
    case = hall.cases.rows[NUMBER]
    assert case.history[-1].what == What.NOTED
    assert case.history[-2].told == {NUMBER: "sent"}
