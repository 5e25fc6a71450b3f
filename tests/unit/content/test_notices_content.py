"""``notices.yaml``: what a town may write, and what it is told when it errs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from canal.content.notices import compile_notices, templates_in
from canal.errors import BadContent
from canal.subjects.notices import Notices

from tests.towns import ROOT, alzira

GOOD = """\
topics:
  - id: alerts
    name: {ca: Alertes, es: Alertas}
    about: {ca: "Quan plou.", es: "Cuando llueve."}
    kind: alert
    template: town_alert
    zones: true
    words: {ca: [riuada], es: [riada]}
  - id: jobs
    name: {ca: Ofertes, es: Ofertas}
    about: {ca: "Faena.", es: "Trabajo."}
    kind: digest
    template: job_offers
    opens: jobs
    frequencies: [weekly, each]
    marketing: true
    words: {ca: [faena], es: [trabajo]}
quiet: {since: "22:00", until: "08:00"}
second_person_from: {alert: 50}
prices: {reason: Nobody has told us.}
digest_highlights: 3
cap: {feeds: [], areas: {}, send_from: none}
"""
TEMPLATES = {"town_alert", "job_offers"}
Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(text: str) -> Path:
        path = tmp_path / "notices.yaml"
        path.write_text(_with_cap_as_the_town_has_it(text), "utf-8")
        return path

    return written


def _with_cap_as_the_town_has_it(text: str) -> str:
    """What stands under «cap» is checked elsewhere."""
    real = (ROOT / "content" / "alzira" / "notices.yaml").read_text("utf-8")
    return text.replace("cap: {feeds: [], areas: {}, send_from: none}\n", real[real.index("\ncap:") + 1 :])


def faults(path: Path) -> list[str]:
    with pytest.raises(BadContent) as caught:
        compile_notices(path, TEMPLATES)
    return caught.value.problems


def test_a_topic_keeps_what_was_written_and_gets_what_was_left_out(write: Write) -> None:
    alerts, jobs = Notices.from_content(compile_notices(write(GOOD), TEMPLATES)).topics
    assert (alerts.kind, alerts.opens, alerts.zones, alerts.frequencies, alerts.marketing) == (
        "alert",
        "",
        True,
        (),
        False,
    )
    assert (jobs.template, jobs.opens, jobs.frequencies, jobs.marketing) == (
        "job_offers",
        "jobs",
        ("weekly", "each"),
        True,
    )


def test_prices_are_absent_with_a_reason_or_present_with_a_source(write: Write) -> None:
    assert Notices.from_content(compile_notices(write(GOOD))).prices == {}
    priced = GOOD.replace("{reason: Nobody has told us.}", "{utility: 0.02, demo: true}")
    notices = Notices.from_content(compile_notices(write(priced)))
    assert (notices.prices, notices.prices_demo) == ({"utility": 0.02}, True)


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("id: jobs", "id: alerts", "line 9: id «alerts» is used twice"),
        ("id: jobs", "id: Les ofertes", "must be 1 to 40 of a-z"),
        ("ca: Ofertes", "ca: Ofertes de treball de tot arreu", "«name» has 31 characters, room is for 22"),
        ("ca: Ofertes, ", "", "«name» lacks text for «ca»"),
        ('"Faena."', f'"{"a" * 301}"', "room is for 300"),
        ("kind: digest", "kind: gossip", "there is no «gossip»; write one of alert, digest, news, reminder"),
        ("template: job_offers", "template: job_ofers", "«template»: there is no «job_ofers»; write one of job_offers"),
        ("opens: jobs", "opens: shop", "no screen begins with «shop»"),
        ("opens: jobs", "opens: help", "no screen begins with «help»"),
        ("[weekly, each]", "[weekly, hourly]", "«hourly» is none; write each, weekly or both"),
        ("[weekly, each]", "[weekly, weekly]", "lists one twice"),
        ("zones: true", "zones: perhaps", "«zones» must be true or false"),
        ("ca: [faena]", "ca: [Riuada]", "«riuada» stands under «alerts» and «jobs»"),
        ("ca: [faena]", 'ca: ["..."]', "a word without letters"),
        ('since: "22:00"', 'since: "25:00"', "«since» must be an hour"),
        ("{alert: 50}", "{alarm: 50}", "there is no kind «alarm»"),
        ("{alert: 50}", "{alert: -1}", "«alert» must be from 0"),
        ("reason: Nobody has told us.", "source_date: '2026'", "say why under «reason»"),
        ("reason: Nobody has told us.", "utility: 0.02", "say where the prices come from"),
        ("reason: Nobody has told us.", "utility: 20, demo: true", "from 0 to 1, not 20"),
        ("digest_highlights: 3", "digest_highlights: 0", "«digest_highlights» must be from 1 to 10"),
        ("digest_highlights: 3", "highlights: 3", "«highlights» is not a known key"),
    ],
)
def test_a_fault_is_named_with_its_mend(write: Write, right: str, wrong: str, said: str) -> None:
    assert right in GOOD
    assert any(
        said in fault and "notices.yaml, line " in fault for fault in faults(write(GOOD.replace(right, wrong, 1)))
    )


def test_more_topics_than_a_list_holds_are_too_many(write: Write) -> None:
    head, _, rest = GOOD.partition("  - id: jobs\n")
    body, _, tail = rest.partition("quiet:")
    many = "".join(
        f"  - id: jobs{n}\n{body.replace('faena', f'faena{n}').replace('trabajo', f'trabajo{n}')}" for n in range(8)
    )
    assert any("there are 9 topics" in fault for fault in faults(write(f"{head}{many}quiet:{tail}")))


def test_all_faults_of_the_file_are_told_at_once(write: Write) -> None:
    bad = GOOD.replace("kind: digest", "kind: gossip").replace('"22:00"', '"late"').replace("3", "99")
    assert len(faults(write(bad))) >= 3


def test_an_empty_file_is_refused(write: Write) -> None:
    assert any("«topics» is missing" in fault for fault in faults(write("prices: {reason: none}\n")))


def test_the_templates_of_alzira_are_those_that_its_topics_use() -> None:
    known = templates_in(ROOT / "content" / "common" / "templates")
    assert {topic.template for topic in alzira().notices.topics} <= known


def test_alziras_topics_have_the_category_of_their_templates() -> None:
    """WhatsApp's own opt-out ends marketing: a topic must not say that it is none."""
    for topic in alzira().notices.topics:
        text = (ROOT / "content" / "common" / "templates" / f"{topic.template}.yaml").read_text("utf-8")
        assert ("category: MARKETING" in text) == topic.marketing, topic.id
