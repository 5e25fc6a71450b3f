"""What a citizen is told of each event, in the window, outside it, and all at once after a silence."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Literal

import pytest
from canal.adapters.whatsapp_rendering import outbound, template
from canal.content.templates import read_templates
from canal.dialogue.news import digest, news, template_parameters, template_payloads
from canal.incidents import changes
from canal.incidents.case import Case, File, Telling, What
from canal.incidents.states import State

from local.whatsapp.checks import World, check_message
from local.whatsapp.templates import Templates
from tests.builders import NOON, Talk, a_case, citizen
from tests.towns import ROOT, alzira

APPROVED = Templates()
for made in read_templates(ROOT / "content" / "common" / "templates"):
    APPROVED.create(made, now=0, status="APPROVED")
WORLD = World(media=lambda _: None, template=APPROVED.find)
STAFF = "operator@town.example"
SECRETS = (STAFF, "operator")
LONG = "Ho estudiarem amb calma 🔧 i\n\n\tt'ho direm.     " * 90
Language = Literal["ca", "es"]
LANGUAGES: tuple[Language, ...] = ("ca", "es")


def routed() -> Case:
    return changes.routed(a_case(), NOON, "serveis", "", NOON + timedelta(days=7), tell=True)


def moved(state: State, words: str = "") -> Case:
    return changes.moved(routed(), NOON, STAFF, state, words)


def file_failed(what: What, reason: str = "gone", kind: str = "image") -> Case:
    file = File("f1", kind, "media.1", NOON)
    return changes.file_failed(replace(routed(), files=(file,)), NOON, file, what, reason)


TOLD = {
    "routed": routed(),
    "in progress": moved(State.IN_PROGRESS),
    "waiting": moved(State.WAITING, "Quin número té?"),
    "resolved": moved(State.RESOLVED, "Hem canviat la bombeta."),
    "rejected": moved(State.REJECTED, "No és nostre."),
    "answered": changes.answered(routed(), NOON, STAFF, "Hi anirem demà."),
    "answered at length": changes.answered(routed(), NOON, STAFF, LONG),
    "merged": changes.merged(routed(), NOON, STAFF, "9XAB2CDE"),
    "reopened": changes.reopened(moved(State.RESOLVED), NOON, STAFF, "Tornem a mirar-ho.", None),
    "refused": file_failed(What.FILE_REFUSED, "the picture is an animation"),
    "too large": file_failed(What.FILE_REFUSED, "too_large", "document"),
    "lost": file_failed(What.FILE_LOST, kind="sticker"),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("case", TOLD.values(), ids=TOLD)
def test_news_names_the_case_and_fits_whatsapp(case: Case, language: Language) -> None:
    event = case.history[-1]
    assert event.telling == Telling.PENDING
    told = news(alzira(), language, case, event, case)
    check_message(outbound(told, citizen()), WORLD)
    assert case.id in told.body
    assert not any(secret in told.body for secret in SECRETS)
    assert not any(mark in told.body for mark in "{}")


@pytest.mark.parametrize("case", TOLD.values(), ids=TOLD)
def test_every_answer_that_is_offered_is_there(case: Case) -> None:
    for option in news(alzira(), "ca", case, case.history[-1], case).options:
        conversation = Talk()
        conversation.answers = lambda question: case
        conversation.tap(option.id)
        assert not conversation.says("menu.gone")
        assert not conversation.says("my_cases.not_found")
        assert not conversation.says("my_cases.closed")


@pytest.mark.parametrize(
    ("name", "steps"),
    [
        ("routed", ["case"]),
        ("waiting", ["add", "case"]),
        ("answered", ["add", "case"]),
        ("resolved", ["rate", "reopen", "case"]),
        ("rejected", ["reopen", "case"]),
        ("merged", ["case"]),
        ("reopened", ["case"]),
        ("lost", ["add", "case"]),
    ],
)
def test_what_can_be_done_next(name: str, steps: list[str]) -> None:
    case = TOLD[name]
    told = news(alzira(), "ca", case, case.history[-1], case)
    assert [option.id for option in told.options] == [f"my_cases:{step}:{case.id}" for step in steps]


def test_news_carries_no_numbers_since_they_would_mean_what_was_offered_before() -> None:
    told = news(alzira(), "ca", TOLD["resolved"], TOLD["resolved"].history[-1], TOLD["resolved"])
    assert "*1*" not in told.body


def test_staffs_words_stand_in_it_whole_and_on_their_own() -> None:
    case = TOLD["resolved"]
    assert "\n\nHem canviat la bombeta.\n" in news(alzira(), "ca", case, case.history[-1], case).body


def test_words_too_long_for_buttons_come_as_text_and_the_longest_are_cut() -> None:
    case = TOLD["answered at length"]
    told = news(alzira(), "ca", case, case.history[-1], case)
    assert told.options == ()
    assert 1024 < len(told.body.encode("utf-16-le")) // 2 <= 4096
    assert "…" in told.body
    assert told.body.endswith(f"*{case.id}*")


def test_words_that_were_hidden_are_not_told() -> None:
    case = TOLD["answered"]
    hidden = changes.redacted(case, NOON, STAFF, event=case.history[-1].id)
    assert "Hi anirem" not in news(alzira(), "ca", hidden, hidden.history[-2], hidden).body


def test_one_who_follows_reads_their_own_number_and_never_the_reporters_words() -> None:
    original = moved(State.RESOLVED, "Fet")
    mine = changes.joined(a_case(id="9XAB2CDE", citizen="ES.2002"), original)
    told = news(alzira(), "es", original, original.history[-1], mine)
    assert mine.id in told.body
    assert original.id not in str(told)
    assert original.words not in told.body
    assert [option.id for option in told.options] == [
        f"my_cases:{step}:{mine.id}" for step in ("rate", "reopen", "case")
    ]


def test_an_old_event_offers_what_can_be_done_as_the_case_stands_now() -> None:
    case = changes.reopened(moved(State.RESOLVED), NOON, changes.CITIZEN, "", None)
    told = news(alzira(), "ca", case, case.history[-2], case)
    assert [option.id for option in told.options] == [f"my_cases:case:{case.id}"]


def test_a_case_without_known_category_department_or_day_is_told_all_the_same() -> None:
    case = changes.routed(a_case(category="gone"), NOON, "gone", "", None, tell=True)
    body = news(alzira(), "es", case, case.history[-1], case).body
    assert alzira().text("cases.kind_incident", "es") in body
    assert alzira().text("news.routed", "es") in body


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("what", list(What))
@pytest.mark.parametrize("state", list(State))
def test_any_event_at_all_has_words(what: What, state: State, language: Language) -> None:
    case = replace(routed(), state=state)
    event = replace(case.history[-1], what=what, state=state)
    assert news(alzira(), language, case, event, case).body
    assert all(template_parameters(alzira(), language, case, event).values())


# --- the template ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("case", TOLD.values(), ids=TOLD)
def test_what_goes_into_the_template_is_one_line_and_never_empty(case: Case, language: Language) -> None:
    values = template_parameters(alzira(), language, case, case.history[-1])
    assert sum(map(len, values.values())) <= 600
    for value in values.values():
        assert value.strip() == value != ""
        assert not set(value) & set("\n\t\r")
        assert "     " not in value
    check_message(template("case_update", language, citizen(), values, template_payloads(case)), WORLD)


def test_one_who_follows_finds_their_own_number_in_the_template() -> None:
    mine = changes.joined(a_case(id="9XAB2CDE", citizen="ES.2002"), routed())
    values = template_parameters(alzira(), "ca", routed(), routed().history[-1], mine)
    assert values["case"] == "9XAB2CDE"
    assert template_payloads(mine) == ("my_cases:case:9XAB2CDE",)


# --- after a silence -------------------------------------------------------------------------------------


def test_all_that_waited_comes_in_one_message_in_its_order() -> None:
    case = changes.moved(routed(), NOON, STAFF, State.IN_PROGRESS, "Ja tenim la peça")
    case = changes.moved(case, NOON, STAFF, State.RESOLVED, "Fet")
    told = digest(alzira(), "ca", [(case, event, case) for event in case.history[1:]])
    assert told.body.index("Ja tenim la peça") < told.body.index("Fet")
    assert told.body.count(case.id) == 2  # its heading, and how to see it
    assert [option.id for option in told.options] == [
        f"my_cases:{step}:{case.id}" for step in ("rate", "reopen", "case")
    ]


def test_one_thing_that_waited_is_told_as_if_it_had_not() -> None:
    case = TOLD["resolved"]
    event = case.history[-1]
    assert digest(alzira(), "es", [(case, event, case)]) == news(alzira(), "es", case, event, case)


def test_several_cases_stand_apart_and_each_can_be_opened() -> None:
    other = replace(TOLD["answered"], id="9XAB2CDE")
    one = TOLD["resolved"]
    told = digest(alzira(), "es", [(one, one.history[-1], one), (other, other.history[-1], other)])
    assert [option.id for option in told.options] == [f"my_cases:case:{each.id}" for each in (one, other)]
    check_message(outbound(told, citizen()), WORLD)


@pytest.mark.parametrize("number", [2, 20, 60])
def test_however_much_waited_it_fits_whatsapp(number: int) -> None:
    cases = [replace(TOLD["answered at length"], id=f"{each:08}") for each in range(number)]
    told = digest(alzira(), "ca", [(case, case.history[-1], case) for case in cases])
    check_message(outbound(told, citizen()), WORLD)
    assert len(told.options) <= 9
