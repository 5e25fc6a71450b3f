"""The mailbox of the local stack: what the functions send through SES is kept here, and is a page to read.

``local.aws`` keeps each mail as one line of a file in the run folder; ``local.api`` shows them, newest first.
"""

from __future__ import annotations

import base64
import email
import email.policy
import html
import json
import re
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

from local import addresses

FILE = addresses.RUN_FOLDER / "mail.jsonl"
Mail = dict[str, Any]  # at, from, to, subject, text; html where the mail has one
LINK = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)]")
_lock = threading.Lock()

PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Mailbox of the local stack</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; color: #1b1b1b }}
article {{ border: 1px solid #ccc; border-radius: .5rem; padding: 1rem; margin: 1rem 0 }}
h2 {{ font-size: 1.1rem; margin: 0 0 .25rem }}
p {{ margin: 0; color: #555; font-size: .9rem }}
pre {{ white-space: pre-wrap; overflow-wrap: anywhere; font: inherit; margin: 1rem 0 0 }}
</style>
<main>
<h1>Mailbox</h1>
<p>{count}. Nothing of it left this machine.</p>
{mails}
</main>
</html>
"""


def keep(request: Mapping[str, Any]) -> None:
    """Keep the mail of a request to SES (version 2, SendEmail)."""
    line = json.dumps({"at": datetime.now(UTC).isoformat(timespec="milliseconds"), **read(request)}, ensure_ascii=False)
    with _lock, FILE.open("a", encoding="utf-8") as file:
        file.write(f"{line}\n")


def read(request: Mapping[str, Any]) -> Mail:
    """Sender, receivers, subject and text of a SendEmail request, simple or raw."""
    content = request.get("Content", {})
    destination = request.get("Destination", {})
    to = [each for kind in ("ToAddresses", "CcAddresses", "BccAddresses") for each in destination.get(kind, ())]
    if "Raw" in content:
        return raw(base64.b64decode(content["Raw"]["Data"]), request.get("FromEmailAddress", ""), to)
    simple = content.get("Simple", {})
    body = simple.get("Body", {})
    return {
        "from": request.get("FromEmailAddress", ""),
        "to": to,
        "subject": simple.get("Subject", {}).get("Data", ""),
        "text": body.get("Text", {}).get("Data", ""),
        **({"html": body["Html"]["Data"]} if "Html" in body else {}),
    }


def raw(data: bytes, sender: str, to: list[str]) -> Mail:
    """The same of a whole MIME message."""
    message = email.message_from_bytes(data, _class=EmailMessage, policy=email.policy.default)
    plain = message.get_body(("plain",))
    return {
        "from": sender or str(message["From"] or ""),
        "to": to or [str(message["To"] or "")],
        "subject": str(message["Subject"] or ""),
        "text": plain.get_content() if plain else "",
    }


def mails() -> list[Mail]:
    """All that came, newest first."""
    if not FILE.exists():
        return []
    return [json.loads(line) for line in reversed(FILE.read_text("utf-8").splitlines())]


def page() -> str:
    """The mailbox as a page."""
    kept = mails()
    return PAGE.format(count=f"{len(kept)} mail{'' if len(kept) == 1 else 's'}", mails="\n".join(map(article, kept)))


def article(mail: Mail) -> str:
    """One mail; its text is shown as it is, links can be followed, its HTML is never run."""
    to = html.escape(", ".join(mail["to"]))
    return (
        f"<article><h2>{html.escape(mail['subject'])}</h2>"
        f"<p>{html.escape(mail['at'])} · from {html.escape(mail['from'])} to {to}</p>"
        f"<pre>{linked(mail['text'] or mail.get('html', ''))}</pre></article>"
    )


def linked(text: str) -> str:
    """``text`` for a page, its addresses as links."""
    written, end = "", 0
    for found in LINK.finditer(text):
        address = html.escape(found[0])
        written += html.escape(text[end : found.start()]) + f'<a href="{address}">{address}</a>'
        end = found.end()
    return written + html.escape(text[end:])
