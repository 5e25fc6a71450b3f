"""The way to a citizen's phone for what they did not just ask for: news of a case, a notice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from canal.dialogue.citizen import Citizen
from canal.dialogue.messages import Language, Reply


class Channel(Protocol):
    """Both give the wamid, and raise Temporary, Permanent or Stopped. ``reference`` comes back in every status."""

    def write(self, reply: Reply, to: Citizen, reference: str) -> str:
        """Free text; raises WindowClosed outside the window."""
        ...

    def fill_in(
        self,
        name: str,
        language: Language,
        values: Mapping[str, str],
        payloads: Sequence[str],
        to: Citizen,
        reference: str,
    ) -> str:
        """A template, ``payloads`` for its buttons; raises NoTemplate when it cannot be sent to anybody."""
        ...
