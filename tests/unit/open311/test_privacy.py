"""Nothing that a citizen or staff wrote leaves by Open311, whatever the case looks like; no input breaks it."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import quote

from canal.incidents.case import Case, Event, File, Kind, Position, Telling, What
from canal.incidents.states import State
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes import FakeCases
from tests.open311 import KEY, NOON, Window, event, street, town

PLANTED = "Xq7wZ"  # in every text that somebody wrote, and in nothing that the town wrote
WRITTEN = st.text(max_size=20).map(lambda text: f"{text}{PLANTED}{text}")
CATEGORIES = [category.id for category in town().incidents.categories]
MOMENTS = st.integers(0, 80 * 24).map(lambda hours: NOON - timedelta(hours=hours))

files = st.builds(
    File,
    id=st.just("f"),
    kind=st.sampled_from(["image", "audio", "video", "document"]),
    media_id=WRITTEN,
    sent_at=st.just(NOON),
    caption=WRITTEN,
    state=st.sampled_from(["pending", "stored", "refused", "lost"]),
    key=st.just(f"hidden/{PLANTED}.jpg"),
    thumbnail=WRITTEN,
    reason=WRITTEN,
)
events = st.builds(
    Event,
    id=st.just("001-abc"),
    at=MOMENTS,
    what=st.sampled_from(What),
    by=WRITTEN,
    state=st.sampled_from(State),
    words=WRITTEN,
    details=st.dictionaries(st.sampled_from(["from", "file", "reason", "words"]), WRITTEN),
    telling=st.sampled_from(Telling),
    told=st.dictionaries(WRITTEN, WRITTEN, max_size=1),
)
positions = st.builds(
    Position,
    latitude=st.floats(39.0, 39.3),
    longitude=st.floats(-0.6, -0.3),
    source=st.sampled_from(["pin", "gazetteer", "landmark", "staff", "open311"]),
)
cases = st.builds(
    Case,
    id=st.just("AAAA2222"),
    kind=st.sampled_from(Kind),
    citizen=WRITTEN,
    language=st.sampled_from(["ca", "es"]),
    created_at=MOMENTS,
    words=WRITTEN,
    state=st.sampled_from(State),
    category=st.sampled_from(CATEGORIES),
    zone=WRITTEN,
    position=st.none() | positions,
    address=WRITTEN,
    files=st.lists(files, max_size=2).map(tuple),
    history=st.lists(events, max_size=3).map(tuple),
    updated_at=MOMENTS,
    channel=st.sampled_from(["whatsapp", "open311"]),
    contact=st.dictionaries(st.sampled_from(["phone", "first_name", "email", "media_url", "client"]), WRITTEN),
    demo=st.booleans(),
)


@given(cases, st.sampled_from(["xml", "json"]))
@settings(max_examples=150)
def test_nothing_that_was_written_is_in_any_answer(case: Case, format: str) -> None:
    window = Window(FakeCases(case))
    paths = [f"requests.{format}", f"requests/{case.id}.{format}", f"servicerequestupdates.{format}"]
    for path in paths:
        reply = window.get(path, start_date=(NOON - timedelta(days=85)).isoformat(), end_date=NOON.isoformat())
        assert reply.status in (200, 404)
        assert PLANTED not in reply.body
        if case.kind != Kind.INCIDENT:
            assert case.id not in reply.body


NAMES = st.sampled_from(
    "service_code status start_date end_date page page_size service_request_id locale lat long address_string "
    "description media_url email update_id jurisdiction_id attribute[A]".split()
)
VALUES = st.text() | st.sampled_from([street().id, "open", "39.15", "-0.435", "2026-11-01T00:00:00Z", "AAAA2222"])
ARGUMENTS = st.lists(st.tuples(NAMES, VALUES)).map(
    lambda pairs: "&".join(f"{quote(name)}={quote(value.encode(errors='replace'))}" for name, value in pairs)
)
RAW = st.text() | st.binary().map(lambda raw: quote(raw, safe="&="))
PATHS = st.sampled_from(["requests", "services", "servicerequestupdates", "discovery", "tokens/1", "requests/A"])


@given(st.sampled_from(["GET", "POST", "HEAD", "PUT"]), PATHS | st.text(), ARGUMENTS | RAW, ARGUMENTS | RAW)
@settings(max_examples=200)
def test_whatever_is_asked_is_answered_and_never_a_fault_of_ours(method: str, path: str, query: str, body: str) -> None:
    window = Window(FakeCases())
    for format in ("xml", "json"):
        for form in (body, f"api_key={KEY}&service_code={street().id}&{body}"):
            reply = window.ask(event(method, f"{path}.{format}", query, form))
            assert reply.status < 500


@given(st.text(), st.text(), st.text(max_size=300))
def test_no_header_breaks_an_answer(language: str, kind: str, key: str) -> None:
    headers = {"Accept-Language": language, "Content-Type": kind, "Idempotency-Key": key}
    assert Window().get("services.json", headers).status == 200
    assert Window().ask(event("POST", "requests.json", body=f"api_key={KEY}", headers=headers)).status < 500
