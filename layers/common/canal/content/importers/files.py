"""Reading what others send us: never more than is reasonable, in any of the usual encodings."""

from __future__ import annotations

from pathlib import Path

from canal.errors import BadContent


def bounded(path: Path, limit: int, advice: str) -> bytes:
    """The file's bytes; BadContent, with ``advice``, where it holds more than ``limit``, or cannot be opened."""
    try:
        with path.open("rb") as file:
            raw = file.read(limit + 1)
    except OSError as fault:
        raise BadContent([f"{path.name}: cannot be opened; is it there and readable?"]) from fault
    if len(raw) > limit:
        raise BadContent([f"{path.name}: over {limit:,} bytes; {advice}"])
    return raw


def decoded(raw: bytes) -> str:
    """UTF-8, else what a Spanish Windows writes (its few unused codes become "�")."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")
