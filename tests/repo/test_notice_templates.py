"""The templates of notices, the topics that use them and the code that fills them in, held to each other."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from canal.broadcasts.message import template_payloads, template_values
from canal.content.templates import read_templates, variables
from canal.dialogue.messages import LANGUAGES
from canal.subjects.notices import Topic

from tests.noticeboard import a_campaign
from tests.towns import ROOT, alzira

FOLDER = ROOT / "content" / "common" / "templates"
OF_CASES = {"case_update"}  # filled in by ``dialogue/news.py``
TEMPLATES = {(each["name"], each["language"]): each for each in read_templates(FOLDER)}
NOTICES = sorted({name for name, _ in TEMPLATES} - OF_CASES)
TOPICS = alzira().notices.topics


def component(template: dict[str, Any], kind: str) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in template["components"] if each["type"] == kind)
    return found


@pytest.mark.parametrize("name", NOTICES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_notices_template_has_the_variables_that_the_code_fills_in(name: str, language: str) -> None:
    body = component(TEMPLATES[name, language], "BODY")["text"]
    assert set(variables(body)) == template_values(a_campaign(), "ca").keys()


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.id)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_topics_template_has_a_button_for_each_thing_that_the_code_says_it_opens(topic: Topic, language: str) -> None:
    campaign = replace(a_campaign(), topic=topic.id, opens=topic.opens)
    buttons = component(TEMPLATES[topic.template, language], "BUTTONS")["buttons"]
    assert len(buttons) == len(template_payloads(campaign))


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.id)
def test_a_topic_counts_as_what_its_template_is_handed_in_as(topic: Topic) -> None:
    category = "MARKETING" if topic.marketing else "UTILITY"
    assert {TEMPLATES[topic.template, language]["category"] for language in LANGUAGES} == {category}


def test_every_template_of_a_notice_has_a_topic() -> None:
    assert {topic.template for topic in TOPICS} == set(NOTICES)


def test_no_template_names_a_town() -> None:
    """They are every town's."""
    assert alzira().name not in "".join(path.read_text("utf-8") for path in FOLDER.glob("*.yaml"))


def test_every_notice_says_in_its_last_button_that_it_can_be_left() -> None:
    for name in NOTICES:
        for language, no in (("ca", "No vull"), ("es", "No quiero")):
            assert component(TEMPLATES[name, language], "BUTTONS")["buttons"][-1]["text"].startswith(no)
