"""YAML as towns write it, read with its line numbers, so that a mistake is named where it stands.

``read`` gives the file's top Section; each reader of a key notes what is wrong and goes on, so that one run
names every fault; leaving ``checked`` raises them together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from canal.dialogue.messages import LANGUAGES
from canal.errors import BadContent

MAX_BYTES = 2_000_000
ORIGIN = ("source", "source_date", "verified_at", "demo")
_LINE = "\0line"  # no YAML key can hold it


class _Loader(yaml.SafeLoader):
    """Plain values only: dates stay text, and "no" is a word, not False; only true and false are flags."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, form) for tag, form in forms if tag.rsplit(":", 1)[1] in ("null", "int", "float")]
    for first, forms in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), list("tf"))


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[str, Any]:
    """A mapping that remembers its line; a key that is written twice is a fault, not the last one wins."""
    built: dict[str, Any] = {_LINE: node.start_mark.line + 1}
    for key_node, value_node in node.value:
        key = str(loader.construct_object(key_node, deep=True))
        if key in built:
            raise yaml.MarkedYAMLError(problem=f"«{key}» stands twice", problem_mark=key_node.start_mark)
        built[key] = loader.construct_object(value_node, deep=True)
    return built


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)


@contextmanager
def checked(path: Path) -> Iterator[Section]:
    """The file's top section; at the end every fault that was noted is raised as one BadContent."""
    problems: list[str] = []
    top = Section(path.name, load(path), problems)
    yield top
    top.finish()
    if problems:
        raise BadContent(problems)


def load(path: Path) -> dict[str, Any]:
    """The file's top mapping, lines remembered; BadContent where it is no YAML, no mapping or too big."""
    text = _text(path)
    try:
        data = yaml.load(text, _Loader)  # noqa: S506 - a SafeLoader with fewer kinds of values
    except yaml.MarkedYAMLError as fault:
        line = fault.problem_mark.line + 1 if fault.problem_mark else 1
        raise BadContent([f"{path.name}, line {line}: {fault.problem}; mend the YAML there"]) from fault
    except (yaml.YAMLError, ValueError, RecursionError) as fault:
        raise BadContent([f"{path.name}: cannot be read as YAML ({fault})"]) from fault
    if not isinstance(data, dict):
        raise BadContent([f"{path.name}, line 1: expected keys and values, as in «name: Alzira»"])
    return data


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise BadContent([f"{path.name}: over {MAX_BYTES:,} bytes; split it or take out what is not needed"])
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise BadContent([f"{path.name}: not UTF-8; save the file again as UTF-8"]) from fault
    except OSError as fault:
        raise BadContent([f"{path.name}: cannot be opened; is it there and readable?"]) from fault


