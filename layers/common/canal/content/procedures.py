"""The procedures: a folder with one YAML file per family, and ``laws.yaml``, become one compiled section.

Every fault of every file is named with its file, line and mend; nothing half-right goes out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any

from canal.content.yamlfile import ORIGIN, Section, checked, load
from canal.dialogue.messages import LANGUAGES
from canal.errors import BadContent
from canal.subjects.procedure_search import NOTHING, Phrase, build

LAWS, WORDS = "laws.yaml", "words.yaml"
LONGEST = {
    "name": 120,
    "label": 24,  # a row of a WhatsApp list
    "summary": 300,
    "needed": 140,
    "deadline": 300,
    "effect": 200,
    "who_decides": 240,
    "fee": 200,
    "office_hours": 200,
}
MOST_NEEDED, MOST_SEE = 9, 3
PHRASES = range(4, 61)  # how many ways of asking, in each language


def compile_procedures(folder: Path) -> dict[str, Any]:
    """{"families": […], "records": […], "index": {…}} from the folder; BadContent names every fault."""
    files = sorted(path for path in folder.glob("*.yaml") if path.name not in (LAWS, WORDS))
    if not files:
        raise BadContent([f"{folder.name}: no family of procedures there; add one YAML file for each"])
    problems: list[str] = []
    laws = _collect(problems, _laws, folder / LAWS) or {}
    outside, ignored = _collect(problems, _words, folder / WORDS) or ([], [])
    known = _ids(files, problems)
    seen: set[str] = set()
    compiled = [_collect(problems, _family, path, laws, known, seen) for path in files]
    if problems:
        raise BadContent(list(dict.fromkeys(problems)))
    families = sorted((each for each in compiled if each), key=lambda each: each["position"])
    records = list(chain.from_iterable(each["records"] for each in families))
    return {
        "families": [{key: each[key] for key in ("id", "name", "label")} for each in families],
        "records": [{key: value for key, value in each.items() if key != "asked_as"} for each in records],
        "index": build([*_phrases(records), *outside], _mentions(records), ignored),
    }


def _collect(problems: list[str], reader: Any, *arguments: Any) -> Any:
    """What the reader gives; its faults go to ``problems`` and reading goes on with the next file."""
    try:
        return reader(*arguments)
    except BadContent as fault:
        problems.extend(fault.problems)
        return None


def _ids(files: list[Path], problems: list[str]) -> set[str]:
    """Every id of every file, so that a record may point to one that comes later."""
    tops = [top for path in files if (top := _collect(problems, load, path))]
    lists = [top["procedures"] for top in tops if isinstance(top.get("procedures"), list)]
    return {str(each.get("id")) for each in chain.from_iterable(lists) if isinstance(each, dict)}


def _laws(path: Path) -> dict[str, dict[str, Any]]:
    """The laws by key: name in both languages and, where there is a stable one, the address."""
    laws: dict[str, dict[str, Any]] = {}
    with checked(path) as top:
        seen: set[str] = set()
        for section in top.records("laws"):
            key, name = section.identifier(seen), section.both("name")
            laws[key] = _filled({"name": name, "url": section.url("url", required=False)})
    return laws


def _words(path: Path) -> tuple[list[Phrase], list[str]]:
    """What people type that is no procedure, and the words that tell no procedure from another."""
    with checked(path) as top:
        outside, ignored = _lists(top.section("outside")), _lists(top.section("ignored"))
    said = [Phrase(NOTHING, language, text) for language, texts in outside.items() for text in texts]
    return said, [word for texts in ignored.values() for word in texts]


def _lists(section: Section) -> dict[str, list[str]]:
    """A list of phrases in each language."""
    return {language: section.texts(language, required=True) for language in LANGUAGES}


def _family(path: Path, laws: Mapping[str, Mapping[str, Any]], known: set[str], seen: set[str]) -> dict[str, Any]:
    """One file: the family and its records."""
    with checked(path) as top:
        family: dict[str, Any] = {
            "id": top.text("family"),
            "position": top.number("position") or 0,
            "name": _short(top, "name"),
            "label": _short(top, "label"),
        }
        origin = top.origin()
        _dates(top)
        family["records"] = [
            {"family": family["id"], **origin, **_record(section, laws, known, seen)}
            for section in top.records("procedures")
        ]
    return family


def _record(section: Section, laws: Mapping[str, Mapping[str, Any]], known: set[str], seen: set[str]) -> dict[str, Any]:
    """One procedure; only what is known of it."""
    record: dict[str, Any] = {"id": section.identifier(seen), "asked_as": _asked_as(section)}
    for key in ("name", "label", "summary"):
        record[key] = _short(section, key)
    for key in ("deadline", "effect", "who_decides", "fee", "office_hours"):
        record[key] = _short(section, key, required=False)
    for key in ("form", "url"):
        record[key] = section.url(key, required=False)
    record["needed"] = _needed(section)
    record["law"] = list(_cited(section, laws))
    record["see"] = _see(section, record["id"], known)
    if (record["deadline"] or record["effect"]) and not record["law"]:
        section.wrong("a «deadline» or «effect» needs the «law» that fixes it")
    own_origin = {key: section.text(key, required=False) for key in ORIGIN[:3]}
    _dates(section)
    return _filled(record) | {"needed": record["needed"]} | _filled(own_origin)


def _short(section: Section, key: str, *, required: bool = True) -> dict[str, str]:
    """A text in both languages, none longer than a screen can show."""
    both = section.both(key, required=required)
    for language, text in both.items():
        _measure(section, f"{key}.{language}", text, LONGEST[key])
    return both


def _measure(section: Section, where: str, text: str, longest: int) -> None:
    if len(text) > longest:
        section.wrong(f"«{where}» has {len(text)} characters; say it in {longest}")


def _needed(section: Section) -> list[dict[str, str]]:
    """What to bring, in both languages; an empty list says that nothing is needed."""
    needed: list[dict[str, str]] = []
    for each in section.records("needed"):
        both: dict[str, str] = {language: each.text(language) for language in LANGUAGES}
        for language, text in both.items():
            _measure(each, f"needed.{language}", text, LONGEST["needed"])
        needed.append(both)
    if len(needed) > MOST_NEEDED:
        section.wrong(f"«needed» lists {len(needed)} things; put them together in at most {MOST_NEEDED}")
    return needed


def _cited(section: Section, laws: Mapping[str, Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """The laws a record cites by key, with the article after the name."""
    for each in section.records("law", required=False):
        key, place = each.text("ref"), _place(each)
        if law := laws.get(key):
            named = {language: f"{text}{place.get(language, '')}" for language, text in law["name"].items()}
            yield {**law, "name": named}
        elif key and laws:
            each.wrong(f"law «{key}» is not in {LAWS}; add it there or mend the key")


def _place(section: Section) -> dict[str, str]:
    """Where in the law: ``at: art. 21``, or ``at: {ca: annex II, es: anexo II}`` where languages differ."""
    at = section.take("at", (str, dict), "«art. 21» or {ca: …, es: …}", required=False)
    both = section.both("at") if isinstance(at, dict) else dict.fromkeys(LANGUAGES, at) if at else {}
    return {language: f" ({text})" for language, text in both.items()}


def _see(section: Section, identifier: str, known: set[str]) -> list[str]:
    """Records that often go with this one."""
    see = section.texts("see")
    for each in see:
        if each not in known or each == identifier:
            section.wrong(f"«see» names «{each}», which is not another procedure; mend the id or take it out")
    if len(see) > MOST_SEE:
        section.wrong(f"«see» names {len(see)} procedures; keep the {MOST_SEE} that help most")
    return see


def _asked_as(section: Section) -> dict[str, list[str]]:
    """How people ask for it, in each language."""
    inner = section.section("asked_as")
    asked = _lists(inner)
    for language, phrases in asked.items():
        if phrases and len(phrases) not in PHRASES:
            inner.wrong(f"«asked_as.{language}» has {len(phrases)} phrases; write {PHRASES[0]} to {PHRASES[-1]}")
        for phrase in sorted({each for each in phrases if phrases.count(each) > 1}):
            inner.wrong(f"«asked_as.{language}» has «{phrase}» twice; take one out")
    return asked


def _dates(section: Section) -> None:
    """Whoever checks a procedure writes the day: both dates are ISO dates."""
    for key in ("source_date", "verified_at"):
        section.day(key, required=False)


def _filled(record: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in record.items() if value}


def _phrases(records: list[dict[str, Any]]) -> Iterator[Phrase]:
    """Every way of asking: the official name, the label and what people say, in both languages."""
    for number, record in enumerate(records):
        for language in LANGUAGES:
            for text in (record["name"][language], record["label"][language], *record["asked_as"][language]):
                yield Phrase(number, language, text)


def _mentions(records: list[dict[str, Any]]) -> Iterator[Phrase]:
    """What is told of each procedure: it confirms a find, it makes none."""
    for number, record in enumerate(records):
        for language in LANGUAGES:
            yield Phrase(number, language, record["summary"][language])
