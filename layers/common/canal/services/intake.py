"""A webhook of Meta's, taken in: checked, split, queued, and only then acknowledged."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from canal.errors import BadSignature
from canal.ports import Queue


class WebhookSecret(Protocol):
    """``app_secret``, ``verify_token`` and, during a rotation, ``previous_app_secret``."""

    def value(self, *, refresh: bool = False) -> Mapping[str, str]: ...


class Batch(Protocol):
    """What one webhook holds, ready for the queues."""

    @property
    def messages(self) -> Sequence[Any]: ...
    @property
    def events(self) -> Sequence[Any]: ...
    @property
    def unknown_numbers(self) -> Sequence[str]: ...


class Webhook(Protocol):
    """How a webhook of the platform is checked and read."""

    def challenge(self, query: Mapping[str, str], verify_token: str) -> str | None: ...
    def verify(self, raw: bytes, header: str | None, secrets: Sequence[str]) -> None: ...
    def split(self, raw: bytes, phone_number_ids: Collection[str]) -> Batch: ...


@dataclass(frozen=True, slots=True)
class Taken:
    """What a webhook held, in numbers: for the log, without a word of it."""

    messages: int
    events: int
    unknown_numbers: int


class Intake:
    """Everything that stands between Meta's POST and our 200."""

    def __init__(
        self,
        webhook: Webhook,
        conversations: Queue,
        events: Queue,
        secret: WebhookSecret,
        phone_number_id: str,
    ) -> None:
        self._webhook = webhook
        self._conversations = conversations
        self._events = events
        self._secret = secret
        self._phone_number_id = phone_number_id

    def confirm(self, query: Mapping[str, str]) -> str | None:
        """The text that proves to Meta that this address is ours; None for a wrong token."""
        return self._webhook.challenge(query, self._secret.value()["verify_token"])

    def take(self, raw: bytes, signature: str | None) -> Taken:
        """Queue all that ``raw`` holds. Raises BadSignature, BadInput, or Temporary if it must come again."""
        self._verify(raw, signature)
        batch = self._webhook.split(raw, (self._phone_number_id,))
        self._conversations.put(batch.messages)
        self._events.put(batch.events)
        return Taken(len(batch.messages), len(batch.events), len(batch.unknown_numbers))

    def _verify(self, raw: bytes, signature: str | None) -> None:
        """Check against the secret we know; if that fails, against the one that may just have been rotated in."""
        try:
            self._webhook.verify(raw, signature, app_secrets(self._secret.value()))
        except BadSignature:
            self._webhook.verify(raw, signature, app_secrets(self._secret.value(refresh=True)))


def app_secrets(secret: Mapping[str, str]) -> list[str]:
    """The app secret, and the one before it while both may be in use."""
    return [secret[name] for name in ("app_secret", "previous_app_secret") if secret.get(name)]
