"""The simulated AWS: moto's server, with one fault of its FIFO queues mended.

moto holds a citizen's messages back while one of them is in flight, and takes for in flight also those whose time-out
is over: when several come back together, each blocks the ones before it and the last is handed out first. SQS hands
them out in order. Here only what is still hidden counts as in flight.
"""

from __future__ import annotations

import sys

from moto.server import main
from moto.sqs.models import Queue


def groups_in_flight(queue: Queue) -> set[str]:
    """The groups of which a message is with somebody right now."""
    hidden = (message for message in list(queue.pending_messages) if not message.visible)
    return {message.group_id for message in hidden if message.group_id is not None}


def mend() -> None:
    """Make moto's queues look at ``groups_in_flight``."""
    Queue.pending_message_groups = property(groups_in_flight)  # type: ignore[assignment,method-assign]  # a property


if __name__ == "__main__":
    mend()
    main(sys.argv[1:])
