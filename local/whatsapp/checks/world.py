"""What a check needs to look up: the town's files and its templates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from local.whatsapp.media import Media
from local.whatsapp.template import Template


@dataclass(frozen=True, slots=True)
class World:
    media: Callable[[str], Media | None]
    template: Callable[[str, str], Template | None]  # by name and language code
