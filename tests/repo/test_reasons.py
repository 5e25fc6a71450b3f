"""Whatever may become of a recipient can be said in plain words: WhatsApp's codes, and the reasons in the code."""

from __future__ import annotations

import pytest
from canal.adapters.whatsapp_errors import RULES
from canal.broadcasts.delivery import UNKNOWN
from canal.dialogue.messages import LANGUAGES
from canal.services.notices import audience, outcomes, recipient, tending

from tests.towns import alzira

OF_TEMPLATES = range(2_388_000, 2_389_000)  # when a template is submitted; no recipient fails with these
OF_SET_UP = {132068, 132069, 133005, 133006, 133008, 133009, 133016}  # PINs, registration, flows: not of a message
CODES = sorted(code for code in RULES if code not in OF_TEMPLATES and code not in OF_SET_UP)
WORDS = {
    *(audience.GONE, audience.LEFT, audience.ELSEWHERE, audience.UNWILLING, audience.RESTING),
    *(recipient.EXPIRED, recipient.QUIET),
    tending.NOBODY,  # of a whole notice
    *(outcomes.ENOUGH, outcomes.THROTTLED, outcomes.TEMPORARY, outcomes.LOST, outcomes.FAULT),
    *("stopped", "unreachable", "refused"),  # of ``outcomes.reason_of``
    *(UNKNOWN, "failed", "cancelled", "other"),
}


@pytest.mark.parametrize("reason", [*map(str, CODES), *sorted(WORDS)])
def test_every_reason_has_words_in_both_languages(reason: str) -> None:
    said = {alzira().text(f"notices.reasons.{reason}", language) for language in LANGUAGES}
    assert all(said)
    assert len(said) == len(LANGUAGES)
