"""Text on its way in and out: cleaned of what nobody sees, cut to what WhatsApp takes."""

from __future__ import annotations

import re
import unicodedata

ELLIPSIS = "…"

_BREAKS = re.compile("\r\n?|[\v\f\x1c-\x1e\x85\u2028\u2029]")
# Control characters, halves of surrogate pairs, soft hyphens, zero-width spaces, and the marks that turn the
# direction of what follows. The zero-width joiner stays: families of emoji are made with it.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\uffff"
    "\ud800-\udfff]"
)


def clean(value: object, limit: int) -> str:
    """A citizen's text in NFC, without invisible characters, at most ``limit`` of them; empty if it is none.

    Lines stay lines. Pictures, right-to-left letters and markup are somebody's words and stay as they are.
    """
    if not isinstance(value, str):
        return ""
    if value.isascii() and value.isprintable():  # most of what comes in
        return value[:limit].strip()
    text = _UNSEEN.sub("", _BREAKS.sub("\n", value).replace("\t", " "))
    return unicodedata.normalize("NFC", text)[:limit].strip()


def clean_line(value: object, limit: int) -> str:
    """As ``clean``, on one line: names, file names, ids."""
    text = clean(value, 4 * limit)
    return one_line(text)[:limit].rstrip() if "\n" in text else text[:limit].rstrip()


def one_line(text: str) -> str:
    """``text`` with every run of white space as one space."""
    return " ".join(text.split())


def units(text: str) -> int:
    """The length of ``text`` in UTF-16 code units: Meta does not say what it counts; this is the longest."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def fit(text: str, limit: int) -> str:
    """``text`` if it has at most ``limit`` UTF-16 code units, else its beginning with an ellipsis."""
    if 2 * len(text) <= limit or units(text) <= limit:
        return text
    start = text.encode("utf-16-le", "surrogatepass")[: 2 * (limit - 1)]
    # A half emoji at the cut is dropped, and so is a joiner that has nothing left to join.
    return start.decode("utf-16-le", "ignore").rstrip(" \n\u200d\ufe0f") + ELLIPSIS
