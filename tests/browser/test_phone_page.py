"""The phone page in a real browser, against the simulator and a town that only echoes: no other part is needed."""

from __future__ import annotations

import http.client
import json
import re
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from local.whatsapp import Config, Server

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
BUTTONS = {
    "type": "interactive",
    "interactive": {
        "type": "button",
        "body": {"text": "*Valencià* o _castellano_?"},
        "action": {
            "buttons": [
                {"type": "reply", "reply": {"id": "ca", "title": "Valencià"}},
                {"type": "reply", "reply": {"id": "es", "title": "Castellano"}},
            ]
        },
    },
}
LIST = {
    "type": "interactive",
    "interactive": {
        "type": "list",
        "body": {"text": "Què necessites?"},
        "footer": {"text": "Peu"},
        "action": {
            "button": "Opcions",
            "sections": [
                {"title": "Serveis", "rows": [{"id": "bus", "title": "Bus", "description": "Parades"}]},
                {"title": "Tràmits", "rows": [{"id": "cita", "title": "Cita"}, {"id": "taxes", "title": "Impostos"}]},
            ],
        },
    },
}
LINK = {
    "type": "interactive",
    "interactive": {
        "type": "cta_url",
        "body": {"text": "Més en https://example.org/a_b i en el 600 00 00 00."},
        "action": {
            "name": "cta_url",
            "parameters": {"display_text": "Obri", "url": "https://example.org/"},
        },
    },
}
ASK_PLACE = {
    "type": "interactive",
    "interactive": {
        "type": "location_request_message",
        "body": {"text": "On és?"},
        "action": {"name": "send_location"},
    },
}
ASK_PHONE = {
    "type": "interactive",
    "interactive": {
        "type": "request_contact_info",
        "body": {"text": "Ens deixes el telèfon?"},
        "action": {"name": "request_contact_info"},
    },
}
CARD = {
    "type": "contacts",
    "contacts": [
        {"name": {"formatted_name": "Policia", "first_name": "Policia"}, "phones": [{"phone": "+34600000000"}]}
    ],
}
PLACE = {"type": "location", "location": {"latitude": 39.15, "longitude": -0.435, "name": "Parada"}}
ANSWERS: dict[str, Any] = {
    "Hola": BUTTONS,
    "menú": LIST,
    "enllaç": LINK,
    "lloc": ASK_PLACE,
    "telèfon": ASK_PHONE,
    "fitxa": CARD,
    "pin": PLACE,
}


class Town:
    """A webhook that keeps what arrives and answers some words through the Graph API, like a very small Canal."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []
        self.graph_port = 0
        town = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()
                for change in body["entry"][0]["changes"]:
                    for message in change["value"].get("messages", []):
                        town.hear(message)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._http.server_port}/webhook"
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,))
        self._thread.start()

    def hear(self, message: dict[str, Any]) -> None:
        self.messages.append(message)
        to = {"to": f"+{message['from']}"} if "from" in message else {"recipient": message["from_user_id"]}
        words = message.get("text", {}).get("body", "")
        typing = {"typing_indicator": {"type": "text"}} if words == "punts" else {}
        self.call({"status": "read", "message_id": message["id"], **typing})
        if answer := ANSWERS.get(words):
            self.call({**to, **answer})
        elif words.startswith("repetix "):
            self.call({**to, "type": "text", "text": {"body": words.removeprefix("repetix ")}})

    def call(self, body: dict[str, Any]) -> None:
        line = http.client.HTTPConnection("127.0.0.1", self.graph_port, timeout=5)
        headers = {"Authorization": "Bearer local-access-token", "Content-Type": "application/json"}
        message = json.dumps({"messaging_product": "whatsapp", **body})
        line.request("POST", "/v25.0/200000000000002/messages", message, headers)
        answer = line.getresponse()
        assert answer.status == 200, answer.read()
        line.close()

    def heard(self, count: int) -> list[dict[str, Any]]:
        """The first `count` messages, once they are all here: the page shows a message before the town has it."""
        deadline = time.monotonic() + 10
        while len(self.messages) < count:
            assert time.monotonic() < deadline, f"{len(self.messages)} of {count} messages reached the town"
            time.sleep(0.02)
        return self.messages[:count]

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


class Phone:
    """The page in the words of who uses it."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def __call__(self, testid: str) -> Locator:
        return self.page.get_by_test_id(testid)

    def write(self, words: str) -> None:
        self("write").fill(words)
        self("write").press("Enter")

    def last(self, author: str) -> Locator:
        return self.page.locator(f'[data-testid="message"][data-from="{author}"]').last

    def expect_answer(self, words: str | re.Pattern[str]) -> Locator:
        expect(self.last("town")).to_contain_text(words)
        return self.last("town")


