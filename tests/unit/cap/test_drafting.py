"""A CAP alert as a campaign: words, zones, hours, and what keeps it from being one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from canal.broadcasts.campaign import Campaign, Kind
from canal.broadcasts.states import State
from canal.cap.alert import Alert, Area, Info
from canal.cap.drafting import NotForUs, draft, untranslated
from canal.cap.reading import read
from canal.cap.watched import BY_HAND, Feed, Watch
from canal.dialogue.town import Town
from canal.services.notices.objections import of_words

from tests.alerts import EVENING, FAR, an_alert, an_info, sample, watching_town
from tests.noticeboard import MONDAY

NOON = MONDAY + timedelta(hours=2)


def drafted(alert: Alert, feed: Feed = BY_HAND, town: Town | None = None) -> Campaign:
    known = town or watching_town()
    return draft(alert, known, Watch.from_content(known.notices.cap), feed, NOON)


def both(**changes: Any) -> Alert:
    return an_alert("A1", an_info("ca-ES-valencia", **changes), an_info("es-ES", **changes))


def test_a_warning_becomes_a_draft_for_the_whole_town() -> None:
    campaign = drafted(read(sample("rain-orange.xml")))
    assert (campaign.kind, campaign.state, campaign.topic, campaign.template) == (
        Kind.ALERT,
        State.DRAFT,
        "alerts",
        "town_alert",
    )
    assert campaign.zones == ()
    assert campaign.until == datetime(2026, 11, 23, 22, 59, 59, tzinfo=UTC)
    assert (campaign.source, campaign.created_by, campaign.written_by, campaign.demo) == ("cap", "cap", "cap", False)
    assert campaign.id.startswith("20261123-cap-")
    words = campaign.words["es"]
    assert words.headline == "Aviso de lluvias de nivel naranja. La Ribera"
    assert words.text == (
        "🕒 23/11 18:00 → 23/11 23:59\nPrecipitación acumulada en una hora: 40 mm.\n"
        "Esté preparado. Tome precauciones.\n\nFuente: AEMET. Agencia Estatal de Meteorología (ejemplo)\n"
        "https://aemet.example/avisos"
    )
    assert "\n" not in words.line
    assert campaign.cap["severity"] == "Severe"
    assert campaign.cap["event"] == "Aviso de lluvias de nivel naranja"


def test_the_same_alert_is_the_same_campaign() -> None:
    alert = an_alert()
    other_zone = replace(alert, sent=alert.sent.astimezone(watching_town().zone))
    assert drafted(alert).id == drafted(other_zone).id
    assert drafted(alert).id != drafted(an_alert("A2")).id


def test_each_language_has_its_own_words() -> None:
    campaign = drafted(both())
    assert campaign.words["ca"].headline == "Avís de pluges"
    assert campaign.words["es"].headline == "Aviso de lluvias"
    assert untranslated(campaign) == ()
    assert "untranslated" not in campaign.cap


def test_what_the_alert_does_not_say_in_valencian_is_marked_until_somebody_writes_it() -> None:
    campaign = drafted(an_alert())
    assert campaign.words["ca"].headline == "Aviso de lluvias"
    assert campaign.words["ca"].text == campaign.words["es"].text
    assert campaign.cap["untranslated"] == "ca"
    assert untranslated(campaign) == ("ca",)
    written = replace(campaign.words["ca"], text="Més de 40 mm en una hora.")
    assert untranslated(replace(campaign, words={**campaign.words, "ca": written})) == ()


def test_an_alert_in_english_only_waits_for_both_languages() -> None:
    campaign = drafted(an_alert("A1", an_info("en-US", headline="Rain"), an_info("de", headline="Regen")))
    assert {words.headline for words in campaign.words.values()} == {"Rain"}
    assert untranslated(campaign) == ("ca", "es")


def test_several_infos_that_concern_us_are_told_together_the_worst_counts() -> None:
    mild = an_info(severity="Moderate", onset=MONDAY + timedelta(hours=3), description="Primero poca.")
    worse = an_info(onset=MONDAY + timedelta(hours=6), description="Luego mucha.", expires=EVENING + timedelta(hours=3))
    elsewhere = an_info(severity="Extreme", areas=(Area("Galicia", (FAR,)),), description="Lejos.")
    campaign = drafted(an_alert("A1", worse, elsewhere, mild))
    assert campaign.cap["severity"] == "Severe"
    assert campaign.until == EVENING + timedelta(hours=3)
    text = campaign.words["es"].text
    assert text.index("Primero poca.") < text.index("Luego mucha.")
    assert "Lejos" not in text


def test_zones_come_from_the_towns_own_list() -> None:
    town = watching_town(areas={"990001": ["garrofera", "vila"]})
    assert drafted(read(sample("rain-orange.xml")), town=town).zones == ("vila", "garrofera")


@pytest.mark.parametrize("status", ["Test", "Exercise", "System", "Draft"])
def test_what_is_not_real_is_marked_as_such(status: str) -> None:
    campaign = drafted(replace(both(), status=status))
    assert campaign.demo
    assert campaign.words["ca"].headline == "PROVA: Avís de pluges"
    assert campaign.words["es"].headline == "PRUEBA: Aviso de lluvias"


@pytest.mark.parametrize(
    ("alert", "why"),
    [
        (an_alert("A1", an_info(areas=(Area("Galicia", (FAR,)),))), "area"),
        (an_alert("A1", an_info(areas=())), "area"),
        (replace(an_alert(), scope="Restricted"), "public"),
        (replace(an_alert(), kind="Ack"), "Ack"),
        (an_alert("A1", an_info(expires=NOON)), "expired"),
        (an_alert("A1", an_info(expires=None), sent=MONDAY - timedelta(hours=23)), "expired"),
        (an_alert("A1", an_info(severity="Minor")), "less severe"),
    ],
)
def test_what_concerns_nobody_here_is_told_apart(alert: Alert, why: str) -> None:
    with pytest.raises(NotForUs, match=why):
        drafted(alert, Feed("", "", draft_from="Moderate"))


def test_an_alert_without_an_end_holds_a_day() -> None:
    assert drafted(an_alert("A1", an_info(expires=None))).until == MONDAY + timedelta(hours=24)
    later = an_info(expires=None, onset=MONDAY + timedelta(hours=5))
    assert drafted(an_alert("A1", later)).until == MONDAY + timedelta(hours=29)


@pytest.mark.parametrize(
    "info",
    [
        an_info(headline="x" * 500, description="palabra " * 1_000, web="https://a.example/" + "x" * 200),
        an_info(headline="", description="", instruction=""),
        an_info(headline="🌧️" * 100, description="a\n\n\n\nb     c"),
    ],
    ids=["long", "empty", "emoji"],
)
def test_its_words_fit_a_notice_whatever_they_are(info: Info) -> None:
    found = list(of_words(drafted(an_alert("A1", info))))
    assert [key for key, _ in found if "headline_too_long" not in key] == []
    assert "headline_too_long" in str(found) or len(info.headline) != 200
