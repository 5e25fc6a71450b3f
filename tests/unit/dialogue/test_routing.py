"""Who answers typed words: numbers, labels, commands, the present place, the town."""

from __future__ import annotations

import itertools

import pytest
from canal.dialogue.citizen import Offered, Place
from canal.dialogue.messages import Say, Tap
from canal.dialogue.turn import CaseChanged, CaseFiled, ErasureRequested, NotUnderstood, OptedOut, Understood

from tests.builders import Talk, citizen

# --- numbers --------------------------------------------------------------------------------------

OPTIONS = ["phones", "bus", "pharmacy", "waste", "appointment", "taxes", "procedures", "jobs", "culture"]


@pytest.mark.parametrize(("number", "place"), list(enumerate(OPTIONS, start=1)))
def test_the_nine_options_stand_under_their_numbers_even_unseen(number: int, place: str) -> None:
    talk = Talk()
    talk.say(str(number))
    assert talk.citizen.place == place


@pytest.mark.parametrize(
    "written",
    ["4", " 4 ", "       4", "4.", "4)", "(4)", "*4*", "4️⃣", "#4", "la 4", "Opció 4", "el número 4, per favor", "٤"],
)
def test_a_number_is_understood_as_people_write_it(written: str) -> None:
    talk = Talk()
    talk.say(written)
    assert talk.citizen.place == Place.WASTE


@pytest.mark.parametrize("said", ["44 euros", "la línia 4 del bus", "4 4", "número"])
def test_a_number_among_other_words_is_no_choice(said: str) -> None:
    talk = Talk()
    talk.say(said)
    assert talk.citizen.place != Place.WASTE


def test_zero_is_the_menu_from_everywhere() -> None:
    for place in Place:
        talk = Talk(citizen(place=place, offered=(Offered("bus", "Bus"),)))
        talk.say("0")
        assert talk.citizen.place == Place.MENU


@pytest.mark.parametrize("number", ["17", "99", "12345678901234567890"])
def test_a_number_out_of_the_menu_says_so_and_the_numbers_stay(number: str) -> None:
    talk = Talk()
    talk.say("menu")
    offered = talk.options
    talk.say(number)
    assert talk.turn.effects == (NotUnderstood(""),)
    assert "16" in talk.body
    assert talk.options == offered


def test_a_code_on_a_pole_is_heard_where_it_is_no_choice() -> None:
    talk = Talk()
    talk.say("2", "D01")
    assert talk.citizen.trail[-1] == "bus:stop:hospital"


@pytest.mark.parametrize("number", ["112", "016", "024"])
def test_a_number_of_help_is_never_taken_for_an_option(number: str) -> None:
    talk = Talk()
    talk.say("menu", number)
    assert number in talk.body
    assert not [effect for effect in talk.turn.effects if isinstance(effect, CaseFiled)]


# --- labels ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "label",
    ["Recollida de trastos i Ecoparc", "RECOLLIDA DE TRASTOS I ECOPARC", "trastos i ecoparc", "Trastos  i  Ecopàrc!"],
)
def test_a_label_is_an_answer_accents_and_case_aside_long_or_short(label: str) -> None:
    talk = Talk()
    talk.say("menu", label)
    assert talk.citizen.trail[-1] == "waste"


def test_a_label_that_was_offered_goes_before_a_command() -> None:
    talk = Talk(citizen(offered=(Offered("bus:line:1", "Ajuda", "Ajuda"),)))
    talk.say("ajuda")
    assert talk.citizen.trail[-1] == "bus:line:1"


def test_only_emoji_match_no_label() -> None:
    talk = Talk(citizen(offered=(Offered("bus", "🚌", "🚌"),)))
    talk.say("🎭")
    assert talk.citizen.place != Place.BUS


# --- taps -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "bus:stop:gone",
        "nowhere",
        "nowhere:1:2",
        "bus:near:here",
        "bus:near:999,999",
        "",
        ":",
        "culture:event:",
        "bus:stop:placa-major:x",
    ],
)
def test_a_tap_that_leads_nowhere_any_more_shows_the_menu_and_says_so(address: str) -> None:
    talk = Talk()
    talk.say(Tap(address))
    assert talk.citizen.place == Place.MENU
    assert talk.says("menu.gone")


