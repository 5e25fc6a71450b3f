"""Alzira's content, compiled once for all tests of a run and kept between runs while nothing changes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from canal.content.compile import compile_town, laid_out
from canal.dialogue.town import Town, sections

ROOT = Path(__file__).resolve().parent.parent
TODAY = date(2026, 11, 23)  # a Monday; the tests' agenda starts here


@cache
def alzira() -> Town:
    """The town as the functions would read it."""
    return Town(compiled(), "test")


def alzira_with(**other: Any) -> Town:
    """Alzira with other sections: ``alzira_with(offers={**section("offers"), "offers": []})``."""
    return Town({**compiled(), **other}, "changed")


def section(name: str) -> Any:
    """A fresh copy of a compiled section, to be changed at will."""
    return json.loads(compiled()[name])


@cache
def compiled() -> Mapping[str, Any]:
    """The sections as they are deployed, still to be read."""
    return sections(compiled_file().read_bytes())


def compiled_file() -> Path:
    """The file that is deployed."""
    kept = ROOT / "build" / "tests" / f"alzira-{fingerprint()}.json"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        fresh = kept.with_suffix(f".{id(kept)}")
        fresh.write_text(laid_out(compile_town(ROOT / "content" / "alzira", TODAY, kept.parent / "cache")), "utf-8")
        fresh.replace(kept)
    return kept


def fingerprint() -> str:
    """A digest of everything that the compiled content is made from."""
    digest = hashlib.blake2b(digest_size=8)
    sources = [ROOT / "content", ROOT / "layers" / "common" / "canal"]
    for path in sorted(path for source in sources for path in source.rglob("*") if path.is_file()):
        if path.suffix != ".pyc":
            digest.update(path.read_bytes())
    return digest.hexdigest()
