"""What a feed reader shows of words that were written for WhatsApp."""

from __future__ import annotations

import pytest
from canal.broadcasts.campaign import Words
from canal.feeds.rss import plain, rss

from tests.noticeboard import a_campaign
from tests.towns import alzira


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("*Dijous 26*\n• 20:00 Cine", "Dijous 26\n• 20:00 Cine"),
        ("Hui *no* s'obri, i demà *tampoc*.", "Hui no s'obri, i demà tampoc."),
        ("_…i 3 més. Toca el botó._", "…i 3 més. Toca el botó."),
        ("*_Molt_ important*", "Molt important"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("https://alzira.example/a_b_c", "https://alzira.example/a_b_c"),
        ("*sense final", "*sense final"),
        ("**", "**"),
        ("", ""),
    ],
)
def test_marks_of_emphasis_are_taken_off_and_nothing_else(written: str, shown: str) -> None:
    assert plain(written) == shown


def test_a_notice_reads_without_marks_in_the_feed() -> None:
    campaign = a_campaign(words={"ca": Words("*Pluja* forta", "*Dijous*\n• 20:00 Cine")})
    shown = rss(alzira(), "ca", [campaign], "https://canal.example").decode()
    assert "Pluja forta" in shown
    assert "*" not in shown
