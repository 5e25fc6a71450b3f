"""Les meues incidències: who sees what, what can be added, what is opened again, and what is rated."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from canal.adapters.whatsapp_rendering import outbound
from canal.dialogue.citizen import Citizen, Place
from canal.dialogue.messages import Content, Media, Pin, Tap, Text
from canal.dialogue.turn import CaseChanged
from canal.incidents import changes
from canal.incidents.case import Case, File, Kind, Telling, What
from canal.incidents.states import OPEN, State
from hypothesis import given, settings
from hypothesis import strategies as st

from local.whatsapp.checks import World, check_message
from tests.builders import NOON, Reported, Talk, a_case, citizen

WORLD = World(media=lambda _: None, template=lambda *_: None)
STAFF = "operator@town.example"
NUMBER = "K7Q2M4XA"
OTHERS = "ES.2002"
THEIRS = "9XAB2CDE"


def routed(**given: Any) -> Case:
    return changes.routed(a_case(**given), NOON, "serveis", "", NOON + timedelta(days=7), tell=True)


def resolved(days_ago: int = 1, **given: Any) -> Case:
    return changes.moved(routed(**given), NOON - timedelta(days=days_ago), STAFF, State.RESOLVED, "Canviada")


def waiting(words: str = "Quin número té el fanal?") -> Case:
    return changes.moved(routed(), NOON, STAFF, State.WAITING, words)


def joined(original: Case) -> Case:
    """A row of ours that follows a neighbour's case."""
    return changes.joined(a_case(created_at=NOON), original)


def theirs(**given: Any) -> Case:
    return routed(**{"id": THEIRS, "citizen": OTHERS, "words": "Cap llum en casa meua"} | given)


def talk(*cases: Case, who: Citizen | None = None) -> Talk:
    return Talk(who or citizen(), answers=Reported(*cases))


def changed(conversation: Talk) -> dict[str, Case]:
    """What the last message changed."""
    found = [effect.case for effect in conversation.turn.effects if isinstance(effect, CaseChanged)]
    assert len({case.id for case in found}) == len(found), "a case is saved once in a turn"
    return {case.id: case for case in found}


def stored(conversation: Talk, number: str = NUMBER) -> Case:
    assert isinstance(conversation.answers, Reported)
    return next(case for case in conversation.answers.cases if case.id == number)


# --- to look ------------------------------------------------------------------------------------------


def test_without_cases_one_is_told_so_and_offered_to_report() -> None:
    conversation = talk(theirs())
    conversation.tap("my_cases")
    assert conversation.says("my_cases.none")
    assert conversation.options == ["incident", "complaint", "menu"]


def test_the_list_holds_nine_and_says_how_to_reach_the_others() -> None:
    cases = [routed(id=f"{number}ABCDEFG") for number in "23456789ABC"]
    conversation = talk(*cases)
    conversation.tap("my_cases")
    assert conversation.says("my_cases.list_more")
    assert len(conversation.options) == 10
    assert conversation.options[0] == "my_cases:case:CABCDEFG"
    assert len(conversation.labels) == 10


def test_a_case_shows_state_department_and_expected_day() -> None:
    conversation = talk(routed())
    conversation.tap(f"my_cases:case:{NUMBER}")
    for words in (NUMBER, "El fanal no fa llum", "c/ Sant Roc, 12", "30 de novembre"):
        assert words in conversation.body
    assert conversation.town.text("cases.state_routed", "ca") in conversation.body
    department = conversation.town.incidents.department("serveis")
    assert department
    assert department.name["ca"] in conversation.body
    assert conversation.options == [f"my_cases:add:{NUMBER}", "my_cases", "menu"]


@pytest.mark.parametrize("escalated", [0, 1])
def test_an_overdue_case_says_so(escalated: int) -> None:
    case = replace(routed(), due_at=NOON - timedelta(days=2), escalated=escalated)
    conversation = talk(case)
    conversation.tap(f"my_cases:case:{NUMBER}")
    assert conversation.says("my_cases.overdue_said" if escalated else "my_cases.overdue")


