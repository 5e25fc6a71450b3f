"""News of a case, or a notice, on its way to WhatsApp: free text inside the window, the approved template outside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from canal.adapters.whatsapp_errors import problem_of
from canal.adapters.whatsapp_rendering import outbound, template
from canal.dialogue.citizen import Citizen
from canal.dialogue.messages import Language, Reply
from canal.errors import NoTemplate, Refused, Undeliverable, WindowClosed
from canal.ports import Outbox

OUTSIDE_WINDOW = 131047
# The template is missing, paused or switched off, or not what we take it for: as long as nobody mends that, it
# reaches nobody, and that is no fault of the citizen's.
TEMPLATE_CODES = frozenset({132000, 132001, 132005, 132007, 132008, 132012, 132015, 132016, 132018})


class WhatsAppNews:
    """Raises as ``Outbox.send``, and tells apart what the caller can do something about."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox

    def write(self, reply: Reply, to: Citizen, reference: str) -> str:
        """Free text. Raises WindowClosed when WhatsApp knows better than we when the citizen last wrote."""
        try:
            return self._outbox.send(outbound(reply, to, reference))
        except Undeliverable as error:
            if _code(error) == OUTSIDE_WINDOW:
                raise WindowClosed(*error.args) from error
            raise

    def fill_in(
        self,
        name: str,
        language: Language,
        values: Mapping[str, str],
        payloads: Sequence[str],
        to: Citizen,
        reference: str,
    ) -> str:
        """A template. Raises NoTemplate when it cannot be sent to anybody."""
        try:
            return self._outbox.send(template(name, language, to, values, payloads, reference))
        except Refused as error:
            if _code(error) in TEMPLATE_CODES:
                raise NoTemplate(*error.args) from error
            raise


def _code(error: Exception) -> int | None:
    problem = problem_of(error)
    return problem.code if problem else None
