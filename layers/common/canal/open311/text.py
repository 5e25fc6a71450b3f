"""Text that comes in and goes out: free of what XML 1.0 cannot hold, and of mark-up."""

from __future__ import annotations

import re

# All that XML 1.0 allows; a lone surrogate, which is no text at all, is not in it either.
ILLEGAL = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
MARKUP = re.compile(r"<!--.*?-->|</?[a-zA-Z!?][^<>]*>", re.DOTALL)


def clean(text: str) -> str:
    """``text`` as every format can carry it, with one kind of line end."""
    return ILLEGAL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def without_markup(text: str) -> str:
    """``text`` without HTML, also where taking one tag away makes another. "3 < 4" stays."""
    while (less := MARKUP.sub("", text)) != text:
        text = less
    return text.strip()
