"""What the feeds need of the outside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from canal.broadcasts.outside import Campaigns
from canal.ports import Towns


@dataclass(frozen=True, slots=True)
class Outside:
    campaigns: Campaigns
    towns: Towns
    clock: Callable[[], datetime]
