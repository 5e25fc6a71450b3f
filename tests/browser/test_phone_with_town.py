"""The phone page in a real browser, with the real town behind it: the whole way of a "Hola" and back."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import requests
from playwright.sync_api import Browser, Page, expect

from tests.integration.stack import Stack, eventually

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with Stack() as running:
        yield running


@pytest.fixture
def phone(browser: Browser, stack: Stack) -> Iterator[Page]:
    """The phone, empty, as its first owner holds it."""
    page = browser.new_page()
    page.goto(f"{stack.url}/phone/")
    page.locator("body[data-ready]").wait_for()
    yield page
    page.close()


def say(phone: Page, words: str) -> None:
    phone.get_by_test_id("write").fill(words)
    phone.get_by_test_id("write").press("Enter")


def answered(phone: Page, words: str) -> None:
    """The newest message of the town says ``words``."""
    newest = phone.locator("[data-testid=message]").last
    expect(newest).to_contain_text(re.compile(words), timeout=15_000)


def test_hola_a_language_by_number_and_all_nine_options(phone: Page) -> None:
    say(phone, "Hola")
    answered(phone, "Castellano")
    say(phone, "1")
    answered(phone, "Programació Cultural")
    for number, words in {
        "1": "112",
        "2": "Línia 1",
        "3": "guàrdia",
        "4": "Ecoparc",
        "5": "citaprevia.alzira.es",
        "6": "2025",
        "7": "La Clau",
        "8": "Ofertes",
        "9": "Este cap de setmana",
    }.items():
        say(phone, number)
        answered(phone, words)
        say(phone, "0")
        answered(phone, "Parlar amb una persona")


def test_a_list_is_tapped_a_place_is_sent_and_the_language_changed(phone: Page) -> None:
    say(phone, "menú")
    answered(phone, "Programació Cultural")
    phone.get_by_test_id("open-list").last.click()
    phone.get_by_test_id("list-row").filter(has_text="Bus Municipal").click()
    answered(phone, "Línia 1")
    say(phone, "castellano")
    answered(phone, "Programación Cultural")


def test_photo_pin_and_words_become_a_case_whose_progress_reaches_the_phone(phone: Page, stack: Stack) -> None:
    say(phone, "valencià")
    answered(phone, "Programació Cultural")
    send_the_photo(phone, "streetlight")
    answered(phone, "Comunicar una incidència")
    send_the_place(phone)
    answered(phone, "Conta'm què passa")
    say(phone, "hi ha un fanal que no fa llum")
    answered(phone, "Tot correcte")
    say(phone, "1")
    number = number_on(phone)
    case = f"{stack.url}/api/cases/{number}"
    staff = stack.signed_in("admin@canal.test")
    routed = eventually(lambda: routed_case(case, staff))
    assert routed
    move = {"state": "in_progress", "words": "Demà hi anem."}
    requests.post(
        f"{case}/moves", json=move, headers=staff | {"If-Match": routed.headers["ETag"]}, timeout=10
    ).raise_for_status()
    answered(phone, "Demà hi anem")


def number_on(phone: Page) -> str:
    """The case number, once the town has told it."""
    told = phone.locator("[data-testid=message]").filter(has_text="El teu número és")
    expect(told).to_be_visible(timeout=15_000)
    found = re.search(r"[2-9A-HJ-NP-Z]{8}", told.last.inner_text())
    assert found
    return found[0]


def routed_case(address: str, staff: dict[str, str]) -> requests.Response | None:
    """The case as staff read it, once it is with its department."""
    read = requests.get(address, headers=staff, timeout=10)
    return read if read.json()["state"] == "routed" else None


def send_the_photo(phone: Page, sample: str) -> None:
    phone.get_by_test_id("attach").click()
    phone.get_by_test_id(f"sample-{sample}").click()
    phone.get_by_test_id("send-photo").click()


def send_the_place(phone: Page) -> None:
    phone.get_by_test_id("attach").click()
    phone.get_by_test_id("attach-location").click()
    phone.get_by_test_id("location-send").click()
