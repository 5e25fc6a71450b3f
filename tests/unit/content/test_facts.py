"""The town's YAML: what is wrong is told with its line, and Alzira's own files say only what is known."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from canal.content.facts import compile_appointments, compile_phones, compile_taxes, compile_town
from canal.content.importers.icalendar_agenda import compile_agenda
from canal.content.waste import compile_waste
from canal.content.yamlfile import MAX_BYTES
from canal.errors import BadContent
from canal.subjects.agenda import Agenda
from canal.subjects.phones import Phones
from canal.subjects.taxes import Taxes
from canal.subjects.waste import Waste

MADRID = ZoneInfo("Europe/Madrid")
ALZIRA = Path(__file__).parents[3] / "content" / "alzira"
Compile = Callable[[Path], dict[str, Any]]
FILES: list[tuple[str, Compile]] = [
    ("town.yaml", compile_town),
    ("phones.yaml", compile_phones),
    ("waste.yaml", compile_waste),
    ("appointments.yaml", compile_appointments),
    ("taxes.yaml", compile_taxes),
]


def problems(folder: Path, name: str, change: Callable[[str], str] = str) -> list[str]:
    """The faults of one of Alzira's files after a change."""
    before = (ALZIRA / name).read_text("utf-8")
    after = change(before)
    assert after != before
    (folder / name).write_text(after, "utf-8")
    with pytest.raises(BadContent) as caught:
        dict(FILES)[name](folder / name)
    return caught.value.problems


@pytest.mark.parametrize(("name", "compiled"), FILES)
def test_alziras_files_compile_and_every_text_is_in_both_languages(name: str, compiled: Compile) -> None:
    for text in bilingual(compiled(ALZIRA / name)):
        assert set(text) == {"ca", "es"}
        assert all(text.values())


def bilingual(node: Any) -> Iterator[dict[str, str]]:
    if isinstance(node, dict):
        if "ca" in node or "es" in node:
            yield node
        else:
            for value in node.values():
                yield from bilingual(value)
    elif isinstance(node, list):
        for value in node:
            yield from bilingual(value)


@pytest.mark.parametrize(
    ("name", "old", "new", "sentence"),
    [
        ("phones.yaml", 'dial: "112"', "dial: 112", "between quotes"),
        ("phones.yaml", 'dial: "+34962455233"', 'dial: "+34962455234"', "are not the same number"),
        ("phones.yaml", 'dial: "+34962455233"', 'dial: "96 245 52 33"', "must be as +34962455233"),
        ("phones.yaml", "subject: police", "subject: pollice", "subject «pollice» is not one of"),
        ("phones.yaml", "id: policia_local", "id: Policia Local", "must be 1 to 40 of"),
        ("phones.yaml", "id: policia_local", "id: e112", "used twice"),
        ("phones.yaml", "    source: infoniu.es\n", "", "«source» is missing"),
        ("phones.yaml", "    subject: emergency\n", "    subject: police\n", "112 must be there"),
        ("phones.yaml", 'whatsapp: "+34600000016"', 'whatsapp: "600 000 016"', "must be as +34600000000"),
        ("waste.yaml", "to: [pickup, ecoparc]", "to: [moon]", "no destination «moon»"),
        ("waste.yaml", '"9:00-14:00", "16:00-19:00"', '"9-14"', "no opening time"),
        ("waste.yaml", "mon-fri:", "dilluns:", "names no weekdays"),
        ("waste.yaml", "es: sofá o sillón", "en: sofa", "lacks text for «es»"),
        ("waste.yaml", "{id: sofa,", "{id: sofa, colour: red,", "«colour» is not a known key"),
        ("taxes.yaml", 'closes: "2025-05-14"', 'closes: "2025-02-14"', "before it opens"),
        ("taxes.yaml", 'opens: "2025-03-10"', 'opens: "10/03/2025"', "must be a date written as 2026-11-23"),
        ("taxes.yaml", "year: 2025", "year: 2026", "not in the year 2026"),
        ("taxes.yaml", "percent: 100", "percent: 0", "from 1 to 100"),
        ("taxes.yaml", "taxes: [ibi_urbana]", "taxes: [ibi]", "no tax «ibi» above"),
        ("appointments.yaml", "url: https:", "url: javascript:", "must be a web address"),
        ("appointments.yaml", "booking:", "boking:", "«booking» is missing"),
        ("appointments.yaml", "unknown:\n  - ca:", "unknown:\n  - text\n  - ca:", "must list records"),
        ("town.yaml", "Europe/Madrid", "Europe/Alzira", "no time zone «Europe/Alzira»"),
        ("town.yaml", "latitude: 39.15", "latitude: 3915", "degrees in Spain"),
        ("town.yaml", "languages: [ca, es]", "languages: [ca]", "must name ca and es"),
        ("town.yaml", 'postcode: "46600"', "postcode: 46600", "between quotes"),
        ("town.yaml", "name: Alzira\n", "name: Alzira\nname: Alcira\n", "stands twice"),
        ("town.yaml", "name: Alzira\n", "name: [Alzira\n", "mend the YAML"),
        ("town.yaml", "session_hours: 24", "session_hours: true", "must be a number"),
    ],
)
def test_a_fault_is_told_with_file_line_and_mend(tmp_path: Path, name: str, old: str, new: str, sentence: str) -> None:
    found = problems(tmp_path, name, lambda text: text.replace(old, new, 1))
    assert any(sentence in fault and fault.startswith(f"{name}, line ") for fault in found)


