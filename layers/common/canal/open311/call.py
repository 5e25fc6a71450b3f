"""A call as it comes from the HTTP API: which path, in which format, with which arguments."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from canal.open311.formats import TYPES
from canal.open311.refusal import Refusal, bad
from canal.open311.text import clean

ROOT = "/open311/v2"
MOST_BYTES = 64 * 1024
MOST_ARGUMENTS = 200
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Call:
    """``path`` is what follows ROOT, without its format. ``format`` is a key of TYPES: XML where none is named."""

    method: str
    path: str
    format: str
    address: str  # of the API itself
    headers: Mapping[str, str]
    event: Mapping[str, Any]

    @classmethod
    def of(cls, event: Mapping[str, Any]) -> Call:
        """Never fails: what is wrong with a call must be said in its own format."""
        headers = {str(name).lower(): str(value) for name, value in (event.get("headers") or {}).items()}
        context = event["requestContext"]
        before, _, rest = str(event["rawPath"]).partition(f"{ROOT}/")
        path, dot, format = rest.rstrip("/").rpartition(".")
        known = bool(dot) and format in TYPES
        scheme = "http" if headers.get("x-forwarded-proto") == "http" else "https"
        return cls(
            method=context["http"]["method"],
            path=path if known else "",
            format=format if known else "xml",
            address=f"{scheme}://{context['domainName']}{before}{ROOT}",
            headers=headers,
            event=event,
        )

    def arguments(self) -> Arguments:
        """Those of the address; of a POST those of the form too. Raises Refusal."""
        query = parsed(str(self.event.get("rawQueryString") or ""))
        if self.method != "POST":
            return Arguments(query)
        query.pop("api_key", None)  # an address is written into logs
        return Arguments({**query, **parsed(self._form())})

    def _form(self) -> str:
        if not self.headers.get("content-type", FORM).lower().startswith(FORM):
            raise bad(f"The body must be a form: {FORM}. Files are not taken.")
        body = self.event.get("body") or ""
        try:
            raw = base64.b64decode(body) if self.event.get("isBase64Encoded") else body.encode()
            if len(raw) > MOST_BYTES:
                raise Refusal(413, f"The body may have {MOST_BYTES} bytes.")
            return raw.decode()
        except ValueError:
            raise bad("The body is not UTF-8.") from None


def parsed(text: str) -> dict[str, list[str]]:
    """Arguments by name; one that is empty counts as absent. Raises Refusal."""
    try:
        return parse_qs(text, errors="strict", max_num_fields=MOST_ARGUMENTS)
    except ValueError:
        raise bad(f"The arguments must be UTF-8, and at most {MOST_ARGUMENTS}.") from None


@dataclass(frozen=True, slots=True)
class Arguments:
    """What was given, cleaned."""

    given: Mapping[str, list[str]]

    def one(self, name: str, longest: int = 200) -> str:
        """The only value of ``name``, empty if there is none. Raises Refusal if it is longer, or given twice."""
        values = {clean(value).strip() for value in self.given.get(name, ())}
        if len(values) > 1:
            raise bad(f"{name} is given more than once.")
        value = values.pop() if values else ""
        if len(value) > longest:
            raise bad(f"{name} may have {longest} characters.")
        return value

    def many(self, name: str, most: int = 100) -> tuple[str, ...]:
        """The values of ``name``, repeated or divided by commas, each once. Raises Refusal if there are more."""
        values = (clean(each).strip() for value in self.given.get(name, ()) for each in value.split(","))
        found = tuple(dict.fromkeys(value for value in values if value))
        if len(found) > most:
            raise bad(f"{name} may name {most} at once.")
        return found

    def number(self, name: str, default: int, most: int) -> int:
        """A whole number from 1 to ``most``. Raises Refusal."""
        value = self.one(name)
        if not value:
            return default
        if not (value.isascii() and value.isdigit() and len(value) < 9 and 1 <= int(value) <= most):
            raise bad(f"{name} is a whole number from 1 to {most}.")
        return int(value)