@pytest.fixture
def town() -> Iterator[Town]:
    town = Town()
    yield town
    town.close()


@pytest.fixture
def server(town: Town) -> Iterator[Server]:
    with Server(Config(port=0, webhook_url=town.url)) as server:
        town.graph_port = int(server.url.rpartition(":")[2])
        yield server


def opened(context: BrowserContext, server: Server) -> Phone:
    context.set_default_timeout(5000)
    page = context.new_page()
    page.goto(f"{server.url}/phone/")
    page.wait_for_selector("body[data-ready]")
    return Phone(page)


@pytest.fixture
def phone(browser: Browser, server: Server) -> Iterator[Phone]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    phone = opened(context, server)
    faults: list[str] = []
    phone.page.on("pageerror", lambda error: faults.append(str(error)))
    yield phone
    context.close()
    assert faults == []


# --- talking ----------------------------------------------------------------------------------------


def test_hello_is_answered_and_a_button_answers_back(phone: Phone, town: Town) -> None:
    phone.write("Hola")
    answer = phone.expect_answer("Valencià o castellano?")
    expect(answer.locator("strong")).to_have_text("Valencià")
    expect(answer.locator("em")).to_have_text("castellano")
    phone("reply-button").first.click()
    expect(phone.last("citizen")).to_contain_text("Valencià")
    reply = town.heard(2)[-1]
    assert reply["interactive"] == {"type": "button_reply", "button_reply": {"id": "ca", "title": "Valencià"}}
    assert reply["context"]["id"] == answer.get_attribute("data-wamid")


def test_ticks_go_from_sent_to_read(phone: Phone) -> None:
    phone.write("Hola")
    expect(phone("tick").last).to_have_attribute("data-tick", "read")
    expect(phone("tick").last).to_have_text("llegit")


def test_a_list_opens_below_and_is_walked_with_arrows(phone: Phone, town: Town) -> None:
    phone.write("menú")
    phone("open-list").press("Enter")
    expect(phone("list-row").first).to_be_focused()
    phone.page.keyboard.press("Escape")
    expect(phone("list")).to_have_count(0)
    expect(phone("open-list")).to_be_focused()
    phone.page.keyboard.press("Enter")
    for key in ("ArrowDown", "End", "ArrowUp"):
        phone.page.keyboard.press(key)
    expect(phone("list-row").nth(1)).to_be_focused()
    phone.page.keyboard.press("Enter")
    expect(phone.last("citizen")).to_contain_text("Cita")
    assert town.heard(2)[-1]["interactive"]["list_reply"] == {"id": "cita", "title": "Cita"}


def test_everything_can_be_reached_with_the_tab_key_alone(phone: Phone, town: Town) -> None:
    phone("write").focus()
    phone.page.keyboard.type("Hola")
    phone.page.keyboard.press("Enter")
    phone.expect_answer("castellano?")
    expect(phone("write")).to_be_focused()
    button = phone("reply-button").last
    for _ in range(10):
        phone.page.keyboard.press("Shift+Tab")
        if button.evaluate("button => button === document.activeElement"):
            break
    expect(button).to_be_focused()
    phone.page.keyboard.press("Enter")
    expect(phone.last("citizen")).to_contain_text("Castellano")
    assert town.heard(2)[-1]["interactive"]["button_reply"]["id"] == "es"


def test_enter_sends_and_shift_enter_makes_a_line(phone: Phone, town: Town) -> None:
    phone("write").press("Enter")
    phone("write").press_sequentially("u")
    phone("write").press("Shift+Enter")
    phone("write").press_sequentially("dos")
    phone("write").press("Enter")
    expect(phone("write")).to_have_value("")
    expect(phone("message")).to_have_count(1)
    expect(phone("tick").last).to_have_attribute("data-tick", "read")
    assert [message["text"]["body"] for message in town.heard(1)] == ["u\ndos"]


def test_dots_show_that_the_town_is_writing(phone: Phone, town: Town) -> None:
    phone.write("punts")
    expect(phone("typing")).to_be_visible()
    expect(phone("presence")).to_have_text("escrivint…")
    town.call({"to": "+34600000099", "type": "text", "text": {"body": "Ja està"}})
    expect(phone("typing")).to_have_count(0)
    expect(phone("presence")).to_have_text("en línia")


def test_what_people_write_is_text_and_never_html(phone: Phone) -> None:
    hostile = '<img src=x onerror="alert(1)"><b>hola</b> javascript:alert(1)'
    phone.write(f"repetix {hostile}")
    answer = phone.expect_answer(hostile)
    expect(answer.locator("img, b, a")).to_have_count(0)


