"""Many rows by their keys: BatchGetItem, a hundred at a time, until DynamoDB has given all of them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

from pynamodb.models import Model

from canal.adapters.dynamo_errors import translated
from canal.errors import Throttled

AT_ONCE = 100  # DynamoDB's limit
TRIES = 7
PAUSE = 0.05  # seconds after the first answer that left keys out; each further one doubles it

Row = TypeVar("Row", bound=Model)
T = TypeVar("T")


def hundreds(values: Iterable[T]) -> Iterator[list[T]]:
    """``values`` in the lists that DynamoDB takes at once."""
    rest = iter(values)
    while some := list(islice(rest, AT_ONCE)):
        yield some


def rows_at(
    model: type[Row], keys: Sequence[dict[str, Any]], sleep: Callable[[float], None] = time.sleep
) -> Iterator[Row]:
    """The rows under ``keys``, each given once, read consistently, in any order; those that are not there are left out.

    Raises Throttled when DynamoDB goes on leaving keys out, and as ``translated`` does.
    """
    for some in hundreds(keys):
        rest: Sequence[Any] = some
        for tries in range(TRIES):
            found, rest = page(model, rest)
            yield from (model.from_raw_data(item) for item in found)
            if not rest:
                break
            sleep(PAUSE * 2**tries)
        else:
            raise Throttled("DynamoDB leaves keys of a batch out")


def page(model: type[Row], keys: Sequence[Any]) -> tuple[list[Any], list[Any]]:
    """The rows that DynamoDB gives at once, and the keys that it leaves for later."""
    table = model._get_connection()
    with translated():
        answer = table.batch_get_item(keys, consistent_read=True)
    unprocessed = answer.get("UnprocessedKeys", {}).get(table.table_name, {})
    return answer["Responses"].get(table.table_name, []), unprocessed.get("Keys", [])
