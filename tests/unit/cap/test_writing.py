"""Our own notices as CAP: by the rules of the schema, and read back as they were written."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from canal.broadcasts import changes
from canal.broadcasts.campaign import Campaign
from canal.broadcasts.states import State
from canal.cap.alert import (
    CATEGORIES,
    CERTAINTIES,
    RESPONSES,
    SEVERITIES,
    STATUSES,
    URGENCIES,
    Alert,
    Area,
    Circle,
    Info,
    Reference,
)
from canal.cap.ours import message
from canal.cap.reading import read
from canal.cap.writing import moment, written
from hypothesis import given
from hypothesis import strategies as st

from tests.alerts import check_schema
from tests.noticeboard import MONDAY, a_campaign
from tests.towns import alzira

LATER = MONDAY + timedelta(minutes=5)
EVENING = MONDAY + timedelta(hours=10)


def sent(**changed: Any) -> Campaign:
    """A campaign that has begun to go out."""
    ready = replace(a_campaign(until=EVENING, state=State.APPROVED), **changed)
    return changes.planning(ready, MONDAY)


def told(campaign: Campaign, now: datetime = LATER, earlier: Campaign | None = None) -> Alert:
    alert = message(campaign, alzira(), now, earlier)
    assert alert
    raw = written(alert)
    check_schema(raw)
    assert read(raw) == alert
    return alert


def test_an_alert_says_the_same_in_both_languages() -> None:
    alert = told(sent())
    assert (alert.status, alert.kind, alert.scope, alert.sender) == ("Actual", "Alert", "Public", "www.alzira.es")
    assert [info.language for info in alert.infos] == ["ca-ES-valencia", "es-ES"]
    assert [info.headline for info in alert.infos] == ["Pluja forta", "Lluvia fuerte"]
    assert all(info.expires == EVENING for info in alert.infos)


def test_without_zones_its_area_is_the_municipality() -> None:
    (area,) = told(sent()).infos[0].areas
    assert area.geocodes == (("INE", "46017"),)
    assert len(area.polygons) == 2
    assert area.description == "Alzira (límit aproximat)"


def test_with_zones_each_is_an_area_and_one_without_known_ground_has_only_its_name() -> None:
    vila, murta = told(sent(zones=("vila", "murta"))).infos[1].areas
    assert (vila.description, len(vila.polygons)) == ("La Vila (límite aproximado)", 1)
    assert (murta.description, murta.polygons) == ("La Murta", ())


def test_what_came_from_another_keeps_how_bad_it_is() -> None:
    known = {"severity": "Severe", "urgency": "Future", "certainty": "Likely", "category": "Met", "event": "Lluvias"}
    info = told(sent(cap={**known, "onset": "2026-11-23T18:00:00+01:00"})).infos[0]
    assert (info.severity, info.urgency, info.certainty, info.categories) == ("Severe", "Future", "Likely", ("Met",))
    assert info.onset == datetime(2026, 11, 23, 17, tzinfo=UTC)


def test_values_that_the_standard_does_not_know_are_not_passed_on() -> None:
    info = told(sent(cap={"severity": "awful", "category": "Rain"})).infos[0]
    assert (info.severity, info.categories) == ("Unknown", ("Safety",))


def test_a_demonstration_is_a_test() -> None:
    alert = told(sent(demo=True))
    assert alert.status == "Test"
    assert "demostració" in alert.note


@pytest.mark.parametrize("state", [State.DRAFT, State.CHECKED, State.APPROVED, State.CANCELLED])
def test_what_has_not_gone_out_is_no_message(state: State) -> None:
    assert message(a_campaign(state=state), alzira(), LATER) is None


def test_what_failed_is_no_message() -> None:
    assert message(changes.failed(sent(), LATER, "nobody"), alzira(), LATER) is None


def test_what_is_called_off_is_cancelled_with_a_reference() -> None:
    first = told(sent())
    off = told(changes.cancelled(sent(), LATER, "empar@alzira.test"), LATER)
    assert (off.kind, off.identifier, off.references) == ("Cancel", f"{first.identifier}-cancel", (first.reference,))
    assert off.sent == LATER
    assert "empar" not in written(off).decode()


def test_what_is_over_says_so_with_a_reference() -> None:
    first = told(sent())
    over = told(changes.done(changes.sending(sent(), LATER), LATER), EVENING)
    assert (over.kind, over.identifier, over.references) == ("Update", f"{first.identifier}-end", (first.reference,))
    assert {(info.urgency, info.responses) for info in over.infos} == {("Past", ("AllClear",))}


def test_an_update_refers_to_what_went_out_before() -> None:
    before = sent()
    after = sent(id="20261123-segon", cap={"updates": before.id})
    assert told(after, earlier=before).references == (told(before).reference,)
    assert told(after, earlier=a_campaign()).kind == "Alert"  # nobody got the earlier one


def test_words_that_xml_cannot_hold_are_cleaned() -> None:
    campaign = sent()
    dirty = replace(campaign.words["ca"], text="a\x00b\ud800<&>\r\nc")
    alert = message(replace(campaign, words={**campaign.words, "ca": dirty}), alzira(), LATER)
    assert alert
    assert read(written(alert)).infos[0].description == "ab<&>\nc"


def test_utc_is_written_as_the_standard_wants_it() -> None:
    assert moment(datetime(2026, 11, 23, 9, 0, 0, 5, tzinfo=UTC)) == "2026-11-23T09:00:00-00:00"
    assert moment(datetime(2026, 11, 23, 9, 0, tzinfo=timezone(timedelta(hours=-3)))) == "2026-11-23T09:00:00-03:00"


# --- whatever is written is read back -----------------------------------------------------------------

WORD = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), min_size=1, max_size=20)
NAME = st.text("abcXYZ019.:-_", min_size=1, max_size=30)
MOMENTS = st.datetimes(datetime(2001, 1, 1), datetime(2098, 1, 1), timezones=st.just(UTC)).map(
    lambda when: when.replace(microsecond=0)
)
DEGREE = st.integers(-89_999_999, 89_999_999).map(lambda number: number / 1_000_000)
POINTS = st.lists(st.tuples(DEGREE, DEGREE), min_size=3, max_size=6, unique=True).map(tuple)
AREAS = st.builds(
    Area,
    WORD,
    st.lists(POINTS, max_size=2).map(tuple),
    st.lists(st.builds(Circle, DEGREE, DEGREE, DEGREE.map(abs)), max_size=2).map(tuple),
    st.lists(st.tuples(NAME, NAME), max_size=2).map(tuple),
)
INFOS = st.builds(
    Info,
    language=st.sampled_from(["ca-ES-valencia", "es-ES", "en-US"]),
    event=WORD,
    categories=st.lists(st.sampled_from(CATEGORIES), min_size=1, max_size=2).map(tuple),
    responses=st.lists(st.sampled_from(RESPONSES), max_size=2).map(tuple),
    urgency=st.sampled_from(URGENCIES),
    severity=st.sampled_from(SEVERITIES),
    certainty=st.sampled_from(CERTAINTIES),
    onset=st.none() | MOMENTS,
    expires=st.none() | MOMENTS,
    headline=WORD,
    description=WORD,
    areas=st.lists(AREAS, max_size=2).map(tuple),
)
ALERTS = st.builds(
    Alert,
    identifier=NAME,
    sender=NAME,
    sent=MOMENTS,
    status=st.sampled_from(STATUSES),
    kind=st.sampled_from(["Alert", "Update", "Cancel"]),
    references=st.lists(st.builds(Reference, NAME, NAME, MOMENTS), min_size=1, max_size=2).map(tuple),
    infos=st.lists(INFOS, min_size=1, max_size=2).map(tuple),
)


@given(ALERTS)
def test_every_message_is_read_as_it_was_written(alert: Alert) -> None:
    raw = written(alert)
    check_schema(raw)
    assert read(raw) == alert


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_junk_is_always_told_and_never_breaks_anything(raw: bytes) -> None:
    from canal.cap.alert import BadAlert

    with pytest.raises(BadAlert):
        read(raw)
