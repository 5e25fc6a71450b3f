"""DynamoDB's errors as ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pynamodb.exceptions import PynamoDBException, TransactWriteError

from canal.errors import AlreadyRun, LostRace, Temporary, Throttled

THROTTLES = frozenset(
    {
        "ThrottlingException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "ThrottlingError",
    }
)
UNMET, CONFLICT = "ConditionalCheckFailed", "TransactionConflict"


@contextmanager
def translated(turn_at: int | None = None) -> Iterator[None]:
    """Raises our errors for DynamoDB's. ``turn_at`` is where the turn stands in a transaction; None where it has none.

    Another transaction on the same row counts as a lost race, whether ours is a transaction or a single write.
    """
    try:
        yield
    except TransactWriteError as error:
        codes = [reason.code if reason else "None" for reason in error.cancellation_reasons]
        if turn_at is not None and codes[turn_at : turn_at + 1] == [UNMET]:
            raise AlreadyRun("the message has a turn") from error
        if {UNMET, CONFLICT} & set(codes):
            raise LostRace("a row changed in between") from error
        raise temporary(error) from error
    except PynamoDBException as error:
        raise temporary(error) from error


def is_unmet(error: LostRace) -> bool:
    """Whether the condition of a single write was not met; else another write was in the way, and may be over now."""
    cause = error.__cause__
    code = cause.cause_response_code if isinstance(cause, PynamoDBException) else None
    return code == f"{UNMET}Exception"


def temporary(error: PynamoDBException) -> Temporary:
    code = error.cause_response_code or type(error.cause or error).__name__
    if code.removesuffix("Exception") in (UNMET, CONFLICT):
        return LostRace("the row changed in between")
    return Throttled(code) if code in THROTTLES else Temporary(f"DynamoDB: {code}")
