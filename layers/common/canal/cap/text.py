"""Text of others made fit for a notice, and ours for XML."""

from __future__ import annotations

import re

# All that XML 1.0 allows; a lone surrogate, which is no text at all, is not in it either.
ILLEGAL = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# Marks that turn the direction of what follows, and those that are not seen at all.
UNSEEN = re.compile("[\u0080-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def legal(text: str) -> str:
    """``text`` as XML can carry it, with one kind of line end."""
    return ILLEGAL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def clean(text: str, longest: int) -> str:
    """Readable text: nothing unseen, no run of spaces, at most one empty line at once, cut at a word."""
    lines = [" ".join(line.split()) for line in UNSEEN.sub("", legal(text)).split("\n")]
    return clipped(re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip(), longest)


def line(text: str, longest: int) -> str:
    """The same in one line."""
    return clipped(" ".join(clean(text, len(text) + 1).split()), longest)


def clipped(text: str, longest: int) -> str:
    """At most ``longest`` characters; what is cut ends with "…", between words where that loses little."""
    if len(text) <= longest:
        return text
    short = text[: longest - 1]
    at = max(short.rfind(" "), short.rfind("\n"))
    return f"{(short[:at] if at > longest * 2 // 3 else short).rstrip()}…"
