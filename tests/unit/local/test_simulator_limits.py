"""The simulator refuses what Meta refuses, with Meta's code, and takes what is just within the limit."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.local.meta import AINA, NUMBER, Meta, code

Json = dict[str, Any]


def text(body: object, **more: Any) -> Json:
    return {"type": "text", "text": {"body": body, **more}}


def interactive(kind: str, action: Json, body: str = "Tria", **more: Any) -> Json:
    return {"type": "interactive", "interactive": {"type": kind, "body": {"text": body}, "action": action, **more}}


def button(identifier: str = "a", title: str = "Sí") -> Json:
    return {"type": "reply", "reply": {"id": identifier, "title": title}}


def buttons(*given: Json, body: str = "Tria", **more: Any) -> Json:
    return interactive("button", {"buttons": list(given)}, body, **more)


def row(identifier: str = "a", title: str = "Fila", **more: str) -> Json:
    return {"id": identifier, "title": title, **more}


def rows(count: int) -> list[Json]:
    return [row(f"r{number}", f"Fila {number}") for number in range(count)]


def sections(*given: Json, label: str = "Obri", body: str = "Tria", **more: Any) -> Json:
    return interactive("list", {"button": label, "sections": list(given)}, body, **more)


def link(label: str = "Obri", url: str = "https://example.org/a", **more: Any) -> Json:
    return interactive("cta_url", {"name": "cta_url", "parameters": {"display_text": label, "url": url}}, **more)


def place(**fields: Any) -> Json:
    return {"type": "location", "location": {"latitude": 39.15, "longitude": -0.435, **fields}}


def card(**name: str) -> Json:
    return {"type": "contacts", "contacts": [{"name": name, "phones": [{"phone": "112"}]}]}


def image(**fields: str) -> Json:
    return {"type": "image", "image": fields}


ask_place = interactive("location_request_message", {"name": "send_location"})
ask_phone = interactive("request_contact_info", {"name": "request_contact_info"})

ACCEPTED: dict[str, Json] = {
    "text of 4096": text("a" * 4096),
    "text of 2048 emoji": text("🚌" * 2048),
    "text with preview": text("https://example.org", preview_url=True),
    "three buttons": buttons(button("1", "a"), button("2", "b"), button("3", "c")),
    "button title of 20, id of 256": buttons(button("i" * 256, "t" * 20)),
    "button body of 1024": buttons(button(), body="a" * 1024),
    "header and footer of 60": buttons(button(), header={"type": "text", "text": "h" * 60}, footer={"text": "f" * 60}),
    "picture over buttons": buttons(button(), header={"type": "image", "image": {"link": "https://example.org/a.jpg"}}),
    "list of ten rows": sections({"rows": rows(10)}),
    "list body of 4096": sections({"rows": rows(1)}, body="a" * 4096),
    "list of longest words": sections(
        {"title": "t" * 24, "rows": [row("i" * 200, "t" * 24, description="d" * 72)]}, label="l" * 20
    ),
    "link": link(),
    "link label of 20": link("l" * 20),
    "location request": ask_place,
    "contact request": ask_phone,
    "place": place(name="Ajuntament", address="Carrer"),
    "card": card(formatted_name="Policia Local", first_name="Policia"),
    "image by link": image(link="https://example.org/a.jpg", caption="c" * 1024),
    "reaction": {"type": "reaction", "reaction": {"message_id": "wamid.x", "emoji": "👍"}},
    "reaction taken back": {"type": "reaction", "reaction": {"message_id": "wamid.x", "emoji": ""}},
    "callback data of 512": {**text("a"), "biz_opaque_callback_data": "x" * 512},
    "quoting": {**text("a"), "context": {"message_id": "wamid.x"}},
}

REFUSED: dict[str, tuple[Json, int]] = {
    "text of 4097": (text("a" * 4097), 100),
    "text of 2049 emoji": (text("🚌" * 2049), 100),
    "blank text": (text(" \n "), 131009),
    "no text": ({"type": "text", "text": {}}, 131008),
    "text that is a number": (text(5), 131009),
    "misspelled key": (text("a", preview=True), 100),
    "unknown key": ({**text("a"), "tipe": "x"}, 100),
    "unknown type": ({"type": "poll", "poll": {}}, 131051),
    "four buttons": (buttons(*(button(str(n), f"b{n}") for n in range(4))), 131009),
    "no button": (buttons(), 131009),
    "button title of 21": (buttons(button(title="t" * 21)), 131009),
    "button title of 11 emoji": (buttons(button(title="🚌" * 11)), 131009),
    "button id of 257": (buttons(button("i" * 257)), 131009),
    "button id with a space at its end": (buttons(button("i ")), 131009),
    "same button id": (buttons(button("a", "x"), button("a", "y")), 131009),
    "same button title": (buttons(button("a", "x"), button("b", "x")), 131009),
    "button body of 1025": (buttons(button(), body="a" * 1025), 131009),
    "header of 61": (buttons(button(), header={"type": "text", "text": "h" * 61}), 131009),
    "footer of 61": (buttons(button(), footer={"text": "f" * 61}), 131009),
    "eleven rows": (sections({"rows": rows(11)}), 131009),
    "eleven rows in two sections": (
        sections({"title": "A", "rows": rows(6)}, {"title": "B", "rows": [row(f"x{n}") for n in range(5)]}),
        131009,
    ),
    "eleven sections": (sections(*({"title": f"{n}", "rows": [row(f"{n}")]} for n in range(11))), 131009),
    "two sections, one without title": (
        sections({"title": "A", "rows": [row("a")]}, {"rows": [row("b")]}),
        131008,
    ),
    "section without rows": (sections({"title": "A", "rows": []}), 131009),
    "section title of 25": (sections({"title": "t" * 25, "rows": rows(1)}), 131009),
    "same row id": (sections({"rows": [row("a"), row("a", "b")]}), 131009),
    "row title of 25": (sections({"rows": [row(title="t" * 25)]}), 131009),
    "row id of 201": (sections({"rows": [row("i" * 201)]}), 131009),
    "row description of 73": (sections({"rows": [row(description="d" * 73)]}), 131009),
    "empty row description": (sections({"rows": [row(description="")]}), 131009),
    "list button of 21": (sections({"rows": rows(1)}, label="l" * 21), 131009),
    "list without button": (interactive("list", {"sections": [{"rows": rows(1)}]}), 131008),
    "list body of 4097": (sections({"rows": rows(1)}, body="a" * 4097), 131009),
    "picture over a list": (
        sections({"rows": rows(1)}, header={"type": "image", "image": {"link": "https://example.org/a"}}),
        131009,
    ),
    "link label of 21": (link("l" * 21), 131009),
    "link that is no web address": (link(url="tel:112"), 131009),
    "two links": (link(url="https://example.org https://example.com"), 131009),
    "footer under a location request": (
        interactive("location_request_message", {"name": "send_location"}, footer={"text": "f"}),
        131009,
    ),
    "latitude of 91": (place(latitude=91), 131009),
    "no longitude": ({"type": "location", "location": {"latitude": 39}}, 131008),
    "card with one name only": (card(formatted_name="Policia Local"), 131009),
    "card without a name": ({"type": "contacts", "contacts": [{}]}, 131008),
    "no cards": ({"type": "contacts", "contacts": []}, 131009),
    "image with neither id nor link": (image(caption="x"), 131008),
    "image with both": (image(id="1", link="https://example.org/a.jpg"), 131009),
    "image that was never uploaded": (image(id="900000000000999"), 100),
    "caption of 1025": (image(link="https://example.org/a.jpg", caption="c" * 1025), 131009),
    "caption on audio": (
        {"type": "audio", "audio": {"link": "https://example.org/a.ogg", "caption": "x"}},
        100,
    ),
    "reaction of words": ({"type": "reaction", "reaction": {"message_id": "wamid.x", "emoji": "ok"}}, 131009),
    "reaction that quotes": (
        {
            "type": "reaction",
            "reaction": {"message_id": "wamid.x", "emoji": "👍"},
            "context": {"message_id": "wamid.y"},
        },
        131009,
    ),
    "callback data of 513": ({**text("a"), "biz_opaque_callback_data": "x" * 513}, 100),
    "to a group": ({**text("a"), "recipient_type": "group"}, 100),
}


@pytest.mark.parametrize("name", ACCEPTED)
def test_what_is_within_the_limits_is_taken(meta: Meta, name: str) -> None:
    response = meta.send(ACCEPTED[name])
    assert response.status_code == 200, response.get_json()
    assert meta.sim("GET", "messages")[0]["request"]["type"] == ACCEPTED[name]["type"]


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_beyond_them_is_refused_with_metas_code(meta: Meta, name: str) -> None:
    body, expected = REFUSED[name]
    response = meta.send(body)
    assert (code(response), response.status_code) == (expected, 400), response.get_json()
    assert meta.sim("GET", "messages") == []
    assert meta.sim("GET", "refused")[0]["error"]["code"] == expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ({"to": "34600000099"}, 131009),  # without its +
        ({"to": "+34 600 00 00 99"}, 131009),
        ({"to": 34600000099}, 131009),
        ({"to": "ES.10000000000000000001"}, 131009),
        ({"recipient": "34600000099"}, 131009),
        ({"recipient": "10000000000000000001"}, 131009),
        ({}, 100),
        ({"to": "+34600000001"}, 131021),  # the town itself
        ({"to": AINA}, 0),
        ({"recipient": "ES.10000000000000000001"}, 0),
        ({"to": AINA, "recipient": "ES.10000000000000000003"}, 0),  # to wins
    ],
)
def test_addresses_are_whole_numbers_or_whole_user_ids(meta: Meta, address: Json, expected: int) -> None:
    body = {"messaging_product": "whatsapp", **address, **text("a")}
    assert code(meta.graph("POST", f"{NUMBER}/messages", json=body)) == expected


def test_the_answer_names_the_number_or_the_user_id_that_was_written_to(meta: Meta) -> None:
    by_phone = meta.say().get_json()
    by_id = meta.say(to="ES.10000000000000000003").get_json()
    assert by_phone["contacts"] == [{"input": AINA, "wa_id": "34600000099"}]
    assert by_id["contacts"] == [{"input": "ES.10000000000000000003", "user_id": "ES.10000000000000000003"}]
    assert by_phone["messages"][0]["id"].startswith("wamid.")


def test_a_refusal_has_metas_shape(meta: Meta) -> None:
    error = meta.say("a" * 4097).get_json()["error"]
    assert error["message"].startswith("(#100)")
    assert error["type"] == "OAuthException"
    assert error["error_data"]["messaging_product"] == "whatsapp"
    assert error["fbtrace_id"]


@pytest.mark.parametrize(
    ("headers", "expected"),
    [({"Authorization": "Bearer wrong"}, (190, 401)), ({"Authorization": ""}, (200, 403))],
)
def test_nothing_goes_without_the_right_token(meta: Meta, headers: dict[str, str], expected: tuple[int, int]) -> None:
    response = meta.graph("GET", NUMBER, headers=headers)
    assert (code(response), response.status_code) == expected


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"messaging_product":"sms"}', b"\xff"])
def test_a_body_that_makes_no_sense_is_refused_and_never_a_crash(meta: Meta, body: bytes) -> None:
    response = meta.graph("POST", f"{NUMBER}/messages", data=body, content_type="application/json")
    assert code(response) == 100


@pytest.mark.parametrize("path", ["/messages", "/latest/200000000000002", "/v25.0/999", "/v25.0/999/messages"])
def test_unknown_paths_are_refused_as_graph_does(meta: Meta, path: str) -> None:
    assert code(meta.graph("GET", path)) in (100, 2500)