def test_only_what_was_told_to_citizens_is_shown() -> None:
    case = changes.noted(routed(), NOON, STAFF, "este veí és un pesat")
    case = changes.rerouted(case, NOON, STAFF, "elsewhere", "no és nostre", None)
    case = changes.answered(case, NOON, STAFF, "Hi anirem dimarts")
    conversation = talk(case)
    conversation.tap(f"my_cases:case:{NUMBER}")
    assert "Hi anirem dimarts" in conversation.body
    for secret in ("pesat", "no és nostre", STAFF, "operator"):
        assert secret not in conversation.body


def test_somebody_elses_case_is_as_unknown_as_one_that_does_not_exist() -> None:
    conversation = talk(theirs())
    bodies = set()
    for number in (THEIRS, "ZZZZ2222"):
        for step in ("case", "add", "reopen", "rate", "answers"):
            conversation.tap(f"my_cases:{step}:{number}")
            bodies.add(conversation.body.replace(number, ""))
            assert changed(conversation) == {}
    assert len(bodies) == 1
    assert "Cap llum" not in conversation.body


def test_one_who_joined_sees_how_the_original_stands_and_nobodys_words() -> None:
    original = changes.answered(theirs(), NOON - timedelta(hours=1), STAFF, "Aina, ja t'hem telefonat")
    original = changes.remarked(original, NOON, "visc al tercer pis")
    mine = joined(original)
    original = changes.moved(original, NOON + timedelta(hours=1), STAFF, State.IN_PROGRESS, "Hem demanat la peça")
    conversation = talk(original, mine)
    conversation.tap(f"my_cases:case:{NUMBER}")
    assert conversation.says("my_cases.follows")
    assert conversation.town.text("cases.state_in_progress", "ca") in conversation.body
    assert "Hem demanat la peça" in conversation.body
    for secret in ("tercer pis", "telefonat", "casa meua", THEIRS):
        assert secret not in conversation.body


def test_the_number_of_the_original_opens_ones_own() -> None:
    original = theirs()
    conversation = talk(original, joined(original))
    conversation.tap(f"my_cases:case:{THEIRS}")
    assert conversation.citizen.notes["case"] == NUMBER


def test_a_chain_of_duplicates_is_followed_and_a_ring_does_not_hang() -> None:
    last = replace(theirs(id="LAST2222"), state=State.IN_PROGRESS)
    middle = replace(theirs(), state=State.DUPLICATE, duplicate_of="LAST2222")
    mine = replace(routed(), state=State.DUPLICATE, duplicate_of=THEIRS)
    conversation = talk(last, middle, mine)
    conversation.tap(f"my_cases:case:{NUMBER}")
    assert conversation.town.text("cases.state_in_progress", "ca") in conversation.body
    ring = talk(replace(middle, duplicate_of=NUMBER), mine)
    ring.tap(f"my_cases:case:{NUMBER}")
    assert NUMBER in ring.body


def test_a_long_answer_is_cut_and_can_be_read_whole() -> None:
    words = "Ho estudiarem amb calma. " * 60
    conversation = talk(changes.answered(routed(words="fanal " * 600), NOON, STAFF, words))
    conversation.tap(f"my_cases:case:{NUMBER}")
    assert len(conversation.body) <= 1024
    assert f"my_cases:answers:{NUMBER}" in conversation.options
    conversation.tap(f"my_cases:answers:{NUMBER}")
    assert words.strip() in conversation.body


@pytest.mark.parametrize("language", ["ca", "es"])
@pytest.mark.parametrize("state", list(State))
def test_every_screen_of_a_case_fits_whatsapp(language: str, state: State) -> None:
    told = changes.answered(routed(words="á😀" * 2000, address="x" * 300), NOON, STAFF, "🔧 " * 1300)
    case = replace(told, state=state, files=(File("f", "image", "m", NOON),), closed_at=NOON, rating=3)
    case = replace(case, closed_at=None) if case.open else case
    for step in ("case", "add", "reopen", "rate", "answers"):
        conversation = talk(case, who=citizen(language))
        conversation.tap(f"my_cases:{step}:{NUMBER}")
        reply = conversation.reply
        assert reply
        check_message(outbound(reply, conversation.citizen), WORLD)
        assert "{" not in conversation.body