class Section:
    """One mapping of the file. Each reader takes one key; ``finish`` reports keys that nobody took."""

    def __init__(self, file: str, data: Mapping[str, Any], problems: list[str]) -> None:
        self._file = file
        self._data = {key: value for key, value in data.items() if key != _LINE}
        self._line = data.get(_LINE, 1)
        self._problems = problems
        self._taken: set[str] = set()
        self._inner: list[Section] = []

    def __contains__(self, key: str) -> bool:
        return key in self._data

    def keys(self) -> tuple[str, ...]:
        """The keys in the file's order."""
        return tuple(self._data)

    def wrong(self, sentence: str) -> None:
        """Notes a fault of this section."""
        self._problems.append(f"{self._file}, line {self._line}: {sentence}")

    def take(self, key: str, kind: type | tuple[type, ...], what: str, *, required: bool = True) -> Any:
        """The value of ``key`` if it is of that kind, else None and, where it is needed or wrong, a fault."""
        self._taken.add(key)
        value = self._data.get(key)
        if value is None:
            if required:
                self.wrong(f"«{key}» is missing; write {what}")
            return None
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            self.wrong(f"«{key}» must be {what}")
            return None
        return value

    def text(self, key: str, *, required: bool = True) -> str:
        """Words; a number must be quoted, since 016 without quotes is not 016."""
        value = self.take(key, str, "text (a number between quotes)", required=required)
        return value.strip() if value else ""

    def number(self, key: str, *, required: bool = True) -> float | None:
        value: float | None = self.take(key, (int, float), "a number", required=required)
        return value

    def flag(self, key: str) -> bool:
        return bool(self.take(key, bool, "true or false", required=False))

    def identifier(self, seen: set[str]) -> str:
        """The record's ``id``, new in its list: part of a screen's address, so lower case without spaces."""
        value = self.text("id")
        if value and not re.fullmatch(r"[a-z0-9_]{1,40}", value):
            self.wrong(f"id «{value}» must be 1 to 40 of a-z, 0-9 and _")
        if value in seen:
            self.wrong(f"id «{value}» is used twice; ids must differ")
        seen.add(value)
        return value

    def url(self, key: str, *, required: bool = True) -> str:
        value = self.text(key, required=required)
        if value and not re.match(r"https?://[^\s/]+\S*$", value):
            self.wrong(f"«{key}» must be a web address that starts with https://")
        return value

    def day(self, key: str, *, required: bool = True) -> str:
        """A date as ``2026-11-23``."""
        value = self.text(key, required=required)
        try:
            return date.fromisoformat(value).isoformat() if value else ""
        except ValueError:
            self.wrong(f"«{key}» must be a date written as 2026-11-23, not «{value}»")
            return ""

    def both(self, key: str, *, required: bool = True) -> dict[str, str]:
        """A text in every language: ``{ca: …, es: …}``."""
        value = self.take(key, dict, "{ca: …, es: …}", required=required)
        return self._languages(key, value, str, "text") if value is not None else {}

    def whole(self) -> dict[str, str]:
        """This very section as a text in every language, for lists of ``{ca: …, es: …}``."""
        self._taken.update(LANGUAGES)
        return {language: self.text(language) for language in LANGUAGES}

    def words(self, key: str, *, required: bool = True) -> list[str]:
        """What people type for it, ``{ca: [...], es: [...]}``, put together: people mix languages."""
        value = self.take(key, dict, "{ca: [word, …], es: [word, …]}", required=required)
        lists = self._languages(key, value, list, "a list of words") if value is not None else {}
        together = [word for words in lists.values() for word in words]
        if not all(isinstance(word, str) for word in together):
            self.wrong(f"«{key}» must hold words; put numbers between quotes")
            return []
        return list(dict.fromkeys(together))

    def _languages(self, key: str, value: Mapping[str, Any], kind: type, what: str) -> dict[str, Any]:
        found: dict[str, Any] = {
            language: value[language] for language in LANGUAGES if isinstance(value.get(language), kind)
        }
        for language in LANGUAGES:
            if not found.get(language):
                self.wrong(f"«{key}» lacks {what} for «{language}»")
        if extra := set(value) - set(LANGUAGES) - {_LINE}:
            self.wrong(f"«{key}» has unknown languages: {', '.join(sorted(extra))}")
        return found

    def texts(self, key: str, *, required: bool = False) -> list[str]:
        """A plain list of words or ids."""
        value = self.take(key, list, "a list: [one, two]", required=required) or []
        if not all(isinstance(item, str) for item in value):
            self.wrong(f"«{key}» must be a list of words; put numbers between quotes")
            return []
        return list(value)

    def section(self, key: str) -> Section:
        """The mapping under ``key``, empty (with a fault) where it is missing."""
        value = self.take(key, dict, "keys and values below it")
        return self._child(value if value is not None else {_LINE: self._line}, quiet=value is None)

    def records(self, key: str, *, required: bool = True) -> Iterator[Section]:
        """The mappings listed under ``key``."""
        value = self.take(key, list, "a list, one «- » for each", required=required) or []
        for item in value:
            if isinstance(item, dict):
                yield self._child(item)
            else:
                self.wrong(f"«{key}» must list records of keys and values, not «{item}»")

    def origin(self) -> dict[str, Any]:
        """Where the fact comes from: source, source_date, verified_at, demo; only what is known."""
        texts = {key: self.text(key, required=False) for key in ORIGIN[:3]}
        if not texts["source"] and not self.flag("demo"):
            self.wrong("«source» is missing; say where the fact comes from, or «demo: true»")
        marks: dict[str, Any] = {key: value for key, value in texts.items() if value}
        return marks | ({"demo": True} if self.flag("demo") else {})

    def finish(self) -> None:
        """Reports keys that nobody asked for: most are typing slips."""
        for key in self._data:
            if key not in self._taken:
                self.wrong(f"«{key}» is not a known key here; check its spelling or take it out")
        for child in self._inner:
            child.finish()

    def _child(self, data: Mapping[str, Any], *, quiet: bool = False) -> Section:
        child = Section(self._file, data, [] if quiet else self._problems)
        self._inner.append(child)
        return child
