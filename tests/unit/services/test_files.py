"""A citizen's file on its way to our bucket: stored, tried again, refused or lost, and nothing in between."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import count, repeat

import pytest
from canal.errors import Oversized, Refused, Stopped, Temporary
from canal.incidents.case import Case, File, Kind, What
from canal.incidents.changes import MOST_EVENTS, noted
from canal.incidents.watch import Watch, next_look
from canal.services.basket import FETCH_SECONDS, MAX_BYTES

from tests.builders import NOON
from tests.fakes import FakeCases
from tests.office import Office, photo, picture, report

NUMBER = "VXK4M2P9"


def office(*files: File) -> Office:
    return Office(FakeCases(report(NUMBER, *files, category="")))


def settled(hall: Office) -> tuple[str, str]:
    """What became of the first file, and why."""
    file = hall.look().files[0]
    return file.state, file.reason


def told_of(case: Case, what: What) -> list[str]:
    return [event.details["reason"] for event in case.history if event.what == what and event.told]


def test_a_photo_is_stored_as_two_jpegs_that_are_not_what_was_sent() -> None:
    hall = office(picture()).with_files(1)
    assert settled(hall) == ("stored", "")
    file = hall.cases.rows[NUMBER].files[0]
    assert {hall.store.mime_types[key] for key in (file.key, file.thumbnail)} == {"image/jpeg"}
    assert {hall.store.filenames[key] for key in (file.key, file.thumbnail)} == {""}
    assert hall.store.objects[file.key] != hall.media.content["media.1"]


def test_a_photo_sent_as_a_document_is_made_safe_as_well() -> None:
    hall = office(picture(kind="document")).with_files(1)
    assert settled(hall) == ("stored", "")
    assert hall.cases.rows[NUMBER].files[0].thumbnail in hall.store.objects


@pytest.mark.parametrize(
    ("kind", "claim", "mime_type", "ending"),
    [
        ("audio", "audio/ogg; codecs=opus", "audio/ogg", "audio.ogg"),
        ("video", "video/mp4", "video/mp4", "video.mp4"),
        ("document", "application/pdf", "application/pdf", "document.pdf"),
        ("document", "text/html", "application/octet-stream", "document.bin"),
        ("document", "image/svg+xml", "application/octet-stream", ""),
        ("video", "", "application/octet-stream", "video.bin"),
    ],
)
def test_other_files_are_kept_as_they_are_and_never_shown_as_a_page(
    kind: str, claim: str, mime_type: str, ending: str
) -> None:
    hall = office(picture(kind=kind, mime_type=claim))
    hall.media.content["media.1"] = b"<script>anything</script>"
    if claim.startswith("image/"):
        assert settled(hall) == ("refused", "not_an_image")
        return
    assert settled(hall) == ("stored", "")
    (key,) = hall.store.objects
    assert hall.store.objects[key] == b"<script>anything</script>"
    assert (hall.store.mime_types[key], hall.store.filenames[key]) == (mime_type, f"{NUMBER}-{ending}")


# --- what passes ----------------------------------------------------------------------------------


@pytest.mark.parametrize("error", [Temporary("503"), Stopped("190")])
def test_a_photo_that_fails_for_an_hour_is_tried_ever_more_seldom_and_stored(error: Exception) -> None:
    hall = office(picture()).with_files(1)
    hall.media.failures = [error] * 6
    case = hall.look()
    assert (case.state, case.department != "", len(hall.mail.sent), len(hall.outbox.sent)) == ("routed", True, 1, 1)
    waits = []
    while case.files[0].state == "pending":
        look = next_look(case)
        assert look is not None
        assert look[0] == Watch.WORK
        waits.append((look[1] - hall.now) / timedelta(minutes=1))
        fetched = len(hall.media.fetched)
        hall.now = look[1] - timedelta(seconds=1)
        assert hall.look().files[0].state == "pending"
        assert len(hall.media.fetched) == fetched
        hall.now = look[1]
        case = hall.look()
    assert waits == [1, 2, 4, 8, 16, 32]
    assert case.files[0].state == "stored"
    assert (len(hall.mail.sent), len(hall.outbox.sent)) == (1, 1)


def test_a_photo_that_fails_for_seven_days_is_lost_and_its_citizen_told_that_once() -> None:
    hall = office(picture()).with_files(1)
    hall.media.failures = [Temporary("503")] * 10_000
    case = hall.look()
    while case.files[0].state == "pending":
        look = next_look(case)
        assert look is not None
        assert look[1] - hall.now <= timedelta(hours=1)
        hall.now = look[1]
        case = hall.look()
    assert (case.files[0].state, case.files[0].reason) == ("lost", "expired")
    assert timedelta(days=7) <= hall.now - NOON < timedelta(days=7, hours=1)
    assert told_of(case, What.FILE_LOST) == ["expired"]
    assert case.files[0].key == ""


def test_a_bucket_that_fails_after_the_thumbnail_stores_both_at_the_next_try() -> None:
    hall = office(picture()).with_files(1)
    real = hall.store.put
    calls = count()

    def put(key: str, content: bytes, mime_type: str, filename: str = "") -> None:
        if next(calls) == 1:
            raise Temporary("S3: 503")
        real(key, content, mime_type, filename)

    hall.store.put = put  # type: ignore[method-assign]
    assert settled(hall) == ("pending", "")
    assert settled(hall.later(minutes=2)) == ("stored", "")
    assert len(hall.store.objects) == 2


# --- what stays -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"%PDF-1.7 not a picture", "not_an_image"),
        (b"", "not_an_image"),
        (photo((900, 900))[:400], "unreadable"),
    ],
)
def test_what_is_no_photo_is_refused_and_its_citizen_told_why(content: bytes, reason: str) -> None:
    hall = office(picture())
    hall.media.content["media.1"] = content
    assert settled(hall) == ("refused", reason)
    case = hall.cases.rows[NUMBER]
    assert told_of(case, What.FILE_REFUSED) == [reason]
    assert (case.department != "", hall.store.objects) == (True, {})


def test_a_stream_that_never_ends_is_cut_off() -> None:
    given = 0

    def endless() -> Iterator[bytes]:
        nonlocal given
        for chunk in repeat(b"\0" * 65_536):
            given += len(chunk)
            yield chunk

    hall = office(picture(kind="video", mime_type="video/mp4"))
    hall.media.content["media.1"] = endless()
    assert settled(hall) == ("refused", "too_large")
    assert given <= MAX_BYTES + 65_536
    assert hall.store.objects == {}


def test_a_file_that_meta_says_is_too_large_is_refused() -> None:
    hall = office(picture()).with_files(1)
    hall.media.failures = [Oversized("100 MB")]
    assert settled(hall) == ("refused", "too_large")


def test_a_file_that_trickles_in_too_slowly_is_tried_again() -> None:
    hall = office(picture())

    def slow() -> Iterator[bytes]:
        for _ in range(10):
            hall.seconds += FETCH_SECONDS / 3
            yield b"\0"

    hall.media.content["media.1"] = slow()
    assert settled(hall) == ("pending", "")
    assert hall.cases.rows[NUMBER].files[0].tries == 1


@pytest.mark.parametrize("error", [Refused("there is no such media"), None])
def test_a_file_that_meta_does_not_have_is_lost_at_once(error: Exception | None) -> None:
    hall = office(picture())
    hall.media.failures = [error] if error else []
    assert settled(hall) == ("lost", "gone")
    assert told_of(hall.cases.rows[NUMBER], What.FILE_LOST) == ["gone"]


def test_one_bad_file_among_good_ones_is_alone() -> None:
    hall = office(picture(1), picture(2), picture(3)).with_files(1, 3)
    hall.media.content["media.2"] = b"nothing"
    assert [file.state for file in hall.look().files] == ["stored", "refused", "stored"]
    assert len(hall.store.objects) == 4


def test_what_an_earlier_try_stored_is_deleted_when_the_file_is_given_up() -> None:
    hall = office(picture(key="files/VXK4M2P9/a", thumbnail="files/VXK4M2P9/b", tries=1))
    hall.store.objects = {"files/VXK4M2P9/a": b"x", "files/VXK4M2P9/b": b"x"}
    assert settled(hall) == ("lost", "gone")
    assert hall.store.objects == {}


def test_a_bad_file_of_a_case_whose_history_is_full_is_given_up_without_a_word() -> None:
    case = replace(report(NUMBER, picture(), kind=Kind.INCIDENT, state="routed", department="x", mailed_to="x"))
    while len(case.history) < MOST_EVENTS:
        case = noted(case, NOON, "x@canal.test", "")
    hall = Office(FakeCases(case))
    assert settled(hall) == ("lost", "gone")
