"""Words of the content in both languages: the staff page shows the one that its reader chose."""

from __future__ import annotations

from collections.abc import Mapping

from canal.desk.views import Both
from canal.dialogue.messages import LANGUAGES
from canal.dialogue.town import Town


def words(town: Town, key: str, **values: object) -> Both:
    return Both(**{language: town.text(key, language, **values) for language in LANGUAGES})


def both(name: Mapping[str, str]) -> Both:
    """A name of the content; one that lacks a language is said in the other."""
    some = next(iter(name.values()), "")
    return Both(ca=name.get("ca", some), es=name.get("es", some))
