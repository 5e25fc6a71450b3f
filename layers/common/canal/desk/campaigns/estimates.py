"""What a check found, as staff read it: figures, and problems and warnings as sentences."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from canal.broadcasts.campaign import Estimate
from canal.desk.campaigns.approving import GOOD_FOR
from canal.desk.campaigns.views import EstimateView, Remark
from canal.desk.views import Both
from canal.dialogue.messages import LANGUAGES, Language
from canal.dialogue.town import Town


def estimate(town: Town, found: Estimate) -> EstimateView:
    return EstimateView(
        at=found.at,
        good_until=found.at + GOOD_FOR,
        recipients=found.recipients,
        inside=found.recipients - found.outside,
        outside=found.outside,
        by_language=dict(found.by_language),
        by_zone=dict(found.by_zone),
        left=found.left,
        tier=found.tier,
        days=found.days,
        seconds=found.seconds,
        cost=found.cost,
        problems=[remark(town, *each) for each in found.problems],
        warnings=[remark(town, *each) for each in found.warnings],
    )


def remark(town: Town, key: str, values: Mapping[str, str]) -> Remark:
    """In both languages; the bare key where the content has no words for it, so that nothing is hidden."""
    code = key.rpartition(".")[2]
    if not town.has_text(key):
        return Remark(code=code, message=Both(ca=key, es=key))
    said = {language: town.text(key, language, **spoken(town, language, values)) for language in LANGUAGES}
    return Remark(code=code, message=Both(**said))


def spoken(town: Town, language: Language, values: Mapping[str, str]) -> dict[str, Any]:
    """Values as people say them: moments on the town's clock, languages by their names."""
    found: dict[str, Any] = dict(values)
    if "moment" in values:
        found["moment"] = clock(town, datetime.fromisoformat(values["moment"]))
    if values.get("language") in LANGUAGES:
        found["language"] = town.text(f"notices.language.{values['language']}", language)
    return found


def clock(town: Town, moment: datetime) -> str:
    return town.local(moment).strftime("%d/%m/%Y, %H:%M")
