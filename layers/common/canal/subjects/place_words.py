"""The words around a place in both languages: street types as people shorten them, links, markers and house numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence

from canal.dialogue.understanding.text import words


def _set(text: str) -> frozenset[str]:
    return frozenset(words(text))


STREET_WORDS = _set(
    "carrer carrers carr crr cr c cl calle calles cll avinguda avenida avda avd av avgda avg aven passeig paseo pso pg "
    "pas ronda rda rnda cami camino cno cmno carretera ctra crta carreró callejon travessia travesia trav trv via "
    "senda bulevard"
)
SQUARE_WORDS = _set("placa plaça plassa plaza plza plz plc pl pza pça plazoleta placeta rotonda rodona glorieta")
QUARTER_WORDS = _set("barri barriada barrio partida poligon poligono urbanitzacio urbanizacion urb zona")
TYPES = {
    **dict.fromkeys(STREET_WORDS, "street"),
    **dict.fromkeys(SQUARE_WORDS, "square"),
    **dict.fromkeys(QUARTER_WORDS, "quarter"),
}

# Words between type and name, or inside a name, that people leave out or mix up.
LINKS = _set("a al als d de del dels e el els en i l la las les lo los s un una y")

# After these a single word is a place: "davant del mercat", "cantó amb Sueca".
ABOUT = _set(
    "davant enfront front costat prop junt darrere vora cantonada canto cruilla delante enfrente frente lado junto "
    "cerca detras esquina cruce entrada eixida salida voltants alrededores altura porta puerta dins dentro"
)

_SAME = {
    **dict.fromkeys(words("san st snt sto santo"), "sant"),
    **dict.fromkeys(words("sta stta"), "santa"),
    **dict.fromkeys(words("santos sts"), "sants"),
    **dict.fromkeys(words("dr dtor"), "doctor"),
    **dict.fromkeys(words("gral"), "general"),
    **dict.fromkeys(words("mtro"), "mestre"),
    **dict.fromkeys(words("mediterraneo"), "mediterrania"),
}

_SOUND = str.maketrans({"k": "c", "v": "b", "h": None})

_NUMBER = re.compile(r"(?:no|num|n)?(\d{1,4})([a-z]?)")
_NUMBER_WORDS = _set("numero num nro nº n no portal patio pati")
# What is counted after a number that is therefore no house: "al mercat 3 dies", "carrer Sueca 2 faroles".
_UNITS = _set("h hora dia any año setmana semana mes m km metro metre euro persona vegada vez")


def plain(word: str) -> str:
    """The word as names are compared: sant, san and st are one."""
    return _SAME.get(word, word)


def sounded(word: str) -> str:
    """The word as it sounds, more or less: "rok" is roc, "ospital" is hospital."""
    return word.translate(_SOUND) or word


def number_after(typed: Sequence[str], place: int) -> str:
    """The house number that stands at ``place`` or after "número" there; empty without."""
    while place < len(typed) and typed[place] in _NUMBER_WORDS:
        place += 1
    return _number(typed, place)


def numbering(word: str) -> bool:
    """Whether the word is, or announces, a house number."""
    return word in _NUMBER_WORDS or _NUMBER.fullmatch(word) is not None


def number_before(typed: Sequence[str], place: int) -> str:
    """The house number of "al número 12 del carrer …", whose street (or its type) stands at ``place``."""
    before = place - 1
    while before >= 0 and typed[before] in LINKS:
        before -= 1
    if before < 1 or not (typed[before - 1] in _NUMBER_WORDS or typed[before - 1] == "al"):
        return ""
    return _number(typed, before)


def _number(typed: Sequence[str], place: int) -> str:
    match = _NUMBER.fullmatch(typed[place]) if place < len(typed) else None
    if match is None or not match[1].strip("0"):
        return ""
    return "" if _counts(typed, place + 1) else f"{match[1].lstrip('0')}{match[2]}"


def _counts(typed: Sequence[str], place: int) -> bool:
    """Whether the word there is what the number before it counts."""
    word = typed[place] if place < len(typed) else ""
    return word in _UNITS or (len(word) > 3 and word.endswith("s") and word not in ABOUT)