@pytest.mark.parametrize(
    "address",
    [
        "my_cases:x",
        "my_cases:case",
        "my_cases:rate:K7Q2M4XA:6",
        "my_cases:rate:K7Q2M4XA:²",
        "my_cases:case::",
        "my_cases:",
    ],
)
def test_an_address_that_never_was_leads_to_the_menu(address: str) -> None:
    conversation = talk(resolved())
    conversation.tap(address)
    assert conversation.citizen.place == Place.MENU


def test_a_category_that_content_has_lost_shows_the_kind() -> None:
    conversation = talk(routed(category="gone", department="gone"))
    conversation.tap(f"my_cases:case:{NUMBER}")
    assert conversation.town.text("cases.kind_incident", "ca") in conversation.body


# --- by its number ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words", ["K7Q2M4XA", "k7q2m4xa", "com va la K7Q2M4XA?", "K7Q2 M4XA", "la k7q2-m4xa, per favor", "*K7Q2M4XA*"]
)
def test_a_number_is_understood_anywhere(words: str) -> None:
    conversation = talk(routed(), theirs())
    conversation.say("farmàcia", words)
    assert conversation.citizen.notes.get("case") == NUMBER


@pytest.mark.parametrize(
    "words", ["12345678Z", "2026/4521", "961234567", "bon dia a tots", "ABC", "ESCALERA", "visc en el 23"]
)
def test_what_is_no_number_is_not_taken_for_one(words: str) -> None:
    conversation = talk(routed(), routed(id="2222AAAA"))
    conversation.say(words)
    assert "case" not in conversation.citizen.notes
    assert not conversation.says("my_cases.not_found")


def test_a_number_of_letters_only_opens_the_case_that_has_it() -> None:
    conversation = talk(routed(id="MCUCPWQH"))
    conversation.say("MCUCPWQH")
    assert conversation.citizen.notes.get("case") == "MCUCPWQH"


def test_a_number_in_the_words_of_a_request_stays_part_of_it() -> None:
    conversation = talk(routed())
    conversation.say("persona", "és per la K7Q2M4XA")
    assert conversation.says("person.added")
    conversation.say("K7Q2M4XA")
    assert conversation.citizen.notes["case"] == NUMBER
    assert conversation.citizen.place == Place.MY_CASES


def test_asking_how_it_goes_with_one_case_shows_that_case() -> None:
    conversation = talk(routed())
    conversation.say("com va la meua incidència?")
    assert conversation.citizen.notes.get("case") == NUMBER


def test_asking_how_it_goes_with_several_shows_the_list() -> None:
    conversation = talk(routed(), routed(id="2222AAAA"))
    conversation.say("com van les meues incidències?")
    assert conversation.options[-1] == "menu"
    assert len(conversation.options) == 3


# --- to add -------------------------------------------------------------------------------------------


def test_words_are_added_and_more_words_too() -> None:
    conversation = talk(routed())
    conversation.tap(f"my_cases:add:{NUMBER}")
    conversation.say("fa tres nits")
    assert conversation.says("my_cases.added")
    conversation.say("i el del costat també")
    said = [event.words for event in stored(conversation).history if event.what == What.REMARKED]
    assert said == ["fa tres nits", "i el del costat també"]


def test_three_photos_at_once_get_one_reply_and_are_all_kept() -> None:
    conversation = talk(routed())
    conversation.tap(f"my_cases:add:{NUMBER}")
    photos = [Media("image", f"media.{number}", "image/jpeg") for number in (1, 2, 3)]
    assert conversation.say(photos[0])
    for photo in photos[1:]:
        assert conversation.say(photo, pause=3) is None
        assert changed(conversation)
    assert len(stored(conversation).files) == 3
    conversation.say(Media("audio", "media.4", "audio/ogg", voice=True), pause=60)
    assert conversation.says("my_cases.added")
    assert len(stored(conversation).files) == 4


def test_a_photo_sent_while_looking_at_an_open_case_joins_it_with_its_caption() -> None:
    conversation = talk(routed())
    conversation.tap(f"my_cases:case:{NUMBER}")
    conversation.say(Media("image", "media.1", caption="ara també fa espurnes"))
    (file,) = stored(conversation).files
    assert (file.state, stored(conversation).history[-1].words) == ("pending", "ara també fa espurnes")


