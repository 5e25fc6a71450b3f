"""In: a topic, its zones, how often, and the words that were agreed to; what the menu and the privacy screen say."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from canal.adapters.whatsapp_rendering import outbound
from canal.dialogue.citizen import Citizen, Place
from canal.dialogue.engine import step
from canal.dialogue.messages import Say, Tap
from canal.dialogue.town import Town
from canal.dialogue.turn import OptedIn, Subscribed

from tests.builders import NOON, Talk, citizen, inbound, stranger
from tests.noticeboard import a_subscription
from tests.towns import alzira, alzira_with, section


def subscriber(*topics: str, language: str = "ca", **changes: object) -> Citizen:
    return citizen(language, subscriptions={each: a_subscription(each, **changes) for each in topics})


def reworded() -> Town:
    """The town with other words for the consent."""
    words = section("words")
    words["subscriptions.consent"] = {code: f"{text}!" for code, text in words["subscriptions.consent"].items()}
    return alzira_with(words=words)


# --- consent --------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["ca", "es"])
def test_a_yes_keeps_the_words_that_were_shown_the_hour_and_the_message(language: str) -> None:
    talk = Talk(citizen(language))
    talk.tap("subscriptions:topic:agenda")
    shown = talk.body
    talk.say("1")
    mine = talk.citizen.subscriptions["agenda"]
    assert mine.wording
    assert mine.wording in shown
    assert mine.since == talk.citizen.last_inbound_at
    assert mine.wamid.startswith("wamid.")
    assert talk.turn.effects == (Subscribed("agenda"),)


def test_the_hour_is_that_of_the_yes_however_late_it_arrives() -> None:
    yes = inbound(Tap("subscriptions:join:news"), at=NOON)
    turn = step(citizen(), yes, alzira(), NOON + timedelta(hours=5))
    assert turn.citizen.subscriptions["news"].since == NOON


def test_a_message_that_is_run_again_after_a_lost_race_keeps_its_own_id() -> None:
    turn = step(citizen(), inbound(Tap("subscriptions:join:news"), id="wamid.X#2"), alzira(), NOON)
    assert turn.citizen.subscriptions["news"].wamid == "wamid.X"


def test_a_button_below_words_that_have_changed_asks_again() -> None:
    talk = Talk()
    talk.tap("subscriptions:topic:agenda")
    old = talk.options[0]
    talk.town = reworded()
    talk.tap(old)
    assert talk.citizen.subscriptions == {}
    assert talk.says("subscriptions.consent")
    talk.say("1")
    assert talk.citizen.subscriptions["agenda"].wording.endswith("!")


def test_zones_are_kept_when_the_words_have_changed_meanwhile() -> None:
    talk = Talk()
    talk.tap("subscriptions:zones:alerts")
    old = talk.options[0]
    talk.town = reworded()
    talk.tap(old)
    talk.say("sí")
    assert talk.citizen.subscriptions["alerts"].zones == ("vila",)


def test_what_was_agreed_to_can_be_read_again() -> None:
    talk = Talk(subscriber("news", wording="Vull rebre notícies."))
    talk.say("les meues dades")
    assert "– Notícies de la ciutat, des del 23 de novembre del 2026" in talk.body
    talk.say("2", "notícies de la ciutat")
    assert "«Vull rebre notícies.»" in talk.body


def test_a_topic_that_the_town_has_given_up_is_still_shown_as_kept_and_can_be_left() -> None:
    talk = Talk(subscriber("old_topic", "news"))
    talk.say("les meues dades")
    assert "old_topic" in talk.body
    talk.tap("subscriptions:leave:old_topic")
    assert set(talk.citizen.subscriptions) == {"news"}
    talk.say("menú")
    assert "🔔 Reps: Notícies de la ciutat." in talk.body


# --- typed ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "address"),
    [
        ("vull rebre avisos", "subscriptions"),
        ("apunta'm a l'agenda", "subscriptions:topic:agenda"),
        ("apúntame a las ofertas de empleo", "subscriptions:topic:jobs"),
        ("avisadme de los impuestos", "subscriptions:topic:taxes"),
        ("quiero recibir las alertas", "subscriptions:topic:alerts"),
        ("alertas de mi barrio", "subscriptions:zones:alerts:1"),
        ("alertes de l'Alquerieta", "subscriptions:topic:alerts:alquerieta"),
        ("avisos d'obres a la Vila i Venècia", "subscriptions:topic:roads:vila:venecia"),
    ],
)
def test_a_wish_opens_the_topic_that_it_names(words: str, address: str) -> None:
    talk = Talk()
    talk.say(words)
    assert talk.citizen.trail[-1] == address
    assert talk.citizen.subscriptions == {}


def test_a_strangers_wish_waits_for_the_language_and_is_answered_then() -> None:
    talk = Talk(stranger())
    talk.say("vull rebre l'agenda cada setmana", "1")
    assert talk.citizen.trail[-1] == "subscriptions:topic:agenda"
    talk.say("sí")
    assert set(talk.citizen.subscriptions) == {"agenda"}


def test_a_typed_no_leads_back_to_the_list() -> None:
    talk = Talk()
    talk.say("apunta'm a l'agenda", "no")
    assert (talk.citizen.subscriptions, talk.citizen.trail[-1]) == ({}, "subscriptions")


@pytest.mark.parametrize("words", ["agenda", "AGENDA SETMANAL", "notícies", "vehículos"])
def test_in_the_list_a_topics_name_is_a_choice(words: str) -> None:
    talk = Talk()
    talk.tap("subscriptions")
    talk.say(words)
    assert talk.citizen.subscriptions == {}
    assert talk.citizen.trail[-1].startswith("subscriptions:topic:")


@pytest.mark.parametrize("words", ["tot el poble", "tota Alzira", "de todos los barrios"])
def test_in_the_list_of_quarters_all_of_them_is_the_whole_town(words: str) -> None:
    talk = Talk(subscriber("alerts", zones=("vila",)))
    talk.tap("subscriptions:zones:alerts")
    talk.say(words)
    assert talk.citizen.subscriptions["alerts"].zones == ()


def test_who_does_not_get_the_topic_yet_is_asked_before_it_is_the_whole_town() -> None:
    talk = Talk()
    talk.tap("subscriptions:zones:alerts")
    talk.say("tot el poble")
    assert (talk.citizen.subscriptions, talk.citizen.trail[-1]) == ({}, "subscriptions:topic:alerts")
    talk.say("sí")
    assert talk.citizen.subscriptions["alerts"].zones == ()


def test_a_longer_message_that_says_all_is_not_an_answer_to_which_quarters() -> None:
    talk = Talk(subscriber("alerts", zones=("vila",)))
    talk.tap("subscriptions:zones:alerts")
    talk.say("tots els fanals del meu carrer estan apagats")
    assert talk.citizen.subscriptions["alerts"].zones == ("vila",)


def test_elsewhere_the_agenda_is_the_agenda() -> None:
    talk = Talk()
    talk.say("agenda")
    assert talk.citizen.place == Place.CULTURE


def test_who_only_wanted_to_look_finds_the_thing_itself_below_the_topic() -> None:
    talk = Talk()
    talk.say("apunta'm a l'agenda")
    assert "culture" in talk.options


# --- twice, late, gone ----------------------------------------------------------------------------


def test_a_second_yes_changes_nothing_and_is_kindly_answered() -> None:
    talk = Talk(subscriber("alerts", zones=("vila",)))
    before = talk.citizen.subscriptions
    talk.tap("subscriptions:join:alerts")
    assert talk.says("subscriptions.already")
    assert (talk.citizen.subscriptions, talk.turn.effects) == (before, ())


@pytest.mark.parametrize("address", ["join", "topic", "zones", "zone", "nozone", "town", "often"])
def test_a_topic_that_is_gone_is_an_old_list(address: str) -> None:
    talk = Talk()
    talk.tap(f"subscriptions:{address}:given_up:vila")
    assert talk.says("menu.gone")


@pytest.mark.parametrize(
    "path", ["", "x", "zones:news", "zones:alerts:99", "zones:alerts:x", "often:jobs", "town:alerts:x"]
)
def test_an_address_that_leads_nowhere_is_the_menu(path: str) -> None:
    talk = Talk()
    talk.tap(f"subscriptions:{path}")
    assert talk.says("menu.gone")


def test_the_old_address_of_signing_up_shows_the_list() -> None:
    talk = Talk(citizen(wants_marketing=False))
    talk.tap("subscriptions:start")
    assert talk.citizen.wants_marketing
    assert "subscriptions:topic:alerts" in talk.options


# --- zones and how often --------------------------------------------------------------------------


def test_zones_are_chosen_one_after_the_other() -> None:
    talk = Talk()
    talk.say("alertes del meu barri", "3")
    talk.say("1", "Venècia i les Basses")
    assert talk.citizen.subscriptions["alerts"].zones == ("alborxi", "venecia", "basses")
    assert talk.turn.effects == (Subscribed("alerts"),)


def test_choosing_zones_does_not_touch_the_consent() -> None:
    talk = Talk(subscriber("alerts"))
    before = talk.citizen.subscriptions["alerts"]
    talk.tap("subscriptions:zone:alerts:vila")
    assert talk.citizen.subscriptions["alerts"] == replace(before, zones=("vila",))


def test_a_zone_that_is_chosen_twice_is_there_once() -> None:
    talk = Talk(subscriber("alerts"))
    talk.tap("subscriptions:zone:alerts:vila")
    talk.tap("subscriptions:zone:alerts:vila")
    assert talk.citizen.subscriptions["alerts"].zones == ("vila",)
    assert talk.turn.effects == ()


def test_without_the_last_zone_it_is_the_whole_town() -> None:
    talk = Talk(subscriber("alerts", zones=("vila",)))
    talk.tap("subscriptions:nozone:alerts:vila")
    assert talk.citizen.subscriptions["alerts"].zones == ()
    assert "tota la ciutat" in talk.body


def test_the_whole_town_takes_all_zones_away() -> None:
    talk = Talk(subscriber("alerts", zones=("vila", "venecia")))
    talk.tap("subscriptions:town:alerts")
    assert talk.citizen.subscriptions["alerts"].zones == ()
    talk.tap("subscriptions:town:alerts")
    assert talk.turn.effects == ()


def test_a_zone_that_nobody_knows_changes_nothing() -> None:
    talk = Talk(subscriber("alerts"))
    talk.tap("subscriptions:zone:alerts:atlantis")
    assert talk.citizen.subscriptions["alerts"].zones == ()
    assert talk.turn.effects == () or Subscribed("alerts") not in talk.turn.effects


def test_zones_of_a_topic_without_zones_are_left_out() -> None:
    talk = Talk()
    talk.tap("subscriptions:join:news:vila")
    assert talk.citizen.subscriptions["news"].zones == ()


def test_one_who_never_joined_is_asked_before_a_zone_is_taken() -> None:
    talk = Talk()
    talk.tap("subscriptions:zone:alerts:vila")
    assert talk.citizen.subscriptions == {}
    assert talk.says("subscriptions.consent")
    talk.say("sí")
    assert talk.citizen.subscriptions["alerts"].zones == ("vila",)


def test_offers_come_once_a_week_or_each_as_the_citizen_likes() -> None:
    talk = Talk()
    talk.say("apunta'm a les ofertes de treball", "2")
    assert talk.citizen.subscriptions["jobs"].frequency == "each"
    talk.tap("subscriptions:often:jobs:weekly")
    assert talk.citizen.subscriptions["jobs"].frequency == "weekly"
    talk.tap("subscriptions:often:jobs:hourly")
    assert talk.citizen.subscriptions["jobs"].frequency == "weekly"


def test_in_a_town_without_zones_nobody_is_asked_for_one() -> None:
    talk = Talk(town=alzira_with(incidents={**section("incidents"), "zones": []}))
    talk.say("apunta'm a les alertes")
    assert not any("zones" in address for address in talk.options)
    talk.say("1")
    assert talk.citizen.subscriptions["alerts"].zones == ()
    assert not any("zones" in address for address in talk.options)


# --- what it touches and what not -----------------------------------------------------------------


def test_who_asks_for_marketing_after_a_stop_wants_it_again() -> None:
    talk = Talk(citizen(wants_marketing=False))
    talk.tap("subscriptions:join:agenda")
    assert talk.citizen.wants_marketing
    assert talk.turn.effects == (OptedIn(), Subscribed("agenda"))


def test_who_asks_for_alerts_after_a_stop_wants_alerts_only() -> None:
    talk = Talk(citizen(wants_marketing=False))
    talk.tap("subscriptions:join:alerts")
    assert not talk.citizen.wants_marketing
    assert set(talk.citizen.subscriptions) == {"alerts"}


def test_another_language_changes_nothing_else() -> None:
    talk = Talk(subscriber("alerts", "agenda", zones=("vila",)))
    before = talk.citizen.subscriptions
    talk.say("en castellano, por favor")
    assert (talk.citizen.language, talk.citizen.subscriptions) == ("es", before)
    assert "🔔 Recibes: Alertas, Agenda semanal." in talk.body


def test_the_menu_says_it_in_one_line_and_nothing_where_there_is_nothing() -> None:
    talk = Talk(subscriber("agenda", "alerts"))
    talk.say("menú")
    assert talk.body.splitlines()[1] == "🔔 Reps: Alertes, Agenda setmanal."
    talk = Talk()
    talk.say("menú")
    assert "🔔" not in talk.body


def test_a_citizen_without_subscriptions_loads_no_topics() -> None:
    town = alzira_with()
    for words in ("menú", "hola", "farmàcia", "STOP"):
        Talk(town=town).say(words)
    assert "notices" not in vars(town)


@pytest.mark.parametrize("language", ["ca", "es"])
def test_the_screens_of_one_who_has_everything_keep_their_buttons(language: str) -> None:
    topics = [each["id"] for each in section("notices")["topics"]]
    zones = tuple(each["id"] for each in section("incidents")["zones"])
    for address in (
        "menu",
        "subscriptions",
        "subscriptions:topic:alerts",
        "subscriptions:zones:alerts",
        "subscriptions:stop",
    ):
        talk = Talk(subscriber(*topics, language=language, zones=zones[:3], wording="a" * 300))
        talk.tap(address)
        assert isinstance(talk.reply, Say)
        assert outbound(talk.reply, talk.citizen)["type"] == "interactive", address


def test_somebody_with_very_many_zones_can_still_come_back_to_the_alerts() -> None:
    zones = tuple(each["id"] for each in section("incidents")["zones"])
    talk = Talk(subscriber("alerts", zones=zones))
    talk.say("baixa", "1")
    assert "alerts" in talk.citizen.subscriptions
    assert all(len(address) <= 200 for address in talk.options)


# --- by name ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["ca", "es"])
@pytest.mark.parametrize("before", ["subscriptions", "subscriptions:join:news", "subscriptions:zones:roads"])
@pytest.mark.parametrize(
    ("words", "topic"),
    [
        ("agenda setmanal", "agenda"),
        ("Agenda semanal", "agenda"),
        ("ofertes de treball", "jobs"),
        ("OFERTAS DE EMPLEO", "jobs"),
        ("Terminis d'impostos", "taxes"),
        ("obras y cortes", "roads"),
    ],
)
def test_the_whole_name_of_a_topic_opens_it_among_the_notices(
    words: str, topic: str, before: str, language: str
) -> None:
    talk = Talk(citizen(language))
    talk.tap(before)
    talk.say(words)
    assert talk.citizen.trail[-1] == f"subscriptions:topic:{topic}"


def test_elsewhere_the_name_of_a_topic_is_the_thing_itself() -> None:
    talk = Talk()
    talk.say("agenda setmanal")
    assert talk.citizen.place == Place.CULTURE
