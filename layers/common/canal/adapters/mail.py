"""Mail to the departments through SES."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from canal.errors import CanalError, Permanent, Stopped, Temporary, Throttled

# SES's own names of what went wrong. A rejected message is most often an address that nobody has verified yet: no mail
# goes until somebody does, and then all of them should.
ERRORS: Mapping[str, type[CanalError]] = {
    "TooManyRequestsException": Throttled,
    "LimitExceededException": Throttled,
    "Throttling": Throttled,
    "AccountSuspendedException": Stopped,
    "SendingPausedException": Stopped,
    "MailFromDomainNotVerifiedException": Stopped,
    "MessageRejected": Stopped,
    "AccessDeniedException": Stopped,
    "BadRequestException": Permanent,
    "NotFoundException": Permanent,
}


class SesMail:
    """Sends plain text from one address. ``ses`` makes a client of "sesv2" when the first mail is sent."""

    def __init__(self, ses: Callable[[], Any], sender: str) -> None:
        self._ses = ses
        self._sender = sender

    def send(self, to: str, subject: str, body: str) -> None:
        """Send one mail. Raises Temporary, Permanent (an address that is none) or Stopped."""
        content = {"Simple": {"Subject": _text(" ".join(subject.split())), "Body": {"Text": _text(body)}}}
        try:
            self._ses().send_email(FromEmailAddress=self._sender, Destination={"ToAddresses": [to]}, Content=content)
        except ClientError as error:
            code = str(error.response.get("Error", {}).get("Code", ""))
            raise ERRORS.get(code, Temporary)(f"SES: {code}") from error
        except BotoCoreError as error:
            raise Temporary(f"SES: {type(error).__name__}") from error


def _text(words: str) -> dict[str, str]:
    return {"Data": words, "Charset": "UTF-8"}
