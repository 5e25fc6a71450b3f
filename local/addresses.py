"""The fixed addresses and names of the local stack: what can be relied upon from outside."""

from __future__ import annotations

import os
from pathlib import Path

API_PORT = int(os.environ.get("CANAL_PORT") or 8000)
GRAPH_PORT = int(os.environ.get("CANAL_GRAPH_PORT") or 8001)
HOST = "127.0.0.1"

API_URL = f"http://{HOST}:{API_PORT}"
OTHER_GRAPH = os.environ.get("CANAL_GRAPH_URL") or ""  # another Graph API: none is started then
GRAPH_URL = OTHER_GRAPH or f"http://{HOST}:{GRAPH_PORT}"

REGION = "eu-south-2"
PHONE_NUMBER_ID = "200000000000002"
WABA_ID = "100000000000001"
APP_SECRET = "local-app-secret"  # noqa: S105 - of this machine only
VERIFY_TOKEN = "local-verify-token"  # noqa: S105
ACCESS_TOKEN = "local-access-token"  # noqa: S105
OPEN311_KEY = "local-open311-key"

# Process ids, the worker's heartbeat and the functions' logs of the stack on this port.
RUN_FOLDER = Path(__file__).resolve().parent.parent / ".canal" / str(API_PORT)
ENVIRONMENT = RUN_FOLDER / "environment.json"  # of its functions, for whoever joins it from another terminal
