"""A call that is answered with an error, in the format it asked for."""

from __future__ import annotations

from collections.abc import Mapping

from canal.errors import BadInput


class Refusal(BadInput):
    """``status`` and a sentence for whoever made the call, which never repeats what they sent."""

    def __init__(self, status: int, description: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.headers = headers or {}


def bad(description: str) -> Refusal:
    """400: the call itself must be changed."""
    return Refusal(400, description)


def unknown(description: str) -> Refusal:
    """404: no such code, number, town or path."""
    return Refusal(404, description)