def test_a_tap_on_an_old_list_works_from_anywhere() -> None:
    talk = Talk()
    talk.say("8", Tap("bus:stop:hospital"))
    assert "Hospital" in talk.body


# --- commands -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ("menú", Place.MENU),
        ("idioma", Place.LANGUAGE),
        ("ajuda", Place.HELP),
        ("persona", Place.PERSON),
        ("privacitat", Place.PRIVACY),
        ("les meues dades", Place.PRIVACY),
        ("esborra'm", Place.PRIVACY),
        ("baixa", Place.SUBSCRIPTIONS),
    ],
)
@pytest.mark.parametrize("here", [Place.MENU, Place.BUS, Place.PROCEDURES, Place.PERSON, Place.ATTACHMENT])
def test_a_command_counts_from_everywhere(words: str, place: Place, here: Place) -> None:
    talk = Talk(citizen(place=here))
    talk.say(words)
    assert talk.citizen.place == place


@pytest.mark.parametrize(
    "words",
    [
        "vull la baixa mèdica",
        "quiero la baja médica",
        "baixa del padró",
        "el menú del menjador escolar",
        "parada del bus",
    ],
)
def test_a_command_among_other_words_is_none(words: str) -> None:
    talk = Talk()
    talk.say(words)
    assert OptedOut() not in talk.turn.effects
    assert talk.citizen.place not in (Place.MENU, Place.SUBSCRIPTIONS)
    assert talk.citizen.wants_marketing


def test_stop_is_obeyed_at_once_and_can_be_taken_back() -> None:
    talk = Talk()
    talk.say("STOP")
    assert OptedOut() in talk.turn.effects
    talk.say("1", "agenda setmanal", "1")
    assert talk.citizen.wants_marketing
    assert set(talk.citizen.subscriptions) == {"agenda"}


def test_the_language_changes_and_so_do_the_words() -> None:
    talk = Talk()
    talk.say("en castellano, por favor")
    assert talk.citizen.language == "es"
    assert talk.says("menu.language_changed")


@pytest.mark.parametrize("words", ["més", "más", "siguiente"])
def test_more_opens_the_next_page_where_there_is_one(words: str) -> None:
    talk = Talk()
    talk.say("8", words)
    assert talk.citizen.trail[-1] == "jobs:page:2"
    talk.say(words)
    assert talk.says("menu.no_more")


def test_more_in_the_main_menu_opens_what_comes_after_the_nine() -> None:
    talk = Talk()
    talk.say("menú", "més opcions")
    assert talk.says("menu.more.body")


@pytest.mark.parametrize("option", ["4", "7"])
def test_an_option_that_finds_nothing_twice_does_not_say_it_twice(option: str) -> None:
    talk = Talk()
    talk.say(option, "qwrtx gfhjkl")
    first = talk.turn.replies
    talk.say("qwrtx gfhjkl")
    assert talk.turn.replies != first


def test_a_number_that_la_clau_did_not_offer_is_no_procedure_that_was_not_found() -> None:
    talk = Talk()
    talk.say("7", "99")
    assert talk.says("unknown.number_first")


def test_a_feast_that_is_months_away_is_still_found() -> None:
    talk = Talk()
    talk.say("falles")
    assert talk.citizen.trail[-1] == "culture:year:feast:1"


# --- yes and no -------------------------------------------------------------------------------------


def test_yes_and_no_answer_the_question_that_was_asked() -> None:
    talk = Talk()
    talk.say("esborra'm", "no")
    assert talk.citizen.place == "menu"
    talk.say("esborra'm", "sí")
    assert talk.turn.effects == (ErasureRequested(),)


def test_a_yes_goes_to_no_older_question() -> None:
    talk = Talk()
    talk.say("esborra'm", "menú", "sí")
    assert talk.citizen.place == Place.MENU
    assert talk.turn.effects == ()


