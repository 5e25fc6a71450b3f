"""Out: of one topic or of all, by word, by button, by WhatsApp's own switch; early, late, twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from canal.dialogue.citizen import Citizen
from canal.dialogue.engine import step
from canal.dialogue.messages import MarketingPreference
from canal.dialogue.turn import OptedIn, OptedOut, Subscribed, Turn, Unsubscribed

from tests.builders import NOON, Talk, citizen, inbound, stranger
from tests.noticeboard import a_subscription
from tests.towns import alzira, alzira_with, section

ALL = ("alerts", "news", "agenda", "jobs", "taxes", "roads")


def subscriber(*topics: str, language: str = "ca", **changes: object) -> Citizen:
    mine = {each: a_subscription(each, **{"since": NOON - timedelta(days=9), **changes}) for each in topics}
    return citizen(language, subscriptions=mine)


def switched(who: Citizen, value: str, minutes: int = 0) -> Turn:
    wish = MarketingPreference(value)  # type: ignore[arg-type]
    return step(who, inbound(wish, at=NOON + timedelta(minutes=minutes)), alzira(), NOON)


# --- by word --------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", ["baixa", "BAJA", "stop", "no vull més missatges", "quiero darme de baja de todo"])
def test_one_word_ends_all_topics(word: str) -> None:
    talk = Talk(subscriber(*ALL))
    talk.say(word)
    assert talk.citizen.subscriptions == {}
    assert not talk.citizen.wants_marketing
    assert set(talk.turn.effects) >= {OptedOut(), *(Unsubscribed(each, "word") for each in ALL)}
    assert talk.says("subscriptions.stopped")


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("no vull més ofertes", {"jobs"}),
        ("no quiero más ofertas de empleo", {"jobs"}),
        ("quiero darme de baja de las ofertas de empleo", {"jobs"}),
        ("vull donar-me de baixa de l'agenda", {"agenda"}),
        ("no quiero recibir la agenda", {"agenda"}),
        ("no m'envieu més notícies", {"news"}),
        ("no vull més alertes", {"alerts"}),
        ("quitadme los avisos de obras", {"roads"}),
    ],
)
def test_no_more_of_one_topic_ends_only_that_one(words: str, left: set[str]) -> None:
    talk = Talk(subscriber(*ALL))
    talk.say(words)
    assert set(ALL) - set(talk.citizen.subscriptions) == left
    assert talk.citizen.wants_marketing
    assert "subscriptions:stop" in talk.options


def test_all_means_all_whatever_topic_is_named_beside_it() -> None:
    talk = Talk(subscriber(*ALL))
    talk.say("no quiero más avisos, ni agenda ni nada, baja de todo")
    assert talk.citizen.subscriptions == {}


def test_no_more_of_what_one_never_had_leaves_the_rest_alone() -> None:
    talk = Talk(subscriber("alerts"))
    talk.say("vull donar-me de baixa de l'agenda")
    assert set(talk.citizen.subscriptions) == {"alerts"}
    assert talk.says("subscriptions.not_there")
    assert "subscriptions:stop" in talk.options


@pytest.mark.parametrize("who", [citizen(), citizen("es"), subscriber("agenda"), subscriber("agenda", language="es")])
@pytest.mark.parametrize("words", ["no vull més ofertes", "ya no quiero ofertas", "prou de notícies"])
def test_no_more_of_a_topic_that_one_does_not_get_is_not_taken_for_no_more_of_anything(
    words: str, who: Citizen
) -> None:
    talk = Talk(who)
    talk.say(words)
    assert talk.says("subscriptions.not_there")
    assert talk.citizen.subscriptions == who.subscriptions
    assert talk.citizen.wants_marketing
    assert ("subscriptions:stop" in talk.options) == bool(who.subscriptions)
    assert "subscriptions" in talk.options


def test_no_more_of_anything_is_asked_back_where_the_topic_named_beside_it_is_not_ones_own() -> None:
    talk = Talk(subscriber("alerts"))
    talk.say("prou de notícies i de tot")
    assert talk.says("subscriptions.stop_question")
    assert set(talk.citizen.subscriptions) == {"alerts"}


def test_what_only_may_mean_no_more_is_asked() -> None:
    talk = Talk(subscriber("alerts"))
    talk.say("no m'interessa")
    assert talk.says("subscriptions.stop_question")
    assert set(talk.citizen.subscriptions) == {"alerts"}
    talk.say("sí")
    assert talk.citizen.subscriptions == {}


def test_a_strangers_first_word_may_be_stop() -> None:
    talk = Talk(stranger())
    talk.say("BAJA")
    assert talk.turn.effects == (OptedOut(),)
    assert not talk.citizen.wants_marketing


# --- after it ------------------------------------------------------------------------------------


def test_who_leaves_everything_is_offered_to_keep_the_alerts_with_their_zones() -> None:
    talk = Talk(subscriber("alerts", "agenda", zones=("vila",)))
    talk.say("baixa")
    shown = talk.body
    talk.say("1")
    assert set(talk.citizen.subscriptions) == {"alerts"}
    mine = talk.citizen.subscriptions["alerts"]
    assert mine.zones == ("vila",)
    assert mine.wording in shown
    assert mine.since > NOON - timedelta(days=1)
    assert not talk.citizen.wants_marketing
    assert talk.turn.effects == (Subscribed("alerts"),)


def test_who_had_no_alerts_is_offered_the_list() -> None:
    talk = Talk(subscriber("agenda"))
    talk.say("baixa")
    assert talk.options == ["subscriptions", "menu"]


def test_who_leaves_by_mistake_comes_back_with_two_taps() -> None:
    talk = Talk(subscriber("agenda"))
    talk.tap("subscriptions:leave:agenda")
    talk.say("1", "1")
    assert set(talk.citizen.subscriptions) == {"agenda"}


# --- by button -----------------------------------------------------------------------------------


def test_the_button_of_a_notice_ends_its_topic_once_and_for_all() -> None:
    talk = Talk(subscriber("alerts", "agenda"))
    talk.tap("subscriptions:leave:agenda")
    assert set(talk.citizen.subscriptions) == {"alerts"}
    assert talk.turn.effects == (Unsubscribed("agenda", "screen"),)
    assert "Alertes" in talk.body
    talk.tap("subscriptions:leave:agenda")
    assert talk.says("subscriptions.not_there")
    assert not talk.turn.effects


@pytest.mark.parametrize("who", [citizen(), citizen("es"), stranger()])
def test_the_button_of_an_old_notice_is_kindly_answered_to_anybody(who: Citizen) -> None:
    talk = Talk(who)
    talk.tap("subscriptions:leave:agenda")
    assert talk.turn.effects == ()
    assert talk.says("subscriptions.not_there")


def test_a_button_for_a_topic_that_the_town_has_given_up() -> None:
    notices = section("notices")
    notices["topics"] = [each for each in notices["topics"] if each["id"] != "agenda"]
    talk = Talk(subscriber("agenda"), town=alzira_with(notices=notices))
    talk.tap("subscriptions:leave:agenda")
    assert talk.citizen.subscriptions == {}
    assert "eixos avisos" in talk.body
    assert talk.options == ["subscriptions", "menu"]


def test_everything_by_button_twice() -> None:
    talk = Talk(subscriber("alerts", "agenda"))
    talk.tap("subscriptions:stop")
    assert (talk.citizen.subscriptions, talk.citizen.wants_marketing) == ({}, False)
    talk.tap("subscriptions:stop")
    assert talk.turn.effects == (OptedOut(),)
    assert talk.says("subscriptions.stopped")


# --- by WhatsApp's own switch --------------------------------------------------------------------


def test_whatsapps_switch_ends_marketing_and_leaves_the_alerts() -> None:
    turn = switched(subscriber(*ALL), "stop")
    assert set(turn.citizen.subscriptions) == {"alerts", "taxes", "roads"}
    assert not turn.citizen.wants_marketing
    assert turn.replies == ()
    assert set(turn.effects) == {OptedOut(), *(Unsubscribed(each, "whatsapp") for each in ("news", "agenda", "jobs"))}


def test_turning_it_on_again_gives_back_no_topic() -> None:
    stopped = switched(subscriber("agenda"), "stop").citizen
    turn = switched(stopped, "resume", 1)
    assert (turn.citizen.subscriptions, turn.citizen.wants_marketing, turn.effects) == ({}, True, (OptedIn(),))


def test_a_stop_that_arrives_late_ends_nothing_that_was_asked_for_since() -> None:
    who = subscriber("agenda", "news")
    again = {**who.subscriptions, "agenda": a_subscription("agenda", since=NOON)}
    turn = switched(citizen(subscriptions=again), "stop", -30)
    assert set(turn.citizen.subscriptions) == {"agenda"}
    assert turn.citizen.wants_marketing
    assert turn.effects == (Unsubscribed("news", "whatsapp"),)


def test_the_switch_of_one_who_never_wrote_is_kept_for_later() -> None:
    turn = switched(stranger(), "stop")
    assert (turn.citizen.wants_marketing, turn.replies) == (False, ())


@pytest.mark.parametrize(
    ("shown", "words"), [("subscriptions", "no quiero más ofertas"), ("subscriptions", "no vull més agenda")]
)
def test_in_the_list_of_topics_no_more_is_no_choice(shown: str, words: str) -> None:
    talk = Talk(subscriber(*ALL))
    talk.tap(shown)
    talk.say(words)
    assert len(talk.citizen.subscriptions) == len(ALL) - 1