def test_a_photo_sent_while_looking_at_a_closed_case_is_asked_about() -> None:
    conversation = talk(resolved(days_ago=90))
    conversation.tap(f"my_cases:case:{NUMBER}")
    conversation.say(Media("image", "media.1"))
    assert changed(conversation) == {}
    assert conversation.citizen.place == Place.ATTACHMENT


def test_a_pin_becomes_words() -> None:
    conversation = talk(routed())
    conversation.tap(f"my_cases:add:{NUMBER}")
    conversation.say(Pin(39.15, -0.43, "Bar Central"))
    assert "Bar Central (39.15000,-0.43000)" in stored(conversation).history[-1].words


@pytest.mark.parametrize("pin", [Pin(0.0, 0.0), Pin(float("nan"), 0.1)])
def test_a_pin_that_says_nothing_is_asked_for_again(pin: Pin) -> None:
    conversation = talk(routed())
    conversation.tap(f"my_cases:add:{NUMBER}")
    conversation.say(pin)
    assert conversation.says("my_cases.no_pin")
    assert changed(conversation) == {}


@pytest.mark.parametrize(
    ("said", "kept"), [("és el 25 bis", "és el 25 bis"), ("el 25", "25"), ("sí", "Sí"), ("no", "No"), ("25", "25")]
)
def test_what_staff_asked_is_answered_by_just_writing_below_the_case(said: str, kept: str) -> None:
    conversation = talk(waiting())
    conversation.tap(f"my_cases:case:{NUMBER}")
    assert "Quin número té el fanal?" in conversation.body
    conversation.say(said)
    case = stored(conversation)
    assert (case.history[-1].words, case.state) == (kept, State.IN_PROGRESS)


def test_what_staff_ask_while_one_stands_at_the_case_is_answered_by_just_writing() -> None:
    conversation = talk(routed())
    conversation.tap(f"my_cases:case:{NUMBER}")
    conversation.answers = Reported(waiting())
    conversation.say("és el 25 bis")
    assert stored(conversation).history[-1].words == "és el 25 bis"


def test_danger_in_what_is_added_is_answered_first_and_is_added_all_the_same() -> None:
    conversation = talk(routed())
    conversation.tap(f"my_cases:add:{NUMBER}")
    conversation.say("ara hi ha foc en el fanal i fum")
    assert "112" in conversation.body
    assert "foc" in stored(conversation).history[-1].words


def test_another_wish_leaves_once_something_was_said_and_a_plain_one_at_once() -> None:
    conversation = talk(routed())
    conversation.tap(f"my_cases:add:{NUMBER}")
    conversation.say("farmàcia")
    assert conversation.citizen.place == Place.PHARMACY
    conversation.tap(f"my_cases:add:{NUMBER}")
    conversation.say("fa tres nits", "quina farmàcia està de guàrdia?")
    assert conversation.citizen.place == Place.PHARMACY
    assert len([event for event in stored(conversation).history if event.what == What.REMARKED]) == 1


def test_a_case_that_was_closed_meanwhile_takes_no_more_and_says_what_can_be_done() -> None:
    conversation = talk(routed())
    conversation.tap(f"my_cases:add:{NUMBER}")
    conversation.answers = Reported(resolved())
    conversation.say("fa tres nits")
    assert conversation.says("my_cases.closed")
    assert changed(conversation) == {}
    assert f"my_cases:reopen:{NUMBER}" in conversation.options


def test_a_case_that_is_full_says_so() -> None:
    files = tuple(File(str(n), "image", f"m{n}", NOON - timedelta(days=1)) for n in range(changes.MOST_FILES))
    conversation = talk(routed(files=files))
    conversation.tap(f"my_cases:add:{NUMBER}")
    conversation.say(Media("image", "media.1"))
    assert conversation.says("my_cases.full")
    history = routed().history * changes.MOST_EVENTS
    conversation = talk(replace(routed(), history=history))
    conversation.tap(f"my_cases:add:{NUMBER}")
    conversation.say("fa tres nits")
    assert conversation.says("my_cases.full")
    assert changed(conversation) == {}


