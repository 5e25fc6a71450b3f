"""What the simulator is told at its start: addresses, secrets, and how quickly its Meta works."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

DAY = 24 * 3600.0
STATUSES = ("sent", "delivered", "read")


@dataclass(frozen=True, slots=True)
class Config:
    """Times are in seconds. The secrets are of the local stack only."""

    host: str = "127.0.0.1"
    port: int = 8001
    webhook_url: str = "http://127.0.0.1:8000/webhook"
    app_secret: str = "local-app-secret"  # noqa: S105 - of this machine only
    access_token: str = "local-access-token"  # noqa: S105
    phone_number_id: str = "200000000000002"
    waba_id: str = "100000000000001"
    display_number: str = "34600000001"
    verified_name: str = "Ajuntament d'Alzira"

    webhook_timeout: float = 10.0
    retry_delays: tuple[float, ...] = (1, 2, 4, 8, 15, 30, 60, 120, 300, 600)  # the last one repeats
    retry_for: float = 7 * DAY

    statuses: tuple[str, ...] = STATUSES  # which ones are sent back
    status_delays: tuple[tuple[str, float], ...] = (("sent", 0.1), ("delivered", 0.4), ("read", 1.2))
    approval_delay: float = 1.0  # a new template waits so long for Meta's review

    strict: bool = False  # True: refuses people and messages that it has not met itself
    media_url_life: float = 300.0
    inbound_media_life: float = 7 * DAY
    uploaded_media_life: float = 30 * DAY

    keep_messages: int = 50_000
    keep_events: int = 500  # of each citizen's conversation
    keep_citizens: int = 5_000
    keep_media_bytes: int = 400 * 1024 * 1024
    keep_pending: int = 50_000  # webhooks that wait for a receiver

    @property
    def base_url(self) -> str:
        return f"http://{self.host}:{self.port}"


def from_environment(environment: Mapping[str, str]) -> Config:
    """The configuration of ``python -m local.whatsapp``: only the addresses can be moved."""
    api_port = environment.get("CANAL_PORT") or "8000"
    return Config(
        port=int(environment.get("CANAL_GRAPH_PORT") or 8001),
        webhook_url=environment.get("CANAL_WEBHOOK_URL") or f"http://127.0.0.1:{api_port}/webhook",
    )
