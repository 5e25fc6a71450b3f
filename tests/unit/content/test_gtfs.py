"""The GTFS importer: what it takes from a feed, and what it says of a bad one."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from canal.content.importers import gtfs_tables, gtfs_trips
from canal.content.importers.gtfs import read_gtfs
from canal.errors import BadContent
from hypothesis import given, settings
from hypothesis import strategies as st

FEED = Path(__file__).parents[3] / "content" / "alzira" / "bus" / "gtfs"

GOOD = {
    "agency.txt": "agency_id,agency_name,agency_url,agency_timezone\nA,Bus,https://example.org,Europe/Madrid\n",
    "stops.txt": "stop_id,stop_code,stop_name,stop_lat,stop_lon\n"
    "S1,101,Hospital,39.16,-0.415\nS2,,Plaça,39.15,-0.43\nS3,,Estació,39.153,-0.444\n",
    "routes.txt": "route_id,route_short_name,route_long_name,route_type\nR,3,Hospital - Estació,3\n",
    "calendar.txt": "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,"
    "start_date,end_date\n"
    "LAB,1,1,1,1,1,0,0,20260101,20261231\n",
    "trips.txt": "route_id,service_id,trip_id,trip_headsign\nR,LAB,T1,Estació\n",
    "stop_times.txt": "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
    "T1,7:00:00,7:00:00,S1,1\nT1,07:10:00,07:11:00,S2,2\nT1,07:20:00,07:20:00,S3,3\n",
}


def write(folder: Path, **changes: str | bytes | None) -> Path:
    """The good feed in ``folder``, with files (named without .txt) changed, added or, by None, left out."""
    folder.mkdir(exist_ok=True)
    for name, text in {**GOOD, **{f"{file}.txt": text for file, text in changes.items()}}.items():
        if text is not None:
            (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def plus(file: str, *lines: str) -> str:
    return GOOD[f"{file}.txt"] + "".join(line + "\n" for line in lines)


def problems(source: Path) -> list[str]:
    with pytest.raises(BadContent) as caught:
        read_gtfs(source)
    return caught.value.problems


# --- what is taken --------------------------------------------------------------------------------


def test_a_small_feed_is_compiled_to_json(tmp_path: Path) -> None:
    section = read_gtfs(write(tmp_path))
    assert json.loads(json.dumps(section)) == section
    assert section == {
        "demo": False,
        "publisher": "",
        "version": "",
        "timezone": "Europe/Madrid",
        "valid_from": "2026-01-01",
        "valid_until": "2026-12-31",
        "stops": [
            stop("S1", "Hospital", 39.16, -0.415, "101"),
            stop("S2", "Plaça", 39.15, -0.43),
            stop("S3", "Estació", 39.153, -0.444),
        ],
        "lines": [
            {
                "id": "R",
                "name": "3",
                "long_name": "Hospital - Estació",
                "colour": "",
                "directions": [{"id": "0", "headsign": "Estació", "stops": [0, 1, 2]}],
            }
        ],
        "headsigns": ["Estació"],
        "services": {
            "LAB": {
                "weekdays": "1111100",
                "start": "2026-01-01",
                "end": "2026-12-31",
                "added": [],
                "removed": [],
                "hours": [[25200, 26400]],
            }
        },
        "departures": {"S1": {"LAB": [[25200, 0, 0]]}, "S2": {"LAB": [[25860, 0, 0]]}},
    }


def stop(id_: str, name: str, latitude: float, longitude: float, *codes: str) -> dict[str, Any]:
    known = {"id": id_, "codes": list(codes), "name": name, "wheelchair": None}
    return {**known, "latitude": latitude, "longitude": longitude}


def test_the_last_stop_of_a_trip_is_an_arrival_and_no_departure(tmp_path: Path) -> None:
    assert "S3" not in read_gtfs(write(tmp_path))["departures"]


def test_a_stop_where_nobody_gets_on_is_no_departure(tmp_path: Path) -> None:
    times = (
        "trip_id,departure_time,stop_id,stop_sequence,pickup_type\n"
        "T1,7:00:00,S1,1,\nT1,7:10:00,S2,2,1\nT1,7:20:00,S3,3,0\n"
    )
    assert list(read_gtfs(write(tmp_path, stop_times=times))["departures"]) == ["S1"]


def test_times_go_on_after_midnight(tmp_path: Path) -> None:
    times = "trip_id,departure_time,stop_id,stop_sequence\nT1,24:30:00,S1,1\nT1,25:05:10,S3,2\n"
    section = read_gtfs(write(tmp_path, stop_times=times))
    assert section["departures"] == {"S1": {"LAB": [[88200, 0, 0]]}}
    assert section["services"]["LAB"]["hours"] == [[88200, 90310]]


def test_calls_are_put_in_order_and_times_left_open_are_reckoned(tmp_path: Path) -> None:
    times = "trip_id,departure_time,stop_id,stop_sequence\nT1,7:20:00,S3,30\nT1,,S2,20\nT1,7:00:00,S1,5\n"
    departures = read_gtfs(write(tmp_path, stop_times=times))["departures"]
    assert departures["S2"]["LAB"][0][0] == 7 * 3600 + 600


def test_frequencies_stand_for_many_trips(tmp_path: Path) -> None:
    frequencies = "trip_id,start_time,end_time,headway_secs\nT1,06:00:00,07:01:00,1800\nT1,20:00:00,20:30:00,900\n"
    departures = read_gtfs(write(tmp_path, frequencies=frequencies))["departures"]
    clock = [f"{row[0] // 3600}:{row[0] // 60 % 60:02}" for row in departures["S2"]["LAB"]]
    assert clock == ["6:11", "6:41", "7:11", "20:11", "20:26"]


def test_service_hours_bridge_pauses_of_up_to_an_hour(tmp_path: Path) -> None:
    frequencies = "trip_id,start_time,end_time,headway_secs\nT1,06:00:00,09:00:00,3600\nT1,22:00:00,22:30:00,1800\n"
    hours = read_gtfs(write(tmp_path, frequencies=frequencies))["services"]["LAB"]["hours"]
    assert hours == [[21600, 30000], [79200, 80400]]


def test_calendar_dates_add_and_remove_and_may_stand_alone(tmp_path: Path) -> None:
    dates = "service_id,date,exception_type\nLAB,20261208,2\nLAB,20261206,1\n"
    both = read_gtfs(write(tmp_path / "both", calendar_dates=dates))["services"]["LAB"]
    assert (both["added"], both["removed"]) == (["2026-12-06"], ["2026-12-08"])
    alone = read_gtfs(write(tmp_path / "alone", calendar=None, calendar_dates=dates))
    assert alone["services"]["LAB"]["weekdays"] == "0000000"
    assert (alone["valid_from"], alone["valid_until"]) == ("2026-12-06", "2026-12-06")


def test_feed_info_says_how_long_the_feed_holds(tmp_path: Path) -> None:
    info = "feed_publisher_name,feed_start_date,feed_end_date,feed_version\nConsorci,20260201,20260630,v7\n"
    section = read_gtfs(write(tmp_path, feed_info=info))
    assert (section["valid_from"], section["valid_until"]) == ("2026-02-01", "2026-06-30")
    assert (section["publisher"], section["version"], section["demo"]) == ("Consorci", "v7", False)


@pytest.mark.parametrize("name", ["Canal: DEMOSTRACIÓ", "Horario de demostración", "A demonstration feed"])
def test_a_publisher_that_says_demonstration_marks_the_feed(tmp_path: Path, name: str) -> None:
    assert read_gtfs(write(tmp_path, feed_info=f"feed_publisher_name\n{name}\n"))["demo"]


def test_translations_give_names_in_both_languages(tmp_path: Path) -> None:
    translations = (
        "table_name,field_name,language,translation,record_id,record_sub_id,field_value\n"
        "stops,stop_name,es,Plaza,S2,,\n"
        "stops,stop_name,fr,Place,S2,,\n"
        "trips,trip_headsign,es-ES,Estación,,,Estació\n"
    )
    section = read_gtfs(write(tmp_path, translations=translations))
    assert section["stops"][1]["name"] == {"ca": "Plaça", "es": "Plaza"}
    assert section["headsigns"] == [{"ca": "Estació", "es": "Estación"}]
    assert section["lines"][0]["directions"][0]["headsign"] == {"ca": "Estació", "es": "Estación"}


def test_a_headsign_at_the_stop_overrides_that_of_the_trip_and_the_last_stop_stands_in(
    tmp_path: Path,
) -> None:
    trips = "route_id,service_id,trip_id\nR,LAB,T1\n"
    times = (
        "trip_id,departure_time,stop_id,stop_sequence,stop_headsign\n"
        "T1,7:00:00,S1,1,\nT1,7:10:00,S2,2,Centre\nT1,7:20:00,S3,3,\n"
    )
    section = read_gtfs(write(tmp_path, trips=trips, stop_times=times))
    signs = {stop: section["headsigns"][rows["LAB"][0][2]] for stop, rows in section["departures"].items()}
    assert signs == {"S1": "Estació", "S2": "Centre"}


def test_the_platforms_of_a_station_are_one_stop(tmp_path: Path) -> None:
    stops = (
        "stop_id,stop_code,stop_name,stop_lat,stop_lon,location_type,parent_station,wheelchair_boarding\n"
        "P1,11,Andana 1,39.1,-0.4,0,E,\nE,,Estació,39.1,-0.4,1,,1\nP2,12,Andana 2,39.1,-0.4,,E,\n"
        "DOOR,,Porta,39.1,-0.4,2,E,\nS1,,Hospital,39.2,-0.4,,,2\n"
    )
    times = "trip_id,departure_time,stop_id,stop_sequence\nT1,7:00:00,P1,1\nT1,7:20:00,S1,2\nT1,7:40:00,P2,3\n"
    section = read_gtfs(write(tmp_path, stops=stops, stop_times=times))
    assert [(s["id"], s["codes"], s["wheelchair"]) for s in section["stops"]] == [
        ("E", ["11", "12"], True),
        ("S1", [], False),
    ]
    assert section["lines"][0]["directions"][0]["stops"] == [0, 1, 0]
    assert list(section["departures"]) == ["E", "S1"]


def test_each_direction_shows_the_run_that_most_buses_make(tmp_path: Path) -> None:
    trips = "route_id,service_id,trip_id,direction_id\nR,LAB,A,0\nR,LAB,B,0\nR,LAB,C,0\nR,LAB,D,1\n"
    runs = {"A": ["S1", "S3"], "B": ["S1", "S2", "S3"], "C": ["S1", "S2", "S3"], "D": ["S3", "S1"]}
    calls = [f"{trip},{7 + n}:00:00,{place},{n}" for trip, places in runs.items() for n, place in enumerate(places)]
    times = "\n".join(["trip_id,departure_time,stop_id,stop_sequence", *calls])
    ways = read_gtfs(write(tmp_path, trips=trips, stop_times=times))["lines"][0]["directions"]
    assert [(way["id"], way["headsign"], way["stops"]) for way in ways] == [
        ("0", "Estació", [0, 1, 2]),
        ("1", "Hospital", [2, 0]),
    ]


def test_an_id_that_would_break_a_screens_address_is_encoded(tmp_path: Path) -> None:
    section = read_gtfs(
        write(
            tmp_path,
            stops=GOOD["stops.txt"].replace("S1,", "ES:46017:1,"),
            stop_times=GOOD["stop_times.txt"].replace("S1,", "ES:46017:1,"),
        )
    )
    assert section["stops"][0]["id"] == "ES%3A46017%3A1"
    assert "ES%3A46017%3A1" in section["departures"]


def test_a_byte_order_mark_windows_line_ends_quotes_and_blank_lines_do_no_harm(tmp_path: Path) -> None:
    stops = GOOD["stops.txt"].replace("Hospital", '"Hospital, porta ""A"""').replace("\n", "\r\n\r\n")
    section = read_gtfs(write(tmp_path, stops=b"\xef\xbb\xbf" + stops.encode()))
    assert section["stops"][0]["name"] == 'Hospital, porta "A"'


