"""The pharmacies' duty rota out of CSV, as offices save it; every fault by its line."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from canal.content.importers import table
from canal.content.importers.rota import compile_pharmacies, read_pharmacies, read_rota
from canal.content.importers.table import read_day, read_time
from canal.errors import BadContent
from canal.subjects.pharmacies import Pharmacies
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

MADRID = ZoneInfo("Europe/Madrid")
ALZIRA = Path(__file__).parents[3] / "content" / "alzira" / "pharmacies"
PHARMACIES = [
    {"id": "a", "name": {"ca": "Farmàcia Núria", "es": "Farmacia Nuria"}},
    {"id": "b", "name": {"ca": "Farmàcia Sol", "es": "Farmàcia Sol"}},
]


def rota(folder: Path, text: str | bytes) -> list[list[str]]:
    path = folder / "rota.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_rota(path, PHARMACIES, MADRID)


def problems(folder: Path, text: str | bytes) -> list[str]:
    with pytest.raises(BadContent) as caught:
        rota(folder, text)
    return caught.value.problems


def test_a_duty_ends_at_nine_the_next_day(tmp_path: Path) -> None:
    assert rota(tmp_path, "date,pharmacy\n2026-11-23,a\n") == [
        ["a", "2026-11-23T09:00:00+01:00", "2026-11-24T09:00:00+01:00", "full"]
    ]


@pytest.mark.parametrize(
    ("kind", "starts", "ends"),
    [
        ("24h", "2026-11-23T09", "2026-11-24T09"),
        ("24 hores", "2026-11-23T09", "2026-11-24T09"),
        ("", "2026-11-23T09", "2026-11-24T09"),
        ("day", "2026-11-23T09", "2026-11-23T22"),
        ("Diürn", "2026-11-23T09", "2026-11-23T22"),
        ("noche", "2026-11-23T22", "2026-11-24T09"),
        ("NIT", "2026-11-23T22", "2026-11-24T09"),
    ],
)
def test_a_kind_of_duty_has_its_hours(tmp_path: Path, kind: str, starts: str, ends: str) -> None:
    ((_, begins, finishes, _),) = rota(tmp_path, f"data;farmàcia;torn\n23/11/2026;a;{kind}\n")
    assert (begins[:13], finishes[:13]) == (starts, ends)


def test_a_row_may_have_its_own_hours(tmp_path: Path) -> None:
    ((_, starts, ends, kind),) = rota(tmp_path, "fecha;farmacia;turno;desde;hasta\n23/11/2026;a;noche;21:30;8h\n")
    assert (starts[11:16], ends[:16], kind) == ("21:30", "2026-11-24T08:00", "night")


def test_pharmacies_go_by_id_or_by_name_in_any_spelling(tmp_path: Path) -> None:
    found = rota(tmp_path, "date,pharmacy\n2026-11-23,FARMACIA NURIA\n2026-11-24,farmàcia sol\n2026-11-25,b\n")
    assert [row[0] for row in found] == ["a", "b", "b"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "latin-1"])
def test_any_usual_encoding_is_read(tmp_path: Path, encoding: str) -> None:
    assert rota(tmp_path, "data;farmàcia\r\n23/11/2026;Farmàcia Núria\r\n".encode(encoding))[0][0] == "a"


def test_empty_lines_and_remarks_are_passed_over(tmp_path: Path) -> None:
    assert len(rota(tmp_path, "date,pharmacy\n\n# holidays\n2026-11-23,a\n,\n")) == 1


def test_the_clocks_change_and_the_shift_does_not(tmp_path: Path) -> None:
    ((_, starts, ends, _),) = rota(tmp_path, "date,pharmacy\n2027-03-27,a\n")
    assert (starts[11:], ends[11:]) == ("09:00:00+01:00", "09:00:00+02:00")


def test_two_pharmacies_may_be_on_duty_at_once_but_one_not_twice(tmp_path: Path) -> None:
    text = "date,pharmacy,kind\n2026-11-23,a,24h\n2026-11-23,b,day\n2026-11-24,a,24h\n"
    assert len(rota(tmp_path, text)) == 3
    (fault,) = problems(tmp_path, text + "2026-11-24,a,night\n")
    assert fault.startswith("rota.csv, line 5: the shift overlaps with line 4")


def test_an_overlap_is_seen_across_a_longer_shift(tmp_path: Path) -> None:
    text = "date,pharmacy,from,to\n2026-11-23,a,9:00,9:00\n2026-11-23,a,10:00,11:00\n2026-11-23,a,12:00,13:00\n"
    assert len(problems(tmp_path, text)) == 2


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("31/11/2026,a", "«31/11/2026» is no date"),
        ("11/23/2026,a", "is no date"),
        ("23/11/26,a", "is no date"),
        ("demà,a", "is no date"),
        ("2026-11-23,c", "pharmacy «c» is not in pharmacies.csv"),
        ("2026-11-23,", "pharmacy «» is not in"),
        ("2026-11-23,a,always", "is no kind of duty"),
        ("2026-11-23,a,day,nine,ten", "the hours must be as 09:00"),
        ("2026-11-23,a,day,9:00,", "the hours must be as 09:00"),
        ("2026-11-23,a,day,9:00,10:00,x", "more cells"),
        ("2026-11-23," + "a" * 5000, "characters"),
    ],
)
def test_a_fault_is_told_with_its_line(tmp_path: Path, row: str, sentence: str) -> None:
    (fault,) = problems(tmp_path, f"date,pharmacy,kind,from,to\n2026-11-22,a\n{row}\n")
    assert fault.startswith("rota.csv, line 3:")
    assert sentence in fault


def test_every_fault_is_told_at_once_but_not_without_end(tmp_path: Path) -> None:
    assert len(problems(tmp_path, "date,pharmacy\nx,y\n2026-11-23,y\n")) == 3
    many = problems(tmp_path, "date,pharmacy\n" + "x,a\n" * 500)
    assert len(many) == table.MAX_PROBLEMS + 1
    assert many[-1] == "… and 450 more"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "no column «date»"),
        ("2026-11-23,a\n", "no column «date»"),
        ("date,pharmacy,colour\n", "column «colour» is not known"),
        (b"PK\x03\x04\x00\x00", "save the sheet as CSV"),
        ('date,pharmacy\n"2026-11-23,a\n' + "x" * 200_000, "quotes"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path: Path, text: str | bytes, sentence: str) -> None:
    assert sentence in "\n".join(problems(tmp_path, text))


def test_a_file_that_is_too_big_or_absent_is_refused(tmp_path: Path) -> None:
    assert "bytes" in problems(tmp_path, b"x" * (table.MAX_BYTES + 1))[0]
    assert "rows" in problems(tmp_path, "date,pharmacy\n" + "2026-11-23,a\n" * (table.MAX_ROWS + 1))[0]
    with pytest.raises(BadContent, match="is it there"):
        read_rota(tmp_path / "nothing.csv", PHARMACIES, MADRID)


def pharmacies(folder: Path, *rows: str) -> list[dict[str, object]]:
    path = folder / "pharmacies.csv"
    path.write_text("\n".join(["id,name,name_es,address,phone,latitude,longitude,demo,source", *rows]), "utf-8")
    return read_pharmacies(path)


def test_a_pharmacy_has_what_is_known_of_it(tmp_path: Path) -> None:
    (one,) = pharmacies(tmp_path, 'a,Farmàcia,Farmacia,"c/ Major, 1",,"39,15","-0,435",,a page')
    assert one == {
        "id": "a",
        "name": {"ca": "Farmàcia", "es": "Farmacia"},
        "address": {"ca": "c/ Major, 1", "es": "c/ Major, 1"},
        "latitude": 39.15,
        "longitude": -0.435,
        "source": "a page",
    }


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("a,,,x,,,,yes,", "the name is empty"),
        ("a,Nom,,x,,,,,", "the source is empty"),
        ("a,Nom,,x,,39.15,,yes,", "degrees in Spain"),
        ("a,Nom,,x,,-0.435,39.15,yes,", "degrees in Spain"),
        (",Nom,,x,,,,yes,", "empty or used twice"),
        ("z,Nom,,x,,,,yes,", "empty or used twice"),
    ],
)
def test_a_faulty_pharmacy_is_told_with_its_line(tmp_path: Path, row: str, sentence: str) -> None:
    with pytest.raises(BadContent) as caught:
        pharmacies(tmp_path, "z,Nom,,x,,,,yes,", row)
    (fault,) = caught.value.problems
    assert fault.startswith("pharmacies.csv, line 3:")
    assert sentence in fault


def test_dates_and_hours_are_read_as_people_write_them() -> None:
    assert {read_day(text) for text in ("23/11/2026", "23-11-2026", "23.11.2026", "2026-11-23")} == {date(2026, 11, 23)}
    assert [read_time(text) for text in ("9", "9h", "09:30", "9.30", "24:00", "24:30", "x")] == [
        time(9),
        time(9),
        time(9, 30),
        time(9, 30),
        time(0),
        None,
        None,
    ]


def test_alziras_rota_is_a_demonstration_and_covers_every_hour_until_the_end_of_2027() -> None:
    data = compile_pharmacies(ALZIRA, MADRID)
    assert all(each["demo"] and "Demostració" in each["name"]["ca"] for each in data["pharmacies"])
    found = Pharmacies.from_content(data)
    moment = datetime(2026, 11, 1, 9, tzinfo=MADRID)
    while moment < datetime(2027, 12, 31, 23, tzinfo=MADRID):
        assert found.on_duty(moment)
        moment += timedelta(hours=7)
    assert {shift.kind for shift in found.shifts} == {"full", "day", "night"}
    assert found.asking


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300), st.booleans())
def test_no_bytes_crash_the_import(tmp_path: Path, junk: bytes, headed: bool) -> None:
    path = tmp_path / "rota.csv"
    path.write_bytes((b"date;pharmacy\n" if headed else b"") + junk)
    try:
        found = read_rota(path, PHARMACIES, MADRID)
    except BadContent as fault:
        found = [fault.problems]
    assert isinstance(found, list)
