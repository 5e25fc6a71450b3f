"""What a citizen gets of a campaign: whole, with a way out, and always something that WhatsApp takes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from canal.adapters.whatsapp_rendering import MAX_BODY, MAX_BUTTON_LABEL, MAX_TEXT, outbound, template
from canal.adapters.whatsapp_text import units
from canal.broadcasts import message
from canal.broadcasts.campaign import Campaign, Kind, Words
from canal.broadcasts.message import free_text, template_payloads, template_values
from canal.content.templates import PLAIN, read_templates
from canal.dialogue.citizen import Place
from canal.dialogue.messages import LANGUAGES, Language, Say
from hypothesis import given
from hypothesis import strategies as st

from local.whatsapp.checks import World, check_message
from local.whatsapp.templates import Templates
from tests.builders import citizen
from tests.noticeboard import a_campaign
from tests.towns import ROOT, alzira

APPROVED = Templates()
for made in read_templates(ROOT / "content" / "common" / "templates"):
    APPROVED.create(made, now=0, status="APPROVED")
WORLD = World(media=lambda _: None, template=APPROVED.find)
TOWN = alzira()


def told(
    headline: str = "Pluja forta", text: str = "Evita els barrancs.", summary: str = "", **more: object
) -> Campaign:
    words: dict[Language, Words] = {code: Words(headline, text, summary) for code in LANGUAGES}
    return a_campaign(words=words, **more)


def digest(text: str, **more: object) -> Campaign:
    more = {"kind": Kind.DIGEST, "topic": "agenda", "template": "weekly_agenda", "opens": "culture:week", **more}
    return told("Agenda", text, "Tres actes", **more)


def said(campaign: Campaign, language: Language = "ca") -> Say:
    return free_text(TOWN, language, campaign)


def test_a_notice_says_what_it_is_and_how_to_leave() -> None:
    reply = said(a_campaign())
    assert reply.body == "⚠️ *Pluja forta*\n\nEviteu els barrancs fins a les 20 h."
    assert [(each.id, each.label) for each in reply.options] == [("subscriptions:leave:alerts", "Deixar este tema")]
    assert reply.footer == "Ajuntament · Alzira"


def test_what_a_notice_opens_is_its_first_button() -> None:
    reply = said(digest("Dijous, cine."), "es")
    assert [each.id for each in reply.options] == ["culture:week", "subscriptions:leave:agenda"]
    assert [each.label for each in reply.options] == ["Ver toda la agenda", "Dejar este tema"]


def test_a_screen_without_words_of_its_own_still_gets_a_button() -> None:
    assert said(told(opens="bus:line:1")).options[0].label == "Saber-ne més"


@pytest.mark.parametrize("place", Place)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_buttons_of_every_screen_fit(place: Place, language: Language) -> None:
    labels = [label for _, label in message.buttons(TOWN, language, told(opens=place.value))]
    assert all(units(label) <= MAX_BUTTON_LABEL for label in labels)


def test_in_a_language_that_is_not_written_the_other_is_read() -> None:
    campaign = a_campaign(words={"es": Words("Lluvia", "Quédate en casa.")})
    assert "Quédate en casa." in said(campaign, "ca").body


def test_a_demonstration_calls_itself_that() -> None:
    assert said(told(demo=True)).body.endswith("⚠️ _Dades de demostració: no són reals._")


def test_a_picture_goes_along_with_the_buttons() -> None:
    assert said(told(image="https://town.example/a.jpg")).image == "https://town.example/a.jpg"


def test_what_is_too_long_for_buttons_goes_whole_with_the_way_out_in_words() -> None:
    text = "Demà es talla l'aigua. " * 100
    reply = said(told(text=text))
    assert reply.options == ()
    assert text.strip() in reply.body
    assert reply.body.endswith("escriu *baixa*._")


def test_what_is_too_long_even_for_that_is_cut_at_a_word_and_keeps_the_way_out() -> None:
    reply = said(told(text="paraules i més paraules " * 400), "es")
    assert "…\n\n_Si no quieres recibir más avisos" in reply.body
    assert outbound(reply, citizen())["text"]["body"].endswith(reply.footer)


def test_a_digest_that_is_too_long_keeps_its_button_which_opens_all_of_it() -> None:
    reply = said(digest("• 20:00 Cine\n" * 200))
    assert [each.id for each in reply.options] == ["culture:week", "subscriptions:leave:agenda"]
    assert reply.body.endswith("…")
    assert units(reply.body) <= MAX_BODY


def test_a_text_of_exactly_the_room_keeps_its_buttons_and_one_letter_more_does_not() -> None:
    room = MAX_BODY - units(said(told(text="")).body)
    assert said(told(text="a" * room)).options
    assert not said(told(text="a" * (room + 1))).options


def test_the_template_gets_one_line_each() -> None:
    values = template_values(told("Pluja\nforta", "Primera línia.\n\nSegona\tlínia     llarga."), "ca")
    assert values == {"headline": "Pluja forta", "summary": "Primera línia. Segona línia llarga."}


def test_the_template_gets_the_summary_where_there_is_one() -> None:
    assert template_values(told(summary="En curt."), "ca")["summary"] == "En curt."


def test_an_empty_or_endless_variable_cannot_stop_a_campaign() -> None:
    values = template_values(told(" ", "mot " * 1000), "ca")
    assert values["headline"] == "…"
    assert units(values["summary"]) <= message.MOST_SUMMARY


def test_the_template_buttons_lead_where_those_of_the_text_do() -> None:
    assert template_payloads(told()) == ("subscriptions:leave:alerts",)
    assert template_payloads(digest("a")) == ("culture:week", "subscriptions:leave:agenda")


WORDS = st.text(max_size=6000)


@given(headline=st.text(max_size=300), text=WORDS, demo=st.booleans(), opens=st.sampled_from(["", "culture:week"]))
def test_whatever_was_written_whatsapp_takes_it(headline: str, text: str, demo: bool, opens: str) -> None:
    kind, name = (Kind.DIGEST, "weekly_agenda") if opens else (Kind.ALERT, "town_alert")
    campaign = told(headline, text, kind=kind, template=name, demo=demo, opens=opens)
    for language in LANGUAGES:
        body = outbound(free_text(TOWN, language, campaign), citizen(language), "notice#a#b")
        check_message(body, WORLD)
        shown = body["text"]["body"] if "text" in body else body["interactive"]["body"]["text"]
        assert units(shown) <= (MAX_TEXT if "text" in body else MAX_BODY)
        values, payloads = template_values(campaign, language), template_payloads(campaign)
        assert not any(PLAIN.search(value) for value in values.values())
        check_message(template(name, language, citizen(), values, payloads, "notice#a#b"), WORLD)


def test_the_longest_variables_fit_into_every_template() -> None:
    for made in read_templates(ROOT / "content" / "common" / "templates"):
        body = next(each["text"] for each in made["components"] if each["type"] == "BODY")
        if "{{headline}}" in body:
            assert units(body) + message.MOST_HEADLINE + message.MOST_SUMMARY <= MAX_BODY


def test_only_alerts_pass_the_quiet_hours() -> None:
    assert [kind for kind in Kind if message.passes_quiet_hours(kind)] == [Kind.ALERT]


def test_marketing_is_whatsapps_word_for_it() -> None:
    assert message.is_marketing("marketing")
    assert not message.is_marketing("UTILITY")


def test_campaigns_without_a_word_in_any_language_are_not_sent_as_nothing() -> None:
    campaign = replace(a_campaign(), words={"ca": Words("", "")})
    assert template_values(campaign, "es") == {"headline": "…", "summary": "…"}
