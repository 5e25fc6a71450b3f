"""What a log line may say of an error."""

from __future__ import annotations

import traceback
from pathlib import Path

from canal.errors import CanalError

LONGEST = 300  # characters


def told(error: Exception) -> str:
    """Our own words; of an error that is not ours only where it arose, for it may quote a citizen."""
    if isinstance(error, CanalError):
        return str(error)[:LONGEST]
    lines = traceback.extract_tb(error.__traceback__)[-3:]
    return " > ".join(f"{Path(line.filename).name}:{line.lineno}" for line in lines)
