"""The town's words: ``words/*.yaml`` flattened to dotted keys, both languages checked against each other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from string import Formatter
from typing import Any

from canal.content.yamlfile import load
from canal.dialogue.messages import LANGUAGES
from canal.errors import BadContent

# WhatsApp's limits in UTF-16 code units, by the last part of the key.
LIMITS = {"label": 24, "description": 72, "footer": 60, "list_button": 20}
MAX_TEXT = 1024

Words = dict[str, dict[str, str]]


def compile_words(folder: Path) -> Words:
    """The section ``words`` of the compiled content. Raises BadContent with one sentence for every fault."""
    words: Words = {}
    problems: list[str] = []
    for path in sorted(folder.glob("*.yaml")):
        for key, both in leaves(load(path)):
            if key in words:
                problems.append(f"{path.name}: «{key}» stands in another file too; keep one of them")
            problems += [f"{path.name}: «{key}» {fault}" for fault in faults(key, both)]
            words[key] = both
    if problems:
        raise BadContent(problems)
    return words


def leaves(node: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, dict[str, str]]]:
    """Every bilingual text below ``node`` with its dotted key."""
    for name, value in node.items():
        key = f"{prefix}{name}"
        if not isinstance(value, Mapping):
            continue  # the line numbers that the reader keeps
        texts = {str(code): value[code] for code in LANGUAGES if isinstance(value.get(code), str)}
        if texts:
            yield key, texts
        else:
            yield from leaves(value, f"{key}.")


def faults(key: str, both: Mapping[str, str]) -> Iterator[str]:
    """What is wrong with one text, as the end of a sentence."""
    for code in LANGUAGES:
        if not both.get(code, "").strip():
            yield f"lacks «{code}»; write it in both languages"
    if len({frozenset(fields(text)) for text in both.values()}) > 1:
        yield "names other {fields} in one language than in the other; make them the same"
    most = LIMITS.get(key.rpartition(".")[2], MAX_TEXT)
    for written, text in both.items():
        if (length := len(re.sub(r"\{.*?\}", "", text).encode("utf-16-le")) // 2) > most:
            yield f"has {length} characters in «{written}»; WhatsApp shows {most}"


def fields(text: str) -> list[str]:
    """The names in braces."""
    try:
        return [name for _, name, _, _ in Formatter().parse(text) if name is not None]
    except ValueError:
        return ["{"]
