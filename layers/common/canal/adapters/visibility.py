"""How long the queue waits before it gives a failed record back: twice as long each time, up to a ceiling."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from canal.errors import Temporary

FIRST_SECONDS = 2
LONGEST_SECONDS = 600


class Patience:
    """Sets the visibility time-out of records by how often they have been tried."""

    def __init__(self, sqs: Callable[[], Any], url: str) -> None:
        self._sqs = sqs
        self._url = url

    def wait(self, record: Mapping[str, Any], tries: int) -> None:
        """Hide ``record`` for a while. Raises Temporary if the queue does not answer."""
        try:
            self._sqs().change_message_visibility(
                QueueUrl=self._url, ReceiptHandle=record["receiptHandle"], VisibilityTimeout=seconds(tries)
            )
        except (BotoCoreError, ClientError) as error:
            raise Temporary(f"SQS: {type(error).__name__}") from error


def seconds(tries: int) -> int:
    """2, 4, 8 ... seconds, at most ten minutes; none for a record that has not been tried."""
    if tries < 1:
        return 0
    return int(min(FIRST_SECONDS * 2 ** min(tries - 1, 16), LONGEST_SECONDS))
