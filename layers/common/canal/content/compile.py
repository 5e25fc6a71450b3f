"""A town's content folder, checked and compiled into the one JSON that the functions read.

    python -m canal.content.compile content/alzira build/content/alzira.json

Every fault of every file is told in one go, with file, line and mend; nothing is written while there is one.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from canal.content.command_words import compile_commands
from canal.content.danger_words import compile_danger
from canal.content.facts import compile_appointments, compile_phones, compile_taxes
from canal.content.facts import compile_town as compile_facts
from canal.content.gazetteer import compile_gazetteer, zones_of
from canal.content.importers.gtfs import read_gtfs
from canal.content.importers.icalendar_agenda import compile_agenda
from canal.content.importers.offers import compile_offers
from canal.content.importers.rota import compile_pharmacies
from canal.content.incidents import compile_incidents
from canal.content.intent_town import words_of_town
from canal.content.intents import compile_intents
from canal.content.notices import compile_notices, templates_in
from canal.content.procedures import compile_procedures
from canal.content.waste import compile_waste
from canal.content.words import compile_words
from canal.content.yamlfile import load
from canal.errors import BadContent

COMMON = "common"  # what all towns share: the vocabulary of danger, commands and intents


def compile_town(folder: Path, today: date | None = None, cache: Path | None = None) -> dict[str, Any]:
    """The compiled content of the town in ``folder``, its agenda reaching from ``today``.

    ``cache``: a folder where what takes long is kept. Raises BadContent with the faults of all files.
    """
    common = folder.parent / COMMON
    day = today or date.today()
    facts = compile_facts(folder / "town.yaml")
    zone = ZoneInfo(facts["timezone"])
    parts: dict[str, Callable[[], Any]] = {
        "words": lambda: compile_words(folder / "words"),
        "phones": lambda: compile_phones(folder / "phones.yaml"),
        "waste": lambda: compile_waste(folder / "waste.yaml"),
        "appointments": lambda: compile_appointments(folder / "appointments.yaml"),
        "taxes": lambda: compile_taxes(folder / "taxes.yaml"),
        "procedures": lambda: compile_procedures(folder / "procedures"),
        "bus": lambda: read_gtfs(folder / "bus" / "gtfs"),
        "pharmacies": lambda: compile_pharmacies(folder / "pharmacies", zone),
        "agenda": lambda: compile_agenda(folder / "agenda", day, zone),
        "offers": lambda: compile_offers(folder / "jobs", zone, day),
        "incidents": lambda: compile_incidents(folder / "incidents.yaml"),
        "notices": lambda: compile_notices(
            folder / "notices.yaml", templates_in(common / "templates"), zones_of(folder / "incidents.yaml")
        ),
        "gazetteer": lambda: compile_gazetteer(folder / "gazetteer.csv", zones_of(folder / "incidents.yaml")),
        "danger": lambda: compile_danger(load(common / "danger.yaml")),
        "commands": lambda: compile_commands(load(common / "commands.yaml")),
        "understanding": lambda: kept(cache, common / "intents", folder),
    }
    return {"town": facts, **every(parts)}


def every(parts: dict[str, Callable[[], Any]]) -> dict[str, Any]:
    """Each part made; the faults of all of them raised together."""
    made: dict[str, Any] = {}
    problems: list[str] = []
    for name, make in parts.items():
        try:
            made[name] = make()
        except BadContent as fault:
            problems += fault.problems
    if problems:
        raise BadContent(problems)
    return made


def kept(cache: Path | None, phrases: Path, town: Path) -> Any:
    """What ``compile_intents`` makes of both folders, from the cache while neither they nor the code have changed.

    Learning to tell what people mean takes some fifteen seconds; everything else is quick.
    """
    if cache is None:
        return compile_intents(phrases, town)
    code = Path(__file__).resolve().parent.parent
    sources = [*phrases.glob("*"), *code.glob("content/intent*.py"), *code.glob("dialogue/understanding/*.py")]
    sources += [path for path in words_of_town(town) if path.exists()]
    file = cache / f"{phrases.name}-{digest(sources)}.json"
    if not file.exists():
        made = compile_intents(phrases, town)
        cache.mkdir(parents=True, exist_ok=True)
        fresh = file.with_suffix(f".{os.getpid()}")
        fresh.write_text(json.dumps(made), "utf-8")
        fresh.replace(file)
    return json.loads(file.read_text("utf-8"))


def digest(files: Iterable[Path]) -> str:
    """A name for the state of ``files``."""
    found = hashlib.blake2b(digest_size=8)
    for file in sorted(files):
        found.update(file.name.encode() + b"\0" + file.read_bytes())
    return found.hexdigest()


def laid_out(compiled: Mapping[str, Any]) -> str:
    """One JSON object, one section a line: a reader who needs one section need not read the others."""
    lines = (
        f"{json.dumps(name)}:{json.dumps(section, ensure_ascii=False, separators=(',', ':'))}"
        for name, section in compiled.items()
    )
    return "{\n" + ",\n".join(lines) + "\n}\n"


def main(arguments: list[str]) -> int:
    source, target = map(Path, arguments)
    try:
        compiled = compile_town(source, cache=target.parent / "cache")
    except BadContent as fault:
        print(f"{source} cannot be compiled:", *fault.problems, sep="\n  ", file=sys.stderr)
        return 1
    text = laid_out(compiled)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, "utf-8")
    print(f"  {source} compiled to {target} ({len(text.encode()) // 1024} KiB)")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
