"""Archives: good ones, cut ones, bombs, and names that would climb out of a folder."""

from __future__ import annotations

import gzip
import tarfile
from io import BytesIO

import pytest
from canal.cap import tarball
from canal.cap.alert import BadAlert
from canal.cap.feed import contents
from canal.cap.writing import written

from tests.alerts import an_alert, bomb, packed, sample


def test_every_plain_file_is_read() -> None:
    found = contents(packed(sample("rain-orange.xml"), written(an_alert())), "")
    assert [alert.identifier for alert in found.alerts][1:] == ["A1"]
    assert found.faults == ()


def test_one_bad_file_does_not_spoil_the_others() -> None:
    found = contents(packed(b"junk", sample("entity-bomb.xml"), written(an_alert())), "")
    assert [alert.identifier for alert in found.alerts] == ["A1"]
    assert len(found.faults) == 2


@pytest.mark.parametrize("kept", [20, 200, -10])
def test_an_archive_that_is_cut_short_is_told(kept: int) -> None:
    whole = packed(*[written(an_alert(f"A{number}")) for number in range(30)])
    found = contents(whole[:kept], "")
    assert found.faults == ("it is no whole tar.gz",)


@pytest.mark.parametrize("raw", [b"\x1f\x8b", b"\x1f\x8bjunk", gzip.compress(b"no tar at all" * 100, mtime=0)])
def test_what_only_looks_like_one_is_told(raw: bytes) -> None:
    assert contents(raw, "").faults == ("it is no whole tar.gz",)


def test_a_bomb_is_given_up_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tarball, "MOST_UNPACKED", 2_000_000)
    found = contents(bomb(5_000_000), "")
    assert any("2,000,000 bytes" in fault or "unpacks" in fault or "1,000,000" in fault for fault in found.faults)


def test_too_many_files_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tarball, "MOST_MEMBERS", 3)
    found = contents(packed(*[written(an_alert(f"A{number}")) for number in range(5)]), "")
    assert len(found.alerts) == 3
    assert found.faults == ("it holds more than 3 files",)


def test_a_file_that_is_larger_than_an_alert_may_be_is_told() -> None:
    found = contents(packed(b"<" * 1_000_100, written(an_alert())), "")
    assert len(found.alerts) == 1
    assert "bytes" in found.faults[0]


def test_names_that_climb_and_links_touch_nothing(tmp_path: object) -> None:
    raw = BytesIO()
    with tarfile.open(fileobj=raw, mode="w:gz") as archive:
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE):
            member = tarfile.TarInfo("../../climbing")
            member.type, member.linkname = kind, "/etc/passwd"
            archive.addfile(member)
    assert contents(raw.getvalue(), "").alerts == ()
    assert len(contents(packed(written(an_alert()), names=["/../../x"]), "").alerts) == 1


def test_the_stream_stops_with_an_error_of_ours() -> None:
    with pytest.raises(BadAlert):
        list(tarball.files(b"\x1f\x8b\x08\x00"))
