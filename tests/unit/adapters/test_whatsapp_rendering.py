"""Replies as Meta wants them: the right kind of message, and nothing beyond its limits."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest
from canal.adapters.whatsapp_payload import outbound
from canal.adapters.whatsapp_rendering import content as content_of
from canal.adapters.whatsapp_rendering import image, read_and_typing, template
from canal.adapters.whatsapp_text import fit, units
from canal.dialogue.messages import (
    AskLocation,
    ContactCard,
    Option,
    Reply,
    Say,
    SayLink,
    ShowContacts,
    ShowPlace,
)
from canal.errors import Undeliverable
from hypothesis import given
from hypothesis import strategies as st


@dataclass(frozen=True, slots=True)
class Somebody:
    """A citizen, as far as an envelope is concerned."""

    user_id: str | None = "ES.1"
    phone: str | None = "34600000099"


def options(count: int, label: str = "Opció {}") -> tuple[Option, ...]:
    return tuple(Option(f"place:{n}", label.format(n)) for n in range(1, count + 1))


def rendered(reply: Reply) -> dict[str, Any]:
    return outbound(reply, Somebody())


def interactive(reply: Reply) -> dict[str, Any]:
    found = rendered(reply)
    assert found["type"] == "interactive"
    content: dict[str, Any] = found["interactive"]
    return content


def text_of(reply: Reply) -> str:
    found = rendered(reply)
    assert found["type"] == "text"
    words: str = found["text"]["body"]
    return words


# --- the envelope ---------------------------------------------------------------------------------


def test_a_known_phone_is_written_to_with_its_plus() -> None:
    assert rendered(Say("Hola")) == {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": "+34600000099",
        "type": "text",
        "text": {"preview_url": False, "body": "Hola"},
    }


def test_without_a_phone_the_user_id_is_the_recipient_and_there_is_no_to() -> None:
    found = outbound(Say("Hola"), Somebody(phone=None))
    assert found["recipient"] == "ES.1"
    assert "to" not in found


def test_with_a_phone_there_is_no_recipient() -> None:
    assert "recipient" not in outbound(Say("Hola"), Somebody())


def test_nobody_cannot_be_written_to() -> None:
    with pytest.raises(Undeliverable):
        outbound(Say("Hola"), Somebody(None, None))


def test_a_reference_comes_back_in_statuses_and_a_quote_shows_what_is_answered() -> None:
    found = outbound(Say("Hola"), Somebody(), reference="turn#1" + "x" * 600, quote="wamid.1")
    assert found["biz_opaque_callback_data"].startswith("turn#1")
    assert len(found["biz_opaque_callback_data"]) == 512
    assert found["context"] == {"message_id": "wamid.1"}
    assert not {"context", "biz_opaque_callback_data"} & outbound(Say("Hola"), Somebody()).keys()


# --- text and options -----------------------------------------------------------------------------


def test_up_to_three_short_options_are_buttons() -> None:
    assert interactive(Say("Tria", options(3), "Obrir", footer="Ajuntament")) == {
        "type": "button",
        "body": {"text": "Tria"},
        "footer": {"text": "Ajuntament"},
        "action": {
            "buttons": [{"type": "reply", "reply": {"id": f"place:{n}", "title": f"Opció {n}"}} for n in (1, 2, 3)]
        },
    }


def test_a_picture_stands_above_buttons() -> None:
    shown = interactive(Say("És esta?", options(2), image="https://photos.example/a"))
    assert shown["header"] == {"type": "image", "image": {"link": "https://photos.example/a"}}


@pytest.mark.parametrize("number", [0, 4])
def test_without_buttons_there_is_no_picture(number: int) -> None:
    body = content_of(Say("És esta?", options(number), "Obrir", image="https://photos.example/a"))
    assert "header" not in body.get("interactive", {})


@pytest.mark.parametrize("address", ["", "javascript:alert(1)", "https://photos.example/" + "a" * 2000])
def test_a_picture_without_a_usable_address_is_left_out(address: str) -> None:
    assert "header" not in interactive(Say("És esta?", options(2), image=address))


def test_more_options_are_a_list() -> None:
    choices = (*options(3), Option("place:4", "Amb text", "Què és"))
    assert interactive(Say("Tria", choices, "Obrir")) == {
        "type": "list",
        "body": {"text": "Tria"},
        "action": {
            "button": "Obrir",
            "sections": [
                {
                    "rows": [
                        {"id": "place:1", "title": "Opció 1"},
                        {"id": "place:2", "title": "Opció 2"},
                        {"id": "place:3", "title": "Opció 3"},
                        {"id": "place:4", "title": "Amb text", "description": "Què és"},
                    ]
                }
            ],
        },
    }


@pytest.mark.parametrize(
    "choices",
    [
        options(2, "Una etiqueta de 21 ca{}"),
        (Option("a", "Igual"), Option("b", "Igual")),
        (Option("a", "😀" * 11),),
    ],
)
def test_options_that_make_no_good_buttons_are_a_list(choices: tuple[Option, ...]) -> None:
    assert interactive(Say("Tria", choices, "Obrir"))["type"] == "list"


def test_a_list_has_at_most_ten_rows() -> None:
    rows = interactive(Say("Tria", options(14), "Obrir"))["action"]["sections"][0]["rows"]
    assert [row["id"] for row in rows] == [f"place:{n}" for n in range(1, 11)]


def test_options_that_are_only_for_typing_are_not_shown() -> None:
    choices = (*options(2), Option("place:9", "Nou", tappable=False))
    assert len(interactive(Say("Tria", choices))["action"]["buttons"]) == 2
    assert text_of(Say("Tria", choices[2:])) == "Tria"


def test_an_id_is_shown_once() -> None:
    same = Option("a", "Primer")
    buttons = interactive(Say("Tria", (same, same, Option("a", "Segon"), Option("b", "Altre"))))["action"]["buttons"]
    assert [button["reply"]["title"] for button in buttons] == ["Primer", "Altre"]


@pytest.mark.parametrize("broken", [Option("", "x"), Option("x" * 201, "x"), Option(" a", "x"), Option("a", " \n")])
def test_an_option_that_whatsapp_would_refuse_stays_in_the_text_only(broken: Option) -> None:
    assert text_of(Say("Tria", (broken,))) == "Tria"


def test_options_under_a_long_text_are_answered_by_number() -> None:
    assert interactive(Say("a" * 1024, options(3)))["type"] == "button"
    assert text_of(Say("a" * 1025, options(3), "Obrir")) == "a" * 1025
    assert text_of(Say("😀" * 513, options(3), "Obrir")) == "😀" * 513


def test_without_a_word_that_opens_it_a_list_stays_text() -> None:
    assert text_of(Say("Tria", options(5))) == "Tria"


def test_the_footer_of_plain_text_is_its_last_line_if_there_is_room() -> None:
    assert text_of(Say("Hola", footer="0 menú")) == "Hola\n\n0 menú"
    assert text_of(Say("a" * 4090, footer="0 menú")) == "a" * 4090


def test_a_text_beyond_the_limit_ends_in_an_ellipsis() -> None:
    assert text_of(Say("a" * 4096)) == "a" * 4096
    assert text_of(Say("a" * 4097)) == "a" * 4095 + "…"


def test_a_text_without_words_is_still_sent() -> None:
    assert text_of(Say("  ")) == "…"
    assert interactive(Say("", options(1)))["body"] == {"text": "…"}


# --- links, places, contacts ------------------------------------------------------------------------


def test_a_link_is_a_button() -> None:
    assert interactive(SayLink("Consulta-ho", "Obrir la pàgina web hui", "https://example.org/a", "Peu")) == {
        "type": "cta_url",
        "body": {"text": "Consulta-ho"},
        "footer": {"text": "Peu"},
        "action": {
            "name": "cta_url",
            "parameters": {"display_text": "Obrir la pàgina web…", "url": "https://example.org/a"},
        },
    }


@pytest.mark.parametrize(
    "reply",
    [
        SayLink("a" * 1025, "Obrir", "https://example.org"),
        SayLink("Consulta-ho", "", "https://example.org"),
        SayLink("Consulta-ho", "Telefona", "tel:+34600000001"),
    ],
)
def test_a_link_that_cannot_be_a_button_stands_in_the_text(reply: SayLink) -> None:
    assert text_of(reply) == f"{reply.body}\n\n{reply.url}"


def test_the_address_is_whole_however_long_the_text() -> None:
    words = text_of(SayLink("a" * 9000, "Obrir", "https://example.org/a"))
    assert units(words) <= 4096
    assert words.endswith("…\n\nhttps://example.org/a")


def test_a_location_is_asked_for_with_whatsapps_own_button() -> None:
    assert interactive(AskLocation("On és?")) == {
        "type": "location_request_message",
        "body": {"text": "On és?"},
        "action": {"name": "send_location"},
    }


def test_a_place_is_a_pin_with_what_is_known_of_it() -> None:
    assert rendered(ShowPlace(39.15, -0.43, "Oficina", "Plaça 1"))["location"] == {
        "latitude": 39.15,
        "longitude": -0.43,
        "name": "Oficina",
        "address": "Plaça 1",
    }
    assert rendered(ShowPlace(39.15, -0.43, ""))["location"] == {"latitude": 39.15, "longitude": -0.43}


def test_contact_cards_have_what_whatsapp_insists_on() -> None:
    cards = (
        ContactCard("Policia Local", "+34600000001", "Ajuntament", "https://example.org"),
        ContactCard("", "112"),
    )
    assert rendered(ShowContacts(cards))["contacts"] == [
        {
            "name": {"formatted_name": "Policia Local", "first_name": "Policia Local"},
            "phones": [{"phone": "+34600000001", "type": "WORK"}],
            "org": {"company": "Ajuntament"},
            "urls": [{"url": "https://example.org", "type": "WORK"}],
        },
        {
            "name": {"formatted_name": "112", "first_name": "112"},
            "phones": [{"phone": "112", "type": "WORK"}],
        },
    ]


# --- what is no reply -------------------------------------------------------------------------------


def test_a_picture_goes_by_its_id_or_by_its_address() -> None:
    assert image("900000000000010", Somebody(), "Plànol")["image"] == {
        "id": "900000000000010",
        "caption": "Plànol",
    }
    assert image("https://example.org/a.png", Somebody())["image"] == {"link": "https://example.org/a.png"}
    assert units(image("1", Somebody(), "😀" * 2000)["image"]["caption"]) <= 1024


def test_a_template_is_filled_in_by_name() -> None:
    found = template("status_update", "ca", Somebody(), {"ref": "2026-0001"}, ["opt_out"], "turn#1")
    assert found["template"] == {
        "name": "status_update",
        "language": {"code": "ca"},
        "components": [
            {"type": "body", "parameters": [{"type": "text", "parameter_name": "ref", "text": "2026-0001"}]},
            {
                "type": "button",
                "sub_type": "quick_reply",
                "index": "0",
                "parameters": [{"type": "payload", "payload": "opt_out"}],
            },
        ],
    }
    assert found["biz_opaque_callback_data"] == "turn#1"


def test_a_template_is_filled_in_by_position_without_what_meta_refuses() -> None:
    found = template("t", "es", Somebody(), ["dos\nlíneas\t y     huecos", ""])["template"]
    assert [value["text"] for value in found["components"][0]["parameters"]] == ["dos líneas y huecos", "…"]
    assert "components" not in template("t", "es", Somebody())["template"]


def test_reading_and_typing_are_one_call_without_recipient() -> None:
    assert read_and_typing("wamid.1") == {
        "messaging_product": "whatsapp",
        "status": "read",
        "message_id": "wamid.1",
        "typing_indicator": {"type": "text"},
    }


# --- the limits, whatever is said -------------------------------------------------------------------

words = st.text(max_size=40) | st.text("a😀\n ", max_size=30).map(lambda text: text * 150)
some_options = st.lists(
    st.builds(Option, id=words, label=words, description=words, tappable=st.booleans()), max_size=14
).map(tuple)
replies = (
    st.builds(Say, body=words, options=some_options, list_button=words, footer=words)
    | st.builds(SayLink, body=words, label=words, url=words | st.just("https://example.org"), footer=words)
    | st.builds(AskLocation, body=words)
)


@given(replies)
def test_no_reply_goes_beyond_whatsapps_limits(reply: Reply) -> None:
    found = rendered(reply)
    json.dumps(found, allow_nan=False)
    if found["type"] == "text":
        assert 1 <= units(found["text"]["body"].strip()) <= 4096
        return
    content = found["interactive"]
    assert 1 <= units(content["body"]["text"].strip()) <= 1024
    assert 1 <= units(content.get("footer", {"text": "x"})["text"]) <= 60
    action = content["action"]
    if buttons := action.get("buttons"):
        titles = [button["reply"]["title"] for button in buttons]
        assert len(buttons) <= 3
        assert all(1 <= units(title) <= 20 for title in titles)
        assert len(set(titles)) == len(titles)
    if sections := action.get("sections"):
        rows = sections[0]["rows"]
        assert 1 <= units(action["button"]) <= 20
        assert 1 <= len(rows) <= 10
        assert all(1 <= units(row["title"]) <= 24 and units(row.get("description", "")) <= 72 for row in rows)
        assert len({row["id"] for row in rows}) == len(rows)


@given(st.text(), st.integers(min_value=1, max_value=30))
def test_what_is_cut_is_whole_letters_and_says_so(text: str, limit: int) -> None:
    cut = fit(text, limit)
    assert units(cut) <= limit
    cut.encode()
    assert cut == text or cut.endswith("…")