def test_links_and_phones_can_be_tapped_and_other_numbers_not(phone: Phone) -> None:
    phone.write("enllaç")
    answer = phone.expect_answer("Més en")
    expect(answer.locator('.text a[href="https://example.org/a_b"]')).to_have_text("https://example.org/a_b")
    expect(answer.locator('a[href="tel:600000000"]')).to_have_text("600 00 00 00")
    expect(phone("link")).to_have_attribute("rel", "noopener noreferrer")
    phone.write("repetix El 2026-0001 costa 1200 euros, del 12/05/2026, 3*4*5 i a_b_c")
    answer = phone.expect_answer("3*4*5 i a_b_c")
    expect(answer.locator("a, strong, em")).to_have_count(0)


def test_whatsapps_marks_are_shown_as_it_shows_them(phone: Phone) -> None:
    phone.write("repetix *gran _i gran_* ~no~ `codi`\n- u\n> cita\n```a\nb```")
    answer = phone.expect_answer("gran i gran no codi")
    for selector, words in (("strong em", "i gran"), ("s", "no"), (".item", "• u"), (".quote", "cita")):
        expect(answer.locator(selector)).to_have_text(words)
    expect(answer.locator("code.block")).to_have_text("a\nb", use_inner_text=True)


# --- what else can be sent --------------------------------------------------------------------------


def test_a_sample_photo_goes_with_its_words(phone: Phone, town: Town) -> None:
    phone("write").fill("El fanal")
    phone("attach").click()
    phone("sample-streetlight").click()
    expect(phone("caption")).to_have_value("El fanal")
    phone("send-photo").click()
    expect(phone.last("citizen").get_by_test_id("image")).to_be_visible()
    expect(phone("tick").last).to_have_attribute("data-tick", "read")
    image = town.heard(1)[-1]["image"]
    assert (image["caption"], image["mime_type"]) == ("El fanal", "image/jpeg")


def test_a_photo_of_ones_own_is_uploaded_and_shown(phone: Phone, town: Town) -> None:
    photo = ROOT / "local" / "whatsapp" / "samples" / "sofa.jpg"
    phone("attach").click()
    phone("attach-photo-file").set_input_files(photo)
    phone("send-photo").click()
    shown = phone.last("citizen").get_by_test_id("image")
    expect(shown).to_be_visible()
    expect(shown).to_have_js_property("naturalWidth", 960)
    assert "caption" not in town.heard(1)[-1]["image"]


def test_a_place_answers_the_request_for_it(phone: Phone, town: Town) -> None:
    phone.write("lloc")
    phone("send-location").click()
    expect(phone("place-centre")).to_be_focused()
    phone("place-north").click()
    expect(phone("latitude")).to_have_value("39.15450")
    phone("map-picker").click(position={"x": 20, "y": 20})
    expect(phone("latitude")).not_to_have_value("39.15450")
    phone("latitude").fill("39.1512")
    phone("longitude").fill("-0.4321")
    phone("location-send").click()
    expect(phone.last("citizen").get_by_test_id("place")).to_contain_text("39.15120, -0.43210")
    place = town.heard(2)[-1]
    assert place["location"] == {"latitude": 39.1512, "longitude": -0.4321}
    assert place["context"]["id"] == phone.last("town").get_attribute("data-wamid")


def test_a_place_outside_the_world_is_not_sent(phone: Phone, town: Town) -> None:
    phone("attach").click()
    phone("attach-location").click()
    phone("latitude").fill("91")
    phone("location-send").click()
    expect(phone("location-sheet")).to_be_visible()
    assert town.messages == []


def test_a_voice_note_can_be_sent_and_heard(phone: Phone, town: Town) -> None:
    phone("send-voice").click()
    expect(phone("voice").locator(".length")).to_have_text("0:04")
    expect(phone("tick").last).to_have_attribute("data-tick", "read")
    assert town.heard(1)[-1]["audio"]["voice"] is True


@pytest.mark.parametrize(("tile", "kind"), [("attach-contact", "contacts"), ("attach-poll", "unsupported")])
def test_contacts_and_polls_can_be_sent_too(phone: Phone, town: Town, tile: str, kind: str) -> None:
    phone("attach").click()
    phone(tile).click()
    expect(phone("tick").last).to_have_attribute("data-tick", "read")
    assert town.heard(1)[-1]["type"] == kind