def test_the_line_is_the_one_of_the_record(tmp_path: Path) -> None:
    text = (ALZIRA / "taxes.yaml").read_text("utf-8")
    line = text[: text.index("id: vehicles_2025")].count("\n") + 1
    (fault,) = problems(tmp_path, "taxes.yaml", lambda text: text.replace("[ivtm, guals]", "[ivtm, gual]"))
    assert fault.startswith(f"taxes.yaml, line {line}:")


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (b"", "expected keys and values"),
        (b"- a\n- b\n", "expected keys and values"),
        (b"name: caf\xe9", "save the file again as UTF-8"),
        (b"a: &a [*a]", "YAML"),
        (b"a: !!python/object/apply:os.system [ls]", "YAML"),
        (b"\x00\x01", "YAML"),
        (b"[" * 5000, "YAML"),
        (b"#" * (MAX_BYTES + 1), "bytes"),
    ],
)
def test_what_is_no_yaml_of_ours_is_refused(tmp_path: Path, raw: bytes, sentence: str) -> None:
    path = tmp_path / "town.yaml"
    path.write_bytes(raw)
    with pytest.raises(BadContent, match=sentence):
        compile_town(path)


def test_an_absent_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadContent, match=r"town\.yaml: cannot be opened"):
        compile_town(tmp_path / "town.yaml")


@pytest.fixture(scope="module")
def waste() -> Waste:
    return Waste.from_content(compile_waste(ALZIRA / "waste.yaml"))


WHERE = [
    ("on puc tirar un sofà?", "sofa"),
    ("vull desfer-me d'un armari vell", "wardrobe"),
    ("matalasos", "mattress"),
    ("¿dónde tiro los colchones?", "mattress"),
    ("lavadora rota", "washing_machine"),
    ("labadora", "washing_machine"),
    ("nebera", "fridge"),
    ("tele vella", "television"),
    ("oli", "cooking_oil"),
    ("aceite usado de freír", "cooking_oil"),
    ("garrafa d'oli de motor", "motor_oil"),
    ("pinturra", "paint"),
    ("bote de pintura", "paint"),
    ("pilas", "batteries"),
    ("bateria del coche", "car_battery"),
    ("ropa vieja", "clothing"),
    ("sabates velles", "shoes"),
    ("vidre", "glass_bottle"),
    ("vaso roto", "drinking_glass"),
    ("espejo", "mirror"),
    ("medicaments caducats", "medicine"),
    ("pastillas caducadas", "medicine"),
    ("radiografies", "xray"),
    ("agujas", "needle"),
    ("se ha muerto mi perro", "dead_pet"),
    ("gat mort al carrer", "dead_animal"),
    ("caja de pizza", "pizza_box"),
    ("cajas de cartón", "cardboard"),
    ("llandes de refresc", "can"),
    ("tetrabrik", "carton"),
    ("botellas de plastico", "plastic_bottle"),
    ("bombetes", "bulb"),
    ("fluorescents", "tube"),
    ("uralita", "asbestos"),
    ("ruedas del coche", "tyre"),
    ("runa de l'obra", "rubble"),
    ("escombros", "rubble"),
    ("restes de poda", "pruning"),
    ("toallitas", "nappy"),
    ("cadires", "chair"),
    ("sartenes", "pan"),
    ("cuchillas de afeitar", "razor"),
    ("patinete eléctrico", "e_scooter"),
    ("mòbil vell", "mobile_phone"),
    ("tinta de la impresora", "toner"),
]


