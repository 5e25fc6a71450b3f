"""A simulated WhatsApp: Meta's Cloud API on one side, citizens with their phones on the other.

``Simulator`` is the state and the rules; ``create_app`` puts its two HTTP faces on it; ``Server`` runs them in a
thread. ``python -m local.whatsapp`` does all three. Nothing here knows Canal: it speaks only Meta's JSON.
"""

from __future__ import annotations

from local.whatsapp.app import create_app
from local.whatsapp.config import Config
from local.whatsapp.server import Server
from local.whatsapp.simulator import Simulator

__all__ = ["Config", "Server", "Simulator", "create_app"]