def test_a_reaction_and_a_quoting_answer(phone: Phone, town: Town) -> None:
    phone.write("repetix Una cosa")
    answer = phone.expect_answer("Una cosa")
    wamid = answer.get_attribute("data-wamid")
    answer.hover()
    phone("message-menu").click()
    phone("react").first.click()
    expect(answer.get_by_test_id("reactions")).to_contain_text("👍")
    answer.hover()
    phone("message-menu").click()
    phone("reply").click()
    expect(phone("write")).to_be_focused()
    phone.write("D'acord")
    expect(phone.last("citizen").locator(".quoted")).to_contain_text("Una cosa")
    expect(phone("tick").last).to_have_attribute("data-tick", "read")
    assert town.heard(3)[-2]["reaction"] == {"message_id": wamid, "emoji": "👍"}
    assert town.heard(3)[-1]["context"]["id"] == wamid


def test_cards_and_pins_of_the_town_are_drawn(phone: Phone) -> None:
    phone.write("fitxa")
    card = phone.expect_answer("Policia")
    expect(card.locator("a")).to_have_attribute("href", "tel:+34600000000")
    phone.write("pin")
    expect(phone.expect_answer("Parada").get_by_role("img", name="Mapa: Parada")).to_be_visible()


def test_a_template_shows_its_filled_text_and_its_buttons(phone: Phone, server: Server, town: Town) -> None:
    body = {"type": "BODY", "text": "Pluja a les {{1}}, vés amb compte.", "example": {"body_text": [["18:00"]]}}
    button = {"type": "QUICK_REPLY", "text": "Entés"}
    components = [body, {"type": "BUTTONS", "buttons": [button]}]
    template = {"name": "alerta", "language": "ca", "category": "UTILITY", "components": components}
    server.simulator.templates.create(template, 0, "APPROVED")
    given = [{"type": "body", "parameters": [{"type": "text", "text": "19:30"}]}]
    named = {"name": "alerta", "language": {"code": "ca"}, "components": given}
    town.call({"to": "+34600000099", "type": "template", "template": named})
    phone.expect_answer("Pluja a les 19:30, vés amb compte.")
    phone("reply-button").click()
    expect(phone("tick").last).to_have_attribute("data-tick", "read")
    assert town.heard(1)[-1]["button"] == {"payload": "Entés", "text": "Entés"}


# --- people and settings ----------------------------------------------------------------------------


def test_several_people_have_each_their_own_conversation(phone: Phone, town: Town) -> None:
    phone.write("repetix Per a Aina")
    phone.expect_answer("Per a Aina")
    phone("person").filter(has_text="Carmen").click()
    expect(phone("message")).to_have_count(0)
    phone.write("repetix Per a Carmen")
    phone.expect_answer("Per a Carmen")
    assert "from" not in town.heard(2)[-1]
    phone("person").filter(has_text="Aina").click()
    expect(phone("message")).to_have_count(2)
    phone.expect_answer("Per a Aina")


def test_somebody_new_without_a_number_can_write_and_later_share_it(phone: Phone, town: Town) -> None:
    phone("add-person").click()
    phone("person-name").fill("Pepa Nova")
    phone("person-with-number").uncheck()
    phone("person-add").click()
    expect(phone("person").filter(has_text="Pepa Nova")).to_have_attribute("aria-current", "true")
    phone.write("telèfon")
    phone("share-phone").click()
    expect(phone("tick").last).to_have_attribute("data-tick", "read")
    assert "from" not in town.heard(2)[0]
    assert town.heard(2)[-1]["contacts"][0]["origin"] == "contact_request"
    expect(phone("person").filter(has_text="Pepa Nova")).to_contain_text("+34 600")


def test_a_new_number_keeps_the_conversation(phone: Phone, town: Town) -> None:
    phone.write("repetix Abans")
    phone.expect_answer("Abans")
    phone("trials").click()
    phone("change-number").click()
    expect(phone.page.locator(".note").last).to_have_text("Ara tens un altre número")
    phone.expect_answer("Abans")
    phone.write("repetix Després")
    phone.expect_answer("Després")
    assert town.messages[-1]["from"] != "34600000099"


def test_a_reset_empties_the_phone(phone: Phone) -> None:
    phone.write("repetix Res")
    phone.expect_answer("Res")
    phone("trials").click()
    phone("reset").click()
    expect(phone("message")).to_have_count(0)
    phone("say-hello").click()
    phone.expect_answer("castellano?")


def test_the_page_speaks_both_languages_and_remembers_which(phone: Phone) -> None:
    expect(phone.page.locator("html")).to_have_attribute("lang", "ca")
    phone("language-es").check()
    expect(phone("write")).to_have_attribute("placeholder", "Escribe un mensaje")
    phone.page.reload()
    expect(phone.page.locator("html")).to_have_attribute("lang", "es")
    expect(phone("write")).to_have_attribute("placeholder", "Escribe un mensaje")


