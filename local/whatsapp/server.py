"""The simulator on its port: keeps connections open, as Meta does, so that clients are measured fairly."""

from __future__ import annotations

import threading

from local.http import Http
from local.whatsapp.app import create_app
from local.whatsapp.config import Config
from local.whatsapp.simulator import Simulator


class Server:
    """The simulator on its port, in threads of this process: ``with Server(config) as server: …``."""

    def __init__(self, config: Config | None = None, simulator: Simulator | None = None) -> None:
        self.simulator = simulator or Simulator(config)
        config = self.simulator.config
        self._http = Http(config.host, config.port, create_app(self.simulator))
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True)

    @property
    def url(self) -> str:
        host, port = self._http.server_address[:2]
        return f"http://{host!s}:{port}"

    def start(self) -> Server:
        self.simulator.start()
        self._thread.start()
        return self

    def close(self) -> None:
        self.simulator.close()
        self._http.shutdown()
        self._http.server_close()
        self._http.hang_up()

    def join(self) -> None:
        self._thread.join()

    def __enter__(self) -> Server:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.close()