def test_what_a_follower_adds_stays_theirs_and_the_original_is_told_of_it() -> None:
    original = changes.moved(theirs(), NOON, STAFF, State.WAITING, "Encara passa?")
    conversation = talk(original, joined(original))
    conversation.tap(f"my_cases:add:{NUMBER}")
    conversation.say("sí, anit també")
    after = changed(conversation)
    assert after[NUMBER].history[-1].words == "sí, anit també"
    last = after[THEIRS].history[-1]
    assert (last.words, last.details["case"], after[THEIRS].state) == ("", NUMBER, State.IN_PROGRESS)


# --- it is not fixed ------------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", ["1", "sí", "Reobrir i prou"])
def test_a_closed_case_is_opened_again_without_a_word(answer: str) -> None:
    conversation = talk(resolved())
    conversation.tap(f"my_cases:reopen:{NUMBER}")
    assert changed(conversation) == {}
    conversation.say(answer)
    case = stored(conversation)
    assert (case.state, case.closed_at, case.history[-1].telling) == (State.REOPENED, None, Telling.NOBODY)
    assert case.due_at
    assert case.due_at > NOON + timedelta(days=5)
    assert conversation.says("my_cases.reopened")


def test_what_is_still_wrong_is_kept_and_a_second_tap_changes_nothing() -> None:
    conversation = talk(resolved())
    conversation.tap(f"my_cases:reopen:{NUMBER}")
    conversation.say("parpelleja tota la nit")
    assert stored(conversation).history[-1].words == "parpelleja tota la nit"
    conversation.tap(f"my_cases:reopen:{NUMBER}:go")
    assert conversation.says("my_cases.open_already")
    assert changed(conversation) == {}


def test_photos_say_what_is_still_wrong_with_one_reply_for_all() -> None:
    conversation = talk(resolved())
    conversation.tap(f"my_cases:reopen:{NUMBER}")
    conversation.say(Media("image", "media.1", caption="mireu"))
    assert conversation.says("my_cases.reopened")
    conversation.say(Media("image", "media.2"), pause=2)
    assert conversation.reply is None
    case = stored(conversation)
    assert (case.state, len(case.files)) == (State.REOPENED, 2)
    assert "mireu" in [event.words for event in case.history]


@pytest.mark.parametrize("answer", ["2", "no"])
def test_or_it_is_left_as_it_is(answer: str) -> None:
    conversation = talk(resolved())
    conversation.tap(f"my_cases:reopen:{NUMBER}")
    conversation.say(answer)
    assert stored(conversation).state == State.RESOLVED
    assert conversation.citizen.notes["case"] == NUMBER


def test_after_the_towns_days_it_is_refused_kindly_with_a_new_report() -> None:
    days = talk().town.incidents.reopen_days
    conversation = talk(resolved(days_ago=days + 1))
    conversation.tap(f"my_cases:reopen:{NUMBER}")
    assert conversation.says("my_cases.too_late")
    assert conversation.options[0] == "incident"
    conversation.tap(f"my_cases:reopen:{NUMBER}:go")
    assert changed(conversation) == {}
    in_time = talk(resolved(days_ago=days - 1))
    in_time.tap(f"my_cases:reopen:{NUMBER}:go")
    assert changed(in_time)


def test_one_who_joined_opens_the_original_again_with_their_words_in_their_own_case() -> None:
    original = changes.moved(theirs(), NOON - timedelta(hours=1), STAFF, State.RESOLVED, "Fet")
    conversation = talk(original, joined(original))
    conversation.tap(f"my_cases:reopen:{NUMBER}")
    conversation.say("continua apagat")
    after = changed(conversation)
    assert after[THEIRS].state == State.REOPENED
    assert after[NUMBER].history[-1].words == "continua apagat"
    assert "apagat" not in str(after[THEIRS].history)
    assert after[THEIRS].history[-1].details["case"] == NUMBER


def test_one_who_joined_opens_the_original_again_without_a_word() -> None:
    original = changes.moved(theirs(), NOON - timedelta(hours=1), STAFF, State.RESOLVED, "Fet")
    conversation = talk(original, joined(original))
    conversation.tap(f"my_cases:reopen:{NUMBER}:go")
    assert list(changed(conversation)) == [THEIRS]


