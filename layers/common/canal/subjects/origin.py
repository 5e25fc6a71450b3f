"""Where a fact comes from and how fresh it is; every subject's records carry it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Both = Mapping[str, str]  # one text in each language: {"ca": …, "es": …}


@dataclass(frozen=True, slots=True)
class Origin:
    """``demo`` marks invented demonstration data, which a screen must call by that name."""

    source: str = ""
    source_date: str = ""  # as the source dates itself: "2025-02-06", "2019-12", or empty
    verified_at: str = ""  # when somebody last checked it with the town, ISO date; empty: never
    demo: bool = False

    @classmethod
    def from_content(cls, record: Mapping[str, Any]) -> Origin:
        return cls(
            record.get("source", ""),
            record.get("source_date", ""),
            record.get("verified_at", ""),
            bool(record.get("demo", False)),
        )
