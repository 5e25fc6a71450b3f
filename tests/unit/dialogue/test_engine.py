"""The order of the questions: silence, danger, language, what was offered, commands, places."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from canal.dialogue.citizen import Place
from canal.dialogue.engine import MAX_TRAIL, step
from canal.dialogue.messages import (
    Content,
    IdentityChanged,
    MarketingPreference,
    Media,
    Pin,
    Reaction,
    Say,
    Sender,
    Tap,
    Unsupported,
)
from canal.dialogue.turn import OptedIn, OptedOut

from tests.builders import NOON, Talk, citizen, inbound
from tests.towns import alzira

STICKER = Media("sticker", "media.1", "image/webp")


# --- silence --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        STICKER,
        Reaction("👍", "wamid.OUT"),
        Reaction("", "wamid.OUT"),
        Unsupported("system"),
        Unsupported("revoke"),
        IdentityChanged(("ES.1001",), "ES.2002", None),
    ],
    ids=lambda content: type(content).__name__,
)
def test_what_is_no_question_gets_no_answer_and_changes_nothing(content: Content) -> None:
    before = citizen(place=Place.BUS)
    turn = step(before, inbound(content), alzira(), NOON)
    assert (turn.citizen, turn.replies, turn.effects) == (before, (), ())


@pytest.mark.parametrize("kind", ["poll", "order", "flow", "something_new"])
def test_what_whatsapp_does_not_pass_on_is_answered_with_a_way_on(kind: str) -> None:
    talk = Talk()
    talk.say(Unsupported(kind))
    assert talk.options == ["menu", "person"]


# --- WhatsApp's window and its own switch ---------------------------------------------------------------


def test_a_message_opens_the_window_at_its_own_time() -> None:
    turn = step(citizen(), inbound("menu", at=NOON + timedelta(minutes=5)), alzira(), NOON + timedelta(hours=2))
    assert turn.citizen.last_inbound_at == NOON + timedelta(minutes=5)


def test_an_older_message_that_arrives_later_does_not_turn_the_window_back() -> None:
    turn = step(citizen(), inbound("menu", at=NOON - timedelta(hours=3)), alzira(), NOON)
    assert turn.citizen.last_inbound_at == NOON


def test_the_first_message_is_when_we_met() -> None:
    first = replace(citizen(None), since=None, last_inbound_at=None)
    assert step(first, inbound("Hola"), alzira(), NOON).citizen.since == NOON


def test_whatsapps_own_switch_is_obeyed_without_a_word() -> None:
    stopped = step(citizen(), inbound(MarketingPreference("stop")), alzira(), NOON)
    assert (stopped.citizen.wants_marketing, stopped.replies, stopped.effects) == (False, (), (OptedOut(),))
    resumed = step(stopped.citizen, inbound(MarketingPreference("resume")), alzira(), NOON)
    assert (resumed.citizen.wants_marketing, resumed.replies, resumed.effects) == (True, (), (OptedIn(),))


def test_a_switch_turned_on_before_the_last_words_undoes_nothing() -> None:
    """Meta may tell of it late: whoever said stop since has stopped."""
    stopped = step(citizen(), inbound("STOP", at=NOON + timedelta(minutes=5)), alzira(), NOON).citizen
    late = inbound(MarketingPreference("resume"), at=NOON + timedelta(minutes=2))
    turn = step(stopped, late, alzira(), NOON + timedelta(minutes=6))
    assert (turn.citizen.wants_marketing, turn.effects) == (False, ())


# --- sessions -------------------------------------------------------------------------------------


def test_after_the_session_the_numbers_are_those_of_the_menu_and_the_language_stays() -> None:
    talk = Talk(citizen("es"))
    talk.say("2")
    talk.now += alzira().session + timedelta(minutes=1)
    talk.say("3")
    assert (talk.citizen.place, talk.citizen.language) == (Place.PHARMACY, "es")


def test_within_the_session_the_numbers_are_those_that_were_offered() -> None:
    talk = Talk()
    talk.say("2")
    talk.now += alzira().session - timedelta(minutes=1)
    talk.say("3")
    assert talk.citizen.place == Place.BUS


def test_after_the_session_back_leads_to_the_menu() -> None:
    talk = Talk()
    talk.say("2", "1")
    talk.now += timedelta(days=3)
    talk.say("arrere")
    assert talk.citizen.place == Place.MENU


# --- back -----------------------------------------------------------------------------------------


def test_back_walks_the_screens_the_other_way_round() -> None:
    talk = Talk()
    talk.say("7", "1", "2")
    assert [talk.say("arrere") and talk.citizen.trail[-1] for _ in range(3)] == [
        "procedures:family:padro:1",
        "procedures",
        "menu",
    ]


def test_back_from_an_answer_without_address_leads_to_the_screen_before_it() -> None:
    talk = Talk()
    talk.say("7", "obres", "arrere")
    assert talk.citizen.trail == ("procedures",)
    talk.say("xyzzy qwfp", "arrere")
    assert talk.citizen.trail == ("procedures",)


def test_back_from_a_map_leads_to_the_stop_that_it_shows() -> None:
    talk = Talk()
    talk.tap("bus:stop:hospital")
    talk.say("1", "arrere")
    assert talk.citizen.trail[-1] == "bus:stop:hospital"


def test_coming_back_to_a_screen_cuts_what_lay_beyond_it() -> None:
    talk = Talk()
    for address in ("menu", "bus", "bus:line:1", "bus"):
        talk.tap(address)
    assert talk.citizen.trail == ("menu", "bus")


def test_back_at_the_very_beginning_is_the_menu() -> None:
    talk = Talk()
    talk.say("arrere")
    assert talk.citizen.place == Place.MENU
    assert isinstance(talk.reply, Say)


def test_back_leaves_out_screens_that_no_longer_exist() -> None:
    talk = Talk(citizen(place=Place.JOBS, trail=("bus", "bus:stop:gone", "a_place_of_old:1", "jobs")))
    talk.say("arrere")
    assert talk.citizen.trail == ("bus",)


def test_the_trail_does_not_grow_without_end() -> None:
    talk = Talk()
    for stop in alzira().bus.line("3").directions[0].stops:  # type: ignore[union-attr]
        talk.tap(f"bus:stop:{stop.id}")
    assert len(talk.citizen.trail) == MAX_TRAIL


# --- keys -----------------------------------------------------------------------------------------


def test_the_engine_does_not_touch_who_the_citizen_is() -> None:
    message = replace(inbound("menu"), sender=Sender("ES.9", None))
    turn = step(citizen(), message, alzira(), NOON)
    assert (turn.citizen.key, turn.citizen.phone, turn.citizen.version) == ("ES.1001", "34600000099", 0)


def test_a_tap_is_answered_like_the_number() -> None:
    by_tap, by_number = Talk(), Talk()
    by_tap.say(Tap("waste"))
    by_number.say("4")
    assert by_tap.reply == by_number.reply


def test_a_pin_in_a_place_without_use_for_it_is_asked_about() -> None:
    talk = Talk()
    talk.say("1", Pin(39.15, -0.435))
    assert talk.citizen.place == Place.ATTACHMENT
    place = "39.15000,-0.43500"
    assert talk.options == [f"bus:near:{place}", f"pharmacy:near:{place}", f"incident:pin:{place}"]
