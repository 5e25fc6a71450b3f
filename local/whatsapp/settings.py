"""What can be changed while the simulator runs: ``GET`` and ``POST /_sim/settings``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from local.whatsapp.config import STATUSES, Config


@dataclass(frozen=True, slots=True)
class Settings:
    strict: bool = False  # refuse people and message ids that were not met here (131026, 131047, 131009)
    throughput: float | None = None  # messages a second; None: no limit
    pair_rate: bool = False
    latency: float = 0.0  # seconds that each message request takes
    statuses: tuple[str, ...] = STATUSES
    status_delays: dict[str, float] = field(default_factory=dict)
    webhook_url: str = ""
    verified_name: str = ""
    quality_rating: str = "GREEN"
    messaging_limit: str = "TIER_2K"

    def changed(self, wanted: Mapping[str, Any]) -> Settings:
        """With some of them changed; raises ValueError naming what is wrong."""
        known = {item.name: type(getattr(self, item.name)) for item in fields(self)}
        if unknown := set(wanted) - set(known):
            raise ValueError(f"unknown: {', '.join(sorted(unknown))}; known: {', '.join(known)}")
        values = dict(wanted)
        if "statuses" in values:
            values["statuses"] = tuple(values["statuses"])
            if set(values["statuses"]) - {*STATUSES, "played"}:
                raise ValueError(f"statuses: any of {', '.join(STATUSES)}, played")
        if "status_delays" in values:
            values["status_delays"] = self.status_delays | values["status_delays"]
        for key in ("throughput", "latency"):
            if values.get(key) is not None:
                values[key] = float(values[key])
        return replace(self, **values)

    def public(self) -> dict[str, Any]:
        return asdict(self)


def from_config(config: Config) -> Settings:
    return Settings(
        strict=config.strict,
        statuses=config.statuses,
        status_delays=dict(config.status_delays),
        webhook_url=config.webhook_url,
        verified_name=config.verified_name,
    )
