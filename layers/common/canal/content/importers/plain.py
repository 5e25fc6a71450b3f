"""Plain text out of what others publish: no HTML, no control characters, a bounded length."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_SILENT = ("script", "style", "head", "title", "template")
_BREAKS = ("p", "br", "div", "li", "tr", "h1", "h2", "h3", "h4")
# Control characters and those that turn the direction of the text around.
_HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")


class _Stripper(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in _SILENT
        if tag in _BREAKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._silent = max(0, self._silent - (tag in _SILENT))

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(data)


def plain(text: str, limit: int) -> str:
    """At most ``limit`` characters of text, its lines kept and its tags gone.

    Text without tags is left as it is: "menys de 5 < 10" is no HTML.
    """
    text = text[: limit * 20]  # markup takes room; beyond that nobody reads
    if re.search(r"</?[a-zA-Z!]|&[#a-zA-Z]", text):
        stripper = _Stripper()
        stripper.feed(text)
        stripper.close()
        text = "".join(stripper.parts)
    lines = (" ".join(line.split()) for line in _HIDDEN.sub("", text).split("\n"))
    joined = "\n".join(line for line in lines if line)
    return joined if len(joined) <= limit else joined[: limit - 1].rstrip() + "…"


def web_address(text: str) -> str:
    """The address if it is one of the web without spaces, else nothing: no ``javascript:``, no ``file:``."""
    return text if re.fullmatch(r"https?://[^\s<>\"]{3,1000}", text) else ""