@pytest.mark.parametrize("folder", ["", "feed/", "a/b/"])
def test_a_zip_reads_like_a_folder_also_with_the_files_in_a_folder_of_it(tmp_path: Path, folder: str) -> None:
    source = tmp_path / "feed.zip"
    with zipfile.ZipFile(source, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in GOOD.items():
            archive.writestr(folder + name, text)
        archive.writestr(folder + "shapes.txt", "never read")
        archive.writestr("__MACOSX/" + folder + "._stops.txt", b"\xff\xfe")
    assert read_gtfs(source) == read_gtfs(write(tmp_path / "folder"))


def test_the_feed_of_alzira_is_read_without_a_fault_and_is_small() -> None:
    section = read_gtfs(FEED)
    assert section["demo"]
    assert [line["name"] for line in section["lines"]] == ["1", "2", "3"]
    assert any(row[0] > 24 * 3600 for row in section["departures"]["hospital"]["NIT"])
    assert len(json.dumps(section)) < 60_000


# --- what is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize("file", ["agency", "stops", "routes", "trips", "stop_times"])
def test_a_missing_file_is_named(tmp_path: Path, file: str) -> None:
    assert problems(write(tmp_path, **{file: None})) == [f"{file}.txt: the file is missing; every GTFS feed has it"]


def test_a_feed_without_any_calendar_is_refused(tmp_path: Path) -> None:
    assert "calendar_dates.txt too" in problems(write(tmp_path, calendar=None))[0]


@pytest.mark.parametrize("file", ["agency", "stops", "routes", "trips", "stop_times", "calendar"])
def test_an_empty_file_misses_its_columns(tmp_path: Path, file: str) -> None:
    assert f"{file}.txt, line 1: the column" in problems(write(tmp_path, **{file: ""}))[0]


@pytest.mark.parametrize(
    ("file", "text", "expected"),
    [
        ("stops", plus("stops", "S4,,Nord,95,-0.4"), "stops.txt, line 5: stop_lat is '95'"),
        ("stops", plus("stops", "S4,,Nord,nan,-0.4"), "stops.txt, line 5: stop_lat is 'nan'"),
        ("stops", plus("stops", "S4,,Nord,39,est"), "stops.txt, line 5: stop_lon is 'est'"),
        ("stops", plus("stops", "S4,,,39,-0.4"), "stops.txt, line 5: stop_name is empty"),
        ("stops", plus("stops", ",,Nord,39,-0.4"), "stops.txt, line 5: stop_id is empty"),
        ("stops", plus("stops", "S1,,Nord,39,-0.4"), "stops.txt, line 5: stop_id 'S1' stands twice"),
        ("stops", plus("stops", f"S4,,{'x' * 121},39,-0.4"), "stops.txt, line 5: stop_name has over 120"),
        ("routes", plus("routes", "Q,,,3"), "routes.txt, line 3: route_short_name and route_long_name"),
        ("routes", plus("routes", "R,4,,3"), "routes.txt, line 3: route_id 'R' stands twice"),
        ("trips", plus("trips", "R,LAB,T1,"), "trips.txt, line 3: trip_id 'T1' stands twice"),
        ("trips", plus("trips", "Q,LAB,T2,"), "trips.txt, line 3: route_id 'Q' is not in routes.txt"),
        ("trips", plus("trips", "R,DIU,T2,"), "trips.txt, line 3: service_id 'DIU' is in no calendar"),
        ("stop_times", plus("stop_times", "T9,,8:00:00,S1,1"), "line 5: trip_id 'T9' is not in trips.txt"),
        ("stop_times", plus("stop_times", "T1,,8:00:00,S9,4"), "line 5: stop_id 'S9' is no stop"),
        ("stop_times", plus("stop_times", "T1,,8h,S1,4"), "line 5: departure_time is '8h'"),
        ("stop_times", plus("stop_times", "T1,,8:60:00,S1,4"), "line 5: departure_time is '8:60:00'"),
        ("stop_times", plus("stop_times", "T1,,8:00:00,S1,-4"), "line 5: stop_sequence is '-4'"),
        ("stop_times", plus("stop_times", "T1,,8:00:00,S1,3"), "line 5: stop_sequence 3 stands twice"),
        ("stop_times", plus("stop_times", "T1,,6:00:00,S1,4"), "line 5: this time is before"),
        ("stop_times", plus("stop_times", "T1,,,S1,4"), "line 5: the first and the last call"),
        ("calendar", plus("calendar", "X,1,1,1,1,1,0,2,20260101,20261231"), "line 3: sunday is '2'"),
        ("calendar", plus("calendar", "X,1,1,1,1,1,0,0,20260230,20261231"), "start_date is '20260230'"),
        ("calendar", plus("calendar", "X,1,1,1,1,1,0,0,20270101,20261231"), "end_date is before start_date"),
        ("calendar", plus("calendar", "LAB,1,1,1,1,1,0,0,20260101,20261231"), "'LAB' stands twice"),
        ("calendar_dates", "service_id,date,exception_type\nLAB,20260101,3\n", "exception_type is '3'"),
        ("frequencies", "trip_id,start_time,end_time,headway_secs\nT1,6:00:00,7:00:00,0\n", "is 0"),
        ("frequencies", "trip_id,start_time,end_time,headway_secs\nT1,7:00:00,6:00:00,60\n", "is not after"),
        ("frequencies", "trip_id,start_time,end_time,headway_secs\nT9,6:00:00,7:00:00,60\n", "'T9' is not"),
        ("feed_info", "feed_publisher_name,feed_end_date\nX,soon\n", "feed_end_date is 'soon'"),
        ("feed_info", "feed_publisher_name,feed_end_date\nX,20200101\n", "feed_end_date is before"),
        ("agency", "agency_timezone\nMars/Olympus\n", "'Mars/Olympus' is unknown"),
        ("agency", "agency_timezone\n../etc\n", "'../etc' is unknown"),
        ("agency", "agency_timezone\nEurope/Madrid\nUTC\n", "one feed, one time zone"),
        ("agency", "agency_timezone\n", "no agency_timezone in it"),
    ],
)
def test_a_fault_names_its_file_and_line_and_what_to_do(tmp_path: Path, file: str, text: str, expected: str) -> None:
    told = problems(write(tmp_path, **{file: text}))
    assert any(expected in problem for problem in told), told


def test_a_platform_needs_its_station(tmp_path: Path) -> None:
    stops = GOOD["stops.txt"].replace("stop_lon", "stop_lon,parent_station").replace("-0.43\n", "-0.43,E\n")
    assert "stops.txt, line 3: parent_station 'E' is no station" in problems(write(tmp_path, stops=stops))[0]


def test_all_faults_are_told_at_once_up_to_a_bound(tmp_path: Path) -> None:
    few = plus("stops", "S4,,,39,-0.4", "S5,,Nord,x,-0.4")
    assert len(problems(write(tmp_path / "few", stops=few))) == 2
    many = plus("stops", *(f"X{n},,,39,-0.4" for n in range(1000)))
    assert len(problems(write(tmp_path / "many", stops=many))) == gtfs_tables.MAX_PROBLEMS + 1


def test_text_that_is_not_utf_8_is_named_with_its_line(tmp_path: Path) -> None:
    told = problems(write(tmp_path, stops=GOOD["stops.txt"].encode("latin-1")))
    assert told[0] == "stops.txt, line 3: the text is not UTF-8; save the file as UTF-8"


def test_a_feed_without_one_departure_is_refused(tmp_path: Path) -> None:
    times = "trip_id,departure_time,stop_id,stop_sequence\nT1,7:00:00,S1,1\n"
    assert "not one departure" in problems(write(tmp_path, stop_times=times))[0]


def test_a_tiny_headway_cannot_make_millions_of_departures(tmp_path: Path) -> None:
    rows = "T1,0:00:00,99:00:00,1\n" * 50
    told = problems(write(tmp_path, frequencies="trip_id,start_time,end_time,headway_secs\n" + rows))
    assert f"over {gtfs_trips.MAX_DEPARTURES:,} departures" in told[0]


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    source = tmp_path / "bomb.zip"
    with zipfile.ZipFile(source, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("stops.txt", b"0" * (gtfs_tables.MAX_BYTES + 1))
    assert source.stat().st_size < 100_000
    assert "over 50 MB" in problems(source)[0]


def test_a_zip_packed_in_an_unbounded_way_is_refused(tmp_path: Path) -> None:
    source = tmp_path / "feed.zip"
    with zipfile.ZipFile(source, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("stops.txt", GOOD["stops.txt"])
    assert "make a plain zip" in problems(source)[0]


@pytest.mark.parametrize("name", ["nothing.zip", "empty.zip", "text.zip"])
def test_what_is_no_feed_at_all_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty.zip").write_bytes(b"")
    (tmp_path / "text.zip").write_text("hello")
    assert "not a readable folder or zip" in problems(tmp_path / name)[0]


def is_read_or_refused(source: Path) -> bool:
    try:
        json.dumps(read_gtfs(source))
    except BadContent as refused:
        return bool(refused.problems)
    return True


@settings(max_examples=60)
@given(
    file=st.sampled_from([*GOOD, "calendar_dates.txt", "frequencies.txt", "feed_info.txt", "translations.txt"]),
    junk=st.binary(max_size=80) | st.text('",\n\r\x00é0:-T1S', max_size=80).map(str.encode),
    cut=st.integers(0, 200),
)
def test_garbage_is_read_or_refused_but_never_crashes(
    tmp_path_factory: pytest.TempPathFactory, file: str, junk: bytes, cut: int
) -> None:
    good = GOOD.get(file, "trip_id,start_time,end_time,headway_secs\n").encode()
    folder = write(tmp_path_factory.mktemp("garbage"), **{file.removesuffix(".txt"): good[:cut] + junk + good[cut:]})
    assert is_read_or_refused(folder)


@settings(max_examples=40)
@given(st.binary(max_size=40), st.integers(0, 2000))
def test_a_damaged_zip_is_read_or_refused_but_never_crashes(
    tmp_path_factory: pytest.TempPathFactory, junk: bytes, place: int
) -> None:
    source = tmp_path_factory.mktemp("zip") / "feed.zip"
    with zipfile.ZipFile(source, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in GOOD.items():
            archive.writestr(name, text)
    whole = source.read_bytes()
    source.write_bytes(whole[:place] + junk + whole[place + len(junk) :])
    assert is_read_or_refused(source)


# --- a feed as large as a town's may be -----------------------------------------------------------


def test_a_large_feed_stays_within_a_few_characters_a_departure(tmp_path: Path) -> None:
    stops = ["stop_id,stop_name,stop_lat,stop_lon", *(f"S{n},Parada {n},39.15,-0.43" for n in range(120))]
    trips = ["route_id,service_id,trip_id", *(f"R,LAB,T{n}" for n in range(600))]
    times = ["trip_id,departure_time,stop_id,stop_sequence"]
    for trip in range(600):
        for call in range(40):
            minute = 300 + 2 * trip + 2 * call
            times.append(f"T{trip},{minute // 60}:{minute % 60:02}:00,S{(trip * 7 + call) % 120},{call}")
    section = read_gtfs(write(tmp_path, stops="\n".join(stops), trips="\n".join(trips), stop_times="\n".join(times)))
    departures = [row for stop in section["departures"].values() for rows in stop.values() for row in rows]
    assert len(departures) == 600 * 39
    size = len(json.dumps(section["departures"], separators=(",", ":")))
    assert size < 16 * len(departures)