@pytest.mark.parametrize(("typed", "item"), WHERE)
def test_people_find_where_a_thing_goes(waste: Waste, typed: str, item: str) -> None:
    assert waste.find_item(typed)[0].id == item


@pytest.mark.parametrize("typed", ["hola bon dia", "on puc tirar la brossa?", "vull pagar l'ibi", "gràcies", "?"])
def test_what_names_no_thing_finds_none(waste: Waste, typed: str) -> None:
    assert waste.find_item(typed) == ()


def test_two_things_in_one_message_are_both_found(waste: Waste) -> None:
    assert {item.id for item in waste.find_item("un televisor trencat i dos cadires")} == {"television", "chair"}


def test_there_are_things_enough_and_each_is_found_by_every_one_of_its_words(waste: Waste) -> None:
    assert len(waste.items) >= 90
    missed = [
        (item.id, word)
        for item in waste.items
        for word in (*item.words, *item.name.values())
        if item not in waste.find_item(word, limit=5)
    ]
    assert missed == []


@pytest.mark.parametrize(
    ("typed", "known", "unknown"),
    [
        ("policia", ["policia_local", "policia_nacional"], []),
        ("polisia local", ["policia_local"], []),
        ("bombers", ["e112"], []),
        ("me pega mi marido", ["v016"], []),
        ("quiero el teléfono de la guardia civil", ["guardia_civil"], []),
        ("trastos", ["arrepleguem"], []),
        ("hospital", [], ["hospital"]),
        ("telefono del ayuntamiento", [], ["ajuntament"]),
        ("ambulatorio", [], ["centre_salut"]),
        ("museu i taxi", ["muma"], ["taxi"]),
    ],
)
def test_people_find_a_phone_or_hear_that_it_is_not_known(typed: str, known: list[str], unknown: list[str]) -> None:
    found = Phones.from_content(compile_phones(ALZIRA / "phones.yaml")).find(typed)
    assert [each.id for each in found.known] == known
    assert [each.id for each in found.unknown] == unknown


def test_today_alziras_tax_calendar_is_only_last_years() -> None:
    taxes = Taxes.from_content(compile_taxes(ALZIRA / "taxes.yaml"))
    status = taxes.status(datetime(2026, 11, 23, 12, tzinfo=MADRID))
    assert not any((status.open, status.coming, status.charges, status.calendar_loaded))
    assert {period.year for period in status.past} == {2025}


def test_alziras_holidays_fall_where_the_sources_say() -> None:
    town = compile_town(ALZIRA / "town.yaml")
    days = {each["date"] for each in town["holidays"]}
    assert {"2026-10-09", "2026-12-08", "2027-03-26"} <= days
    assert len([day for day in days if day.startswith("2026")]) == 12
    assert town["holidays_incomplete"] == [2026, 2027]


@pytest.fixture(scope="module")
def agenda() -> Agenda:
    return Agenda.from_content(compile_agenda(ALZIRA / "agenda", date(2026, 11, 23), MADRID))


def test_every_day_of_the_window_has_something_on(agenda: Agenda) -> None:
    day = datetime(2026, 11, 16, 8, tzinfo=MADRID)
    while agenda.knows(day.date()):
        assert agenda.today(day) or (day.month, day.day) in {(12, 24), (12, 25), (12, 28)}
        day = datetime.fromordinal(day.toordinal() + 1).replace(hour=8, tzinfo=MADRID)


def test_the_demonstration_shows_a_cancelled_and_a_moved_event(agenda: Agenda) -> None:
    events = agenda.next_days(datetime(2026, 11, 23, 8, tzinfo=MADRID), 14)
    assert any(event.cancelled for event in events)
    assert any(event.moved_from for event in events)


def test_only_the_feasts_of_the_calendar_are_no_demonstration(agenda: Agenda) -> None:
    feasts = {event.title["ca"]: event for event in agenda.events if not event.origin.demo}
    assert {title: event.starts.date() for title, event in feasts.items()} == {
        "Falles": date(2027, 3, 16),
        "Ofrena a la Mare de Déu del Lluch": date(2027, 5, 16),
        "Sant Bernat, dia gran": date(2027, 7, 23),
        "Mare de Déu del Lluch": date(2027, 9, 26),
    }
    assert feasts["Falles"].last_day == date(2027, 3, 19)
    assert all(event.origin.source for event in feasts.values())
