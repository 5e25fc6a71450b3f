"""Every screen that can be reached from the menu, in both languages: it shows, it fits, and there is a way out."""

from __future__ import annotations

import re
from collections import deque
from datetime import UTC, datetime
from functools import cache

import pytest
from canal.adapters.whatsapp_rendering import MAX_ID, MAX_ROW_DESCRIPTION, MAX_ROW_LABEL, outbound
from canal.adapters.whatsapp_text import units
from canal.dialogue.citizen import Place
from canal.dialogue.messages import Option, Reply, Say, Tap
from canal.dialogue.places import rules_of
from canal.dialogue.places.menu import AFTER, NINE
from canal.dialogue.turn import Turn

from local.whatsapp.checks import World, check_message
from tests.builders import NOON, citizen, inbound, settled
from tests.towns import alzira

LANGUAGES = ("ca", "es")
WORLD = World(media=lambda _: None, template=lambda *_: None)
PIN = "39.15000,-0.43500"
NIGHT = datetime(2026, 11, 29, 3, 30, tzinfo=UTC)  # a Sunday, long before the first bus
YEARS_LATER = datetime(2033, 8, 15, 12, 0, tzinfo=UTC)  # a holiday, when everything that was loaded is over
# Where one comes by words, by pins and from old lists only.
SIDE_DOORS = (
    "menu",
    "menu:more",
    "help",
    "welcome",
    "suggestion",
    "question:pass",
    f"incident:pin:{PIN}",
    "incident:send",
    "incident:photos",
    "incident:change",
    "subscriptions:start",
    "subscriptions:stop",
    "subscriptions:leave:alerts",
    "subscriptions:join:jobs",
    "subscriptions:topic:roads:vila:venecia",
    "subscriptions:zone:alerts:vila",
    "subscriptions:often:jobs:each",
    f"bus:near:{PIN}",
    f"pharmacy:near:{PIN}",
    "bus:near:-89.99999,179.99999",
)


@cache
def turns(language: str, now: datetime = NOON) -> dict[str, Turn]:
    """The turn of a tap on every address that is offered anywhere."""
    found: dict[str, Turn] = {}
    waiting = deque(SIDE_DOORS)
    while waiting:
        address = waiting.popleft()
        if address not in found:
            turn = settled(citizen(language), inbound(Tap(address), at=now), alzira(), now)
            found[address] = turn
            waiting += [answer.address for answer in turn.citizen.offered]
            waiting += [option.id for reply in turn.replies for option in options(reply)]
    return found


def options(reply: Reply) -> tuple[Option, ...]:
    return reply.options if isinstance(reply, Say) else ()


def texts(reply: Reply) -> str:
    """All words of a reply."""
    return f"{getattr(reply, 'body', '')} {[(option.label, option.description) for option in options(reply)]}"


@pytest.mark.parametrize("now", [NOON, NIGHT, YEARS_LATER], ids=["noon", "night", "years later"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_screen_is_one_message_that_whatsapp_takes(language: str, now: datetime) -> None:
    for turn in turns(language, now).values():
        (reply,) = turn.replies
        check_message(outbound(reply, turn.citizen), WORLD)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_screen_is_cut_off(language: str) -> None:
    """What is too long for a list stays text, but what is too long for a text would lose its end."""
    for address, turn in turns(language).items():
        assert units(getattr(turn.replies[0], "body", "")) <= 2048, address


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_screens_of_the_menu_keep_their_buttons(language: str) -> None:
    for address in (*NINE, *AFTER, "help", "menu:more", "taxes:ways", "waste:ecoparc", "privacy:data"):
        kind = outbound(turns(language)[address].replies[0], citizen())["type"]
        assert kind == "interactive", address


@pytest.mark.parametrize("language", LANGUAGES)
def test_labels_fit_whole_and_the_rest_of_a_row_too(language: str) -> None:
    for turn in turns(language).values():
        for option in options(turn.replies[0]):
            assert 0 < units(option.label) <= MAX_ROW_LABEL
            assert units(option.description) <= MAX_ROW_DESCRIPTION
            assert units(option.id) <= MAX_ID


@pytest.mark.parametrize("language", LANGUAGES)
def test_rows_of_one_screen_can_be_told_apart(language: str) -> None:
    for address, turn in turns(language).items():
        rows = [(option.label, option.description) for option in options(turn.replies[0])]
        assert len(set(rows)) == len(rows), address


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_screen_writes_its_numbers_out_and_they_are_the_ones_that_count(language: str) -> None:
    for address, turn in turns(language).items():
        written = re.findall(r"^\*(\d+)\* (.+)$", getattr(turn.replies[0], "body", ""), re.MULTILINE)
        for number, label in written:
            assert turn.citizen.offered[int(number) - 1].label == label, address
        if written and not address.startswith("menu"):
            assert len(written) == len(turn.citizen.offered), address


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_braces_no_bare_keys_and_no_none_are_left_in_a_text(language: str) -> None:
    for address, turn in turns(language).items():
        said = texts(turn.replies[0])
        assert not re.search(r"[{}]|\bNone\b|\b(?:True|False)\b", said), address
        assert "  " not in said.replace("\n", " ").strip() or address, address


@pytest.mark.parametrize("language", LANGUAGES)
def test_from_every_screen_zero_leads_to_the_menu_and_a_word_to_a_person(language: str) -> None:
    for address, turn in turns(language).items():
        if address == "privacy:erase:yes":  # the row goes; whoever writes again is new
            continue
        assert settled(turn.citizen, inbound("0"), alzira(), NOON).citizen.place == Place.MENU, address
        assert settled(turn.citizen, inbound("persona"), alzira(), NOON).citizen.place == Place.PERSON, address


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_answer_that_is_offered_is_there(language: str) -> None:
    gone = alzira().text("menu.gone", "ca"), alzira().text("menu.gone", "es")
    for address, turn in turns(language).items():
        assert not texts(turn.replies[0]).startswith(gone), address


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_screen_shown_again_under_its_own_address_is_the_same(language: str) -> None:
    """What "back" relies on."""
    for address, turn in turns(language).items():
        for own in filter(None, turn.citizen.trail):
            again = settled(citizen(language, draft=turn.citizen.draft), inbound(Tap(own)), alzira(), NOON)
            same = again.replies == turn.replies or own == "menu"
            assert same or (turn.citizen.draft and again.citizen.place == turn.citizen.place), address


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_languages_have_the_same_screens(language: str) -> None:
    assert turns(language).keys() == turns("ca").keys()


def test_every_place_is_reached() -> None:
    assert {turn.citizen.place for turn in turns("ca").values()} | {Place.ATTACHMENT} == set(Place)


@pytest.mark.parametrize("place", Place)
def test_every_place_has_a_module_of_its_name(place: Place) -> None:
    assert rules_of(place).show is not None
