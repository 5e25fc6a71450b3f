"""In which of the town's languages an answer is; an extension, since the standard has no word for it."""

from __future__ import annotations

from canal.dialogue.messages import LANGUAGES, Language
from canal.open311.call import Arguments, Call


def chosen(call: Call, arguments: Arguments, usual: Language) -> Language:
    """By ``locale``, else by Accept-Language, else the town's own."""
    wishes = [arguments.one("locale"), *accepted(call.headers.get("accept-language", ""))]
    return next((language for wish in wishes if (language := spoken(wish))), usual)


def spoken(wish: str) -> Language | None:
    """ "ca-ES-valencia" is ca."""
    return next((language for language in LANGUAGES if wish.lower().replace("_", "-").split("-")[0] == language), None)


def accepted(header: str) -> list[str]:
    """The languages of an Accept-Language header, the dearest first; those of quality 0 are not wanted."""
    weighed = [(quality(rest), name.strip()) for name, _, rest in (each.partition(";") for each in header.split(","))]
    return [name for weight, name in sorted(weighed, key=lambda pair: -pair[0]) if weight > 0]


def quality(text: str) -> float:
    try:
        return min(float(text.strip().removeprefix("q=")), 1.0) if text.strip() else 1.0
    except ValueError:
        return 0.0