# --- how did we do? -------------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", ["4", "⭐⭐⭐⭐ Bé"])
def test_a_number_is_so_many_stars(answer: str) -> None:
    conversation = talk(resolved())
    conversation.tap(f"my_cases:rate:{NUMBER}")
    conversation.say(answer)
    assert stored(conversation).rating == 4
    assert conversation.says("my_cases.rated")


def test_the_same_stars_twice_are_noted_once_and_others_replace_them() -> None:
    conversation = talk(resolved())
    conversation.tap(f"my_cases:rate:{NUMBER}:4")
    conversation.tap(f"my_cases:rate:{NUMBER}:4")
    assert changed(conversation) == {}
    conversation.tap(f"my_cases:rate:{NUMBER}:1")
    assert stored(conversation).rating == 1
    assert conversation.options[0] == f"my_cases:reopen:{NUMBER}"


def test_an_open_case_is_not_rated() -> None:
    conversation = talk(routed())
    for address in (f"my_cases:rate:{NUMBER}", f"my_cases:rate:{NUMBER}:5"):
        conversation.tap(address)
        assert conversation.says("my_cases.not_yet")
        assert changed(conversation) == {}


def test_one_who_joined_rates_in_their_own_case() -> None:
    original = changes.moved(theirs(), NOON - timedelta(hours=1), STAFF, State.RESOLVED, "Fet")
    conversation = talk(original, joined(original))
    conversation.tap(f"my_cases:rate:{NUMBER}:5")
    assert {number: case.rating for number, case in changed(conversation).items()} == {NUMBER: 5}


# --- blocked ----------------------------------------------------------------------------------------------


def test_who_is_blocked_can_look_and_change_nothing() -> None:
    who = citizen(blocked=True)
    for case in (routed(), waiting(), resolved()):
        conversation = talk(case, who=who)
        conversation.tap(f"my_cases:case:{NUMBER}")
        assert conversation.options == ["my_cases", "menu"]
        for step in ("add", "reopen", "rate"):
            conversation.tap(f"my_cases:{step}:{NUMBER}")
            assert conversation.says("my_cases.only_look")
        for said in (f"my_cases:reopen:{NUMBER}:go", f"my_cases:rate:{NUMBER}:5", f"my_cases:add:{NUMBER}:yes"):
            conversation.tap(said)
            assert changed(conversation) == {}
        conversation.say(Media("image", "media.1"))
        assert changed(conversation) == {}


def test_every_kind_of_case_is_shown() -> None:
    for kind in Kind:
        conversation = talk(routed(kind=kind, category=""))
        conversation.tap(f"my_cases:case:{NUMBER}")
        assert conversation.town.text(f"cases.kind_{kind}", "ca") in conversation.body


# --- whatever comes -----------------------------------------------------------------------------------------

LONG = "😀" * 4096
steps = st.sampled_from(["", ":case", ":add", ":reopen", ":rate", ":answers", ":x"])
numbers = st.sampled_from(["", f":{NUMBER}", f":{THEIRS}", ":2222AAAA", ":ZZZZ2222"])
ends = st.sampled_from(["", ":go", ":yes", ":no", ":1", ":5", ":9"])
contents: st.SearchStrategy[Content] = st.one_of(
    st.builds(lambda step, number, end: Tap(f"my_cases{step}{number}{end}"), steps, numbers, ends),
    st.sampled_from(["1", "2", "9", "sí", "no", "menú", "arrere", "encara falla", NUMBER, THEIRS, "😀" * 4096]).map(
        Text
    ),
    st.builds(Pin, st.floats(-90, 90), st.floats(-180, 180)),
    st.builds(Media, st.just("image"), st.text("ab", min_size=1, max_size=3), caption=st.sampled_from(["", "mireu"])),
)


