"""What became of a notice and why, in plain words: of one recipient, or of the whole."""

from __future__ import annotations

from canal.broadcasts.campaign import Event, What
from canal.desk.bilingual import both, words
from canal.desk.campaigns.views import HappenedView
from canal.desk.views import Both
from canal.dialogue.messages import LANGUAGES
from canal.dialogue.town import Town


def happened(town: Town, event: Event) -> HappenedView:
    return HappenedView(
        at=event.at,
        who=event.who,
        what=event.what,
        name=words(town, f"notices.what.{event.what}"),
        details=dict(event.details),
        reason=why(town, event),
    )


def why(town: Town, event: Event) -> Both | None:
    """What Canal gives as a word or a code; what people give as their reason stands for itself in ``details``."""
    if event.what not in (What.STOPPED, What.FAILED):
        return None
    code = event.details.get("code", "")
    return reason(town, event.details.get("reason", ""), int(code) if code.isdecimal() else None)


def reason(town: Town, word: str, code: int | None) -> Both | None:
    """Why it stands as it does: by our own word for it, by WhatsApp's code, or at least that code."""
    if not word and code is None:
        return None
    keys = [f"notices.reasons.{each}" for each in (word, code) if each not in ("", None)]
    known = next((key for key in keys if town.has_text(key)), "notices.reasons.other")
    return both(
        {each: town.text(known, each).replace("{code}", word if code is None else str(code)) for each in LANGUAGES}
    )