def test_behind_the_scenes_there_is_the_json(phone: Phone) -> None:
    phone.write("Hola")
    phone.expect_answer("castellano?")
    expect(phone("inspect").last).to_be_hidden()
    phone("behind").click()
    phone("inspect").last.click()
    assert json.loads(phone("json").inner_text())["interactive"]["type"] == "button"


def test_a_page_that_comes_later_sees_the_whole_conversation(phone: Phone) -> None:
    phone.write("Hola")
    phone.expect_answer("castellano?")
    phone.page.reload()
    expect(phone("message")).to_have_count(2)
    expect(phone("tick")).to_have_attribute("data-tick", "read")


def test_a_simulator_that_starts_anew_is_found_again(browser: Browser, town: Town, server: Server) -> None:
    context = browser.new_context()
    phone = opened(context, server)
    phone.write("repetix Abans")
    phone.expect_answer("Abans")
    server.close()
    expect(phone.page.get_by_role("alert")).to_contain_text("S'ha perdut la connexió")
    with Server(Config(port=town.graph_port, webhook_url=town.url)):
        expect(phone("message")).to_have_count(0, timeout=10_000)
        expect(phone.page.get_by_role("alert")).to_be_hidden()
        phone.write("repetix Després")
        phone.expect_answer("Després")
        context.close()


def test_without_a_simulator_the_page_says_what_to_start(browser: Browser, server: Server) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.route("**/_sim/**", lambda route: route.abort())
    page.goto(f"{server.url}/phone/")
    expect(page.get_by_role("alert")).to_contain_text("make run")
    context.close()


# --- for everybody ----------------------------------------------------------------------------------


def test_new_messages_are_announced_and_the_old_ones_are_not(phone: Phone) -> None:
    conversation = phone("conversation")
    expect(conversation).to_have_attribute("role", "log")
    expect(conversation).to_have_attribute("aria-live", "polite")
    expect(conversation).to_have_attribute("aria-label", "Conversa")
    phone.write("Hola")
    expect(phone.expect_answer("castellano?")).to_contain_text("L'Ajuntament:")


def test_nothing_is_fetched_from_another_machine(browser: Browser, server: Server) -> None:
    context = browser.new_context()
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    phone = opened(context, server)
    phone.write("pin")
    phone.expect_answer("Parada")
    assert [url for url in asked if not url.startswith(server.url)] == []
    context.close()


@pytest.mark.parametrize("width", [320, 360, 768, 1000])
def test_it_fits_every_width(browser: Browser, server: Server, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 640})
    phone = opened(context, server)
    for words in ("menú", "pin", "fitxa", "enllaç", "repetix " + "llarguíssim" * 20):
        phone.write(words)
    expect(phone("message")).to_have_count(10)
    assert phone.page.evaluate("document.documentElement.scrollWidth") == width
    assert phone("conversation").evaluate("box => box.scrollWidth - box.clientWidth") == 0
    if width < 900:
        phone("open-people").click()
        phone("person").filter(has_text="Vicent").click()
        expect(phone("message")).to_have_count(0)
    context.close()


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed: npm ci")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_to_object_to(browser: Browser, server: Server, scheme: Any, width: int) -> None:
    size: Any = {"width": width, "height": 900}
    context = browser.new_context(viewport=size, color_scheme=scheme, bypass_csp=True, reduced_motion="reduce")
    phone = opened(context, server)
    phone.page.add_script_tag(path=AXE)
    assert faults(phone) == []
    for words in ("Hola", "menú", "enllaç", "fitxa", "pin"):
        phone.write(words)
    expect(phone("message")).to_have_count(10)
    phone("send-voice").click()
    phone("behind").click()
    assert faults(phone) == []
    phone("open-list").click()
    assert faults(phone) == []
    phone.page.keyboard.press("Escape")
    phone("attach").click()
    assert faults(phone) == []
    phone("attach-location").click()
    assert faults(phone) == []
    phone.page.keyboard.press("Escape")
    phone("message-menu").last.click()
    assert faults(phone) == []
    phone.page.keyboard.press("Escape")
    if width < 900:
        phone("open-people").click()
    phone("add-person").last.click()
    phone("trials").last.click()
    assert faults(phone) == []
    context.close()


def faults(phone: Phone) -> list[str]:
    """What axe objects to: the rule and the elements."""
    found = phone.page.evaluate("tags => axe.run(document, {runOnly: tags})", WCAG)
    return [f"{item['id']}: {[node['html'][:160] for node in item['nodes']]}" for item in found["violations"]]
