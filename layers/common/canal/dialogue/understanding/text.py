"""Spelling put aside: the first step of understanding what people type, in Valencian and Spanish alike.

Accents, capitals, punctuation, emoji and stretched letters carry no meaning here; everything that reads
citizens' words (danger, commands, intents, the search of items and procedures) compares folded text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

_MARKS = re.compile("[\u0300-\u036f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff]+")
_GEMINATE = re.compile("l[·.•‧∙⋅]l")
_OTHER = re.compile("[^0-9a-z]+")
# "holaaaa" is "hola", "passa" is "pasa"; "ll" and "rr" are letters of their own (cap/call, pero/perro).
_STRETCHED = re.compile(r"([a-kmn-qs-z])\1+|([lr])\2{2,}")


@lru_cache(maxsize=256)
def fold(text: str) -> str:
    """The text as lower-case words of ``a-z`` and digits, one space between them.

    >>> fold("Llicència d'OBRES, col·legi... holaaaa 112!! 😡")
    'llicencia d obres colegi hola 112'

    Apostrophes and hyphens split ("dona'm-la" is three words), ``ç`` is ``c``, ``ñ`` is ``n``, ``l·l`` is ``l``.
    Doubled letters become one except ``ll`` and ``rr``; digits stay as they are. Other alphabets vanish.
    """
    plain = _MARKS.sub("", unicodedata.normalize("NFKD", text.casefold()))
    return _STRETCHED.sub(r"\1\2", _OTHER.sub(" ", _GEMINATE.sub("l", plain))).strip()


def words(text: str) -> tuple[str, ...]:
    """The folded words, in order."""
    return tuple(fold(text).split())


# Endings of both languages, already folded and singular; three letters must stay.
_ENDINGS = (
    "aciones amiento imiento acion ament iment adora idora adore idore ador idor acio icion icio "
    "ando iendo ant ent int ada ida ado ido at aba ava aria eria iria aren iren aron ieron arem erem irem "
    "arme irme erme arse irse erse arte irte erte arlo erlo irlo arla erla irla arle erle irle arno "
    "ar er ir re era ara ira ix eix ixen isc ia ie io "
    "an en on am em a e i o n"
).split()
_BY_LENGTH = tuple(
    (size, frozenset(ending for ending in _ENDINGS if len(ending) == size))
    for size in sorted({len(ending) for ending in _ENDINGS}, reverse=True)
)


@lru_cache(maxsize=4096)
def stem(word: str) -> str:
    """A folded word without its ending, roughly: pagar, pague, pagaments and pagado share one stem.

    Made for comparing and counting, not for showing. Words of up to three letters and numbers stay whole.
    """
    if len(word) <= 3 or not word.isalpha():
        return word
    single = word[:-1] if word[-1] == "s" and not word.endswith("bus") else word
    for size, endings in _BY_LENGTH:
        if len(single) - size >= 3 and single[-size:] in endings:
            single = single[:-size]
            break
    if single.endswith("gu"):  # pague, pagar
        return single[:-1]
    return single[:-2] + "c" if single.endswith("qu") else single  # toque, tocar


def allowance(word: str) -> int:
    """How many slips of the finger a word may hold: none up to three letters, one up to seven, two beyond."""
    return 0 if len(word) < 4 else 1 if len(word) < 8 else 2


def same(a: str, b: str) -> bool:
    """Whether two folded words are one word, typing slips aside (the shorter one sets the allowance)."""
    return a == b or within(a, b, min(allowance(a), allowance(b)))


def near(word: str, vocabulary: Iterable[str]) -> str | None:
    """The word of the vocabulary that was meant: itself if it is there, else the nearest one within reach."""
    known = vocabulary if isinstance(vocabulary, (set, frozenset, dict)) else tuple(vocabulary)
    if word in known:
        return word
    for slips in range(1, allowance(word) + 1):
        for other in known:
            if slips <= allowance(other) and within(word, other, slips):
                return other
    return None


def within(a: str, b: str, slips: int) -> bool:
    """Whether ``a`` becomes ``b`` in at most ``slips`` insertions, losses, changes or swaps of neighbours."""
    if a == b:
        return True
    if slips == 0 or abs(len(a) - len(b)) > slips:
        return False
    start = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    a, b, left = a[start:], b[start:], slips - 1
    if within(a[1:], b[1:], left) or within(a[1:], b, left) or within(a, b[1:], left):
        return True
    return len(a) > 1 and len(b) > 1 and a[0] == b[1] and a[1] == b[0] and within(a[2:], b[2:], left)
