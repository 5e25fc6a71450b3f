"""The simulated AWS: moto's server, fit for a town on one machine, and a mailbox for what SES is given."""

from __future__ import annotations

import json
import sys

from moto.server import main
from moto.sesv2.responses import SESV2Response

from local import mailbox, queues, tables


def mend() -> None:
    """Make moto keep what AWS promises: see ``queues`` and ``tables``."""
    queues.mend()
    tables.mend()


def keep_mail() -> None:
    """Put what SES takes into the mailbox; an address that is not verified is refused before, as on AWS."""
    deliver = SESV2Response.send_email

    def delivered(self: SESV2Response) -> str:
        answer: str = deliver(self)
        mailbox.keep(json.loads(self.body))
        return answer

    SESV2Response.send_email = delivered  # type: ignore[method-assign]


if __name__ == "__main__":
    mend()
    keep_mail()
    main(sys.argv[1:])