@given(st.sampled_from(list(State)), st.booleans(), st.lists(st.tuples(contents, st.sampled_from([2, 60, 90_000]))))
@settings(max_examples=60, deadline=None)
def test_whatever_comes_there_is_one_answer_and_only_ones_own_cases_change(
    state: State, blocked: bool, said: list[tuple[Content, int]]
) -> None:
    original = replace(theirs(), state=state, closed_at=None if state in OPEN else NOON)
    strangers = routed(id="2222AAAA", citizen=OTHERS)
    conversation = talk(original, joined(original), strangers, who=citizen(blocked=blocked))
    for content, pause in said:
        reply = conversation.say(content, pause=pause)
        if reply is None:
            assert conversation.turn.effects
        else:
            check_message(outbound(reply, conversation.citizen), WORLD)
        assert changed(conversation).keys() <= (set() if blocked else {NUMBER, THEIRS})
        assert "Cap llum en casa meua" not in getattr(reply, "body", "")


# --- an answer to staff from elsewhere ----------------------------------------------------------------


def asked_by_staff() -> Case:
    return changes.moved(routed(), NOON, "serveis@canal.test", State.WAITING, "De quin color és?")


def test_an_answer_to_staff_that_is_typed_elsewhere_can_be_added_to_the_case() -> None:
    conversation = talk(asked_by_staff())
    conversation.say("xwqz kwtz")
    assert conversation.options[0] == f"my_cases:add:{NUMBER}:said"
    conversation.tap(conversation.options[0])
    assert changed(conversation)[NUMBER].history[-1].words == "xwqz kwtz"
    assert stored(conversation).state == State.IN_PROGRESS
    conversation.tap(f"my_cases:add:{NUMBER}:said")
    assert changed(conversation) == {}


@pytest.mark.parametrize("photo", [Media("image", "media.1"), Media("audio", "media.1"), Media("document", "media.1")])
def test_files_for_staff_that_are_sent_elsewhere_can_be_added_to_the_case(photo: Media) -> None:
    conversation = talk(asked_by_staff())
    conversation.say(replace(photo, caption="mireu"), replace(photo, media_id="media.2"), pause=2)
    conversation.tap(f"my_cases:add:{NUMBER}:said")
    case = changed(conversation)[NUMBER]
    assert [file.media_id for file in case.files[-2:]] == ["media.1", "media.2"]
    assert (case.history[-1].words, case.state) == ("mireu", State.IN_PROGRESS)
    assert not conversation.citizen.draft


def test_files_that_the_case_does_not_take_are_not_lost() -> None:
    conversation = talk(asked_by_staff())
    conversation.say(Media("image", "media.1"))
    assert conversation.options[0] == f"my_cases:add:{NUMBER}:said"
    assert isinstance(conversation.answers, Reported)
    conversation.answers.put(changes.moved(stored(conversation), NOON, "x@canal.test", State.RESOLVED))
    conversation.tap(conversation.options[0])
    assert changed(conversation) == {}
    assert conversation.citizen.draft["files"]


def test_words_elsewhere_are_no_answer_where_nobody_asked_or_from_who_is_blocked() -> None:
    for conversation in (talk(routed()), talk(asked_by_staff(), who=citizen(blocked=True))):
        conversation.say("xwqz kwtz")
        assert not any(option.startswith("my_cases:add") for option in conversation.options)


# --- what is no addition --------------------------------------------------------------------------------


def test_to_ask_how_it_goes_is_no_answer_to_staff() -> None:
    conversation = talk(waiting())
    conversation.tap(f"my_cases:case:{NUMBER}")
    conversation.say(f"com va {NUMBER}?")
    assert not changed(conversation)
    assert conversation.says("my_cases.heading")


@pytest.mark.parametrize("words", ["vull posar una queixa", "10"])
def test_a_new_wish_or_a_stray_number_is_no_addition_once_something_was_said(words: str) -> None:
    conversation = talk(routed())
    conversation.tap(f"my_cases:add:{NUMBER}")
    conversation.say("fa pudor", words)
    assert not changed(conversation)


@pytest.mark.parametrize("words", ["no està resolt", "encara no està arreglat", "no está resuelto, sigue igual"])
def test_not_fixed_is_understood_from_elsewhere(words: str) -> None:
    conversation = talk(resolved())
    conversation.say(words)
    assert f"my_cases:reopen:{NUMBER}" in conversation.options