def test_a_yes_to_the_question_about_notices_stops_them() -> None:
    talk = Talk()
    talk.tap("subscriptions")
    talk.citizen = citizen(place=Place.SUBSCRIPTIONS, notes={"yes": "subscriptions:stop", "no": "menu"})
    talk.say("sí")
    assert talk.citizen.wants_marketing is False


@pytest.mark.parametrize("words", ["ok", "vale", "no", "gràcies", "adéu"])
def test_a_polite_word_gets_a_short_one_and_the_place_stays(words: str) -> None:
    talk = Talk()
    talk.say("2")
    offered = talk.options
    talk.say(words)
    assert talk.citizen.place == Place.BUS
    assert talk.options == offered
    assert len(talk.body) < 80


# --- the present place and the others -----------------------------------------------------------------


def test_a_word_alone_is_heard_by_the_present_place_first() -> None:
    talk = Talk()
    talk.say("2", "hospital")
    assert talk.citizen.trail[-1] == "bus:stop:hospital"


def test_several_words_that_surely_mean_another_place_leave_the_present_one() -> None:
    talk = Talk()
    talk.say("2", "quina farmàcia està de guàrdia?")
    assert talk.citizen.place == Place.PHARMACY
    assert any(isinstance(effect, Understood) for effect in talk.turn.effects)


def test_with_a_person_words_are_kept_and_none_is_lost() -> None:
    talk = Talk()
    talk.say("persona", "És per un rebut", "de l'any 2024", "i també tinc una queixa")
    (request,) = [effect.case for effect in talk.turn.effects if isinstance(effect, CaseChanged)]
    said = [event.words for event in request.history if event.words]
    assert said == ["És per un rebut", "de l'any 2024", "i també tinc una queixa"]


def test_with_a_person_a_plain_question_after_the_request_is_answered() -> None:
    talk = Talk()
    talk.say("persona", "És per un rebut", "quina farmàcia està de guàrdia?")
    assert talk.citizen.place == Place.PHARMACY


def test_asking_for_a_person_twice_is_the_same_request() -> None:
    talk = Talk()
    talk.say("persona", "És per un rebut")
    number = talk.citizen.notes["case"]
    talk.say("persona")
    assert talk.citizen.notes["case"] == number
    assert not [effect for effect in talk.turn.effects if isinstance(effect, CaseFiled | CaseChanged)]


def test_asking_for_a_person_again_later_is_another_request() -> None:
    talk = Talk()
    talk.say("persona", "menú")
    talk.say("persona")
    first = talk.citizen.notes["case"]
    talk.say("menú", "persona")
    assert talk.citizen.notes["case"] != first


# --- not understood ---------------------------------------------------------------------------------


def test_never_the_same_sentence_twice_in_a_row() -> None:
    talk = Talk()
    said = []
    for words in ("xyzzy", "qwfp", "arst", "zxcv", "99", "98", "97"):
        talk.say(words)
        said.append(talk.body.split("\n")[0])
    assert all(first != second for first, second in itertools.pairwise(said))


def test_what_is_not_understood_leads_to_a_person_and_to_the_menu() -> None:
    talk = Talk()
    talk.say("xyzzy qwfp")
    assert talk.options[-2:] == ["person", "menu"]
    assert talk.turn.effects == (NotUnderstood("xyzzy qwfp"),)


def test_being_understood_again_starts_the_count_anew() -> None:
    talk = Talk()
    talk.say("xyzzy", "bus")
    assert talk.citizen.missed == 0


def test_what_is_not_understood_leaves_place_and_notes() -> None:
    talk = Talk(citizen(place=Place.BUS, notes={"a": "b"}))
    talk.say("xyzzy qwfp")
    assert (talk.citizen.place, talk.citizen.notes) == (Place.BUS, {"a": "b", "unheard": "xyzzy qwfp"})


def test_an_empty_text_is_answered() -> None:
    talk = Talk()
    talk.say("   ")
    assert isinstance(talk.reply, Say)
