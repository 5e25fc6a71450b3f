"""``python -m local.whatsapp``: the simulated WhatsApp on its port until it is interrupted."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading

from local.whatsapp import Server
from local.whatsapp.config import from_environment


def main() -> int:
    config = from_environment(os.environ)
    try:
        server = Server(config)
    except OSError as error:
        print(f"Port {config.port} is not free: {error.strerror}. CANAL_GRAPH_PORT moves it.", file=sys.stderr)
        return 1
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with server, contextlib.suppress(KeyboardInterrupt):
        print(f"Simulated WhatsApp: {server.url}/_sim/state, webhooks to {config.webhook_url}", flush=True)
        stop.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
