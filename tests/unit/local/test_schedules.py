"""Schedules of the template: their names, their rates, and firing them by hand."""

from __future__ import annotations

from typing import Any

import pytest

from local import schedules


@pytest.mark.parametrize(
    ("expression", "seconds"),
    [
        ("rate(5 minutes)", 300),
        ("rate(1 minute)", 60),
        ("rate(2 hours)", 7200),
        ("rate(1 day)", 86_400),
        ("cron(0 6 * * ? *)", 0),
        ("at(2026-11-23T10:00:00)", 0),
    ],
)
def test_a_rate_is_so_many_seconds_and_fixed_hours_are_fired_by_hand(expression: str, seconds: int) -> None:
    assert schedules.seconds(expression) == seconds


@pytest.mark.parametrize("written", ["sweep", {"Fn::Sub": "${AWS::StackName}-sweep"}])
def test_a_schedule_goes_by_its_name_without_the_stacks(written: Any) -> None:
    assert schedules.named(written) == "sweep"


def test_the_template_sweeps_every_five_minutes() -> None:
    assert {schedule.name: schedule.seconds for schedule in schedules.schedules()}["sweep"] == 300


def test_a_schedule_fired_by_hand_calls_its_function(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    monkeypatch.setattr(schedules, "handler_of", lambda function: lambda event, context: seen.append(event))
    assert schedules.fire("sweep")
    assert seen == [{"source": "aws.scheduler", "detail": {"schedule": "sweep"}}]


@pytest.mark.parametrize("name", ["agenda", "offers", "offers_weekly", "taxes"])
def test_a_digest_fired_by_hand_is_told_which_one_it_is(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    seen = []
    monkeypatch.setattr(schedules, "handler_of", lambda function: lambda event, context: seen.append(event))
    assert schedules.fire(name)
    assert seen == [{"digest": name}]


def test_campaigns_are_tended_every_minute_and_digests_only_by_hand() -> None:
    found = {schedule.name: schedule.seconds for schedule in schedules.schedules()}
    assert (found["tend"], found["watch"]) == (60, 300)
    assert {name for name, seconds in found.items() if not seconds} == {"agenda", "offers", "offers_weekly", "taxes"}


def test_a_schedule_that_does_not_exist_is_not_fired() -> None:
    assert not schedules.fire("nothing")
