"""The simulated AWS: moto's server, fit for a town on one machine, and a mailbox for what SES is given."""

from __future__ import annotations

import argparse
import json
import os
import sys

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from moto.sesv2.responses import SESV2Response

from local import addresses, mailbox, queues, tables
from local.http import Http


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


def main(arguments: list[str]) -> None:
    """moto's server in a server that keeps connections open: its own takes as long for that as for the work."""
    parser = argparse.ArgumentParser(prog="python -m local.aws", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("-H", "--host", default=addresses.HOST)
    parser.add_argument("-p", "--port", type=int, default=5000)
    asked = parser.parse_args(arguments)
    os.environ["MOTO_PORT"] = str(asked.port)
    Http(asked.host, asked.port, DomainDispatcherApplication(create_backend_app)).serve_forever()


if __name__ == "__main__":
    mend()
    keep_mail()
    main(sys.argv[1:])
