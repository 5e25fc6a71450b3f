"""EventBridge schedules of ``template.yaml``: fired by hand, and by themselves at their rate.

Those at fixed hours (cron) are fired by hand only: on this machine it is never ten o'clock on Thursday when needed.
"""

from __future__ import annotations

import json
import re
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from local.lambdas import Handler, context_of, handler_of
from local.template import Function, functions, load, resolved

RATE = re.compile(r"rate\((\d+) (minute|hour|day)s?\)")
SECONDS = {"minute": 60, "hour": 3600, "day": 86_400}
STACK_NAME = "${AWS::StackName}-"


@dataclass(frozen=True, slots=True)
class Schedule:
    """One schedule: ``name`` without the stack's, ``seconds`` between two firings (0: at fixed hours, by hand here),
    ``input``: what the template says that the function gets, in JSON.
    """

    name: str
    seconds: int
    function: Function
    input: str = ""

    def call(self, handler: Handler) -> None:
        """Call the function with what EventBridge would send: the input, or an event of its own where there is none."""
        event = json.loads(self.input) if self.input else {"source": "aws.scheduler", "detail": {"schedule": self.name}}
        handler(event, context_of(self.function))


def schedules() -> Iterator[Schedule]:
    """Every schedule of the template."""
    template = load()
    for function in functions(template):
        for event in function.called_by("ScheduleV2"):
            expression = resolved(event["ScheduleExpression"], template["Parameters"])
            yield Schedule(named(event["Name"]), seconds(expression), function, event.get("Input", ""))


def named(written: str | Mapping[str, Any]) -> str:
    """A schedule's name: ``!Sub "${AWS::StackName}-sweep"`` is sweep."""
    text: str = written["Fn::Sub"] if isinstance(written, Mapping) else written
    return text.removeprefix(STACK_NAME)


def seconds(expression: str) -> int:
    """Between two firings of ``rate(5 minutes)``; 0 for what is no rate."""
    found = RATE.fullmatch(expression)
    return int(found[1]) * SECONDS[found[2]] if found else 0


def fire(name: str) -> bool:
    """Call the function behind the schedule ``name``; False when there is none."""
    wanted = next((schedule for schedule in schedules() if schedule.name == name), None)
    if wanted:
        wanted.call(handler_of(wanted.function))
    return wanted is not None


def keep_firing(schedule: Schedule) -> None:
    """Fire at its rate until the process ends; a function that fails is called again at the next turn."""
    handler = handler_of(schedule.function)
    while True:
        time.sleep(schedule.seconds)
        try:
            schedule.call(handler)
        except Exception as error:
            print(f"{schedule.function.name} failed: {type(error).__name__}: {error}", file=sys.stderr, flush=True)


def start() -> None:
    """A thread for each schedule with a rate."""
    for schedule in schedules():
        if schedule.seconds:
            threading.Thread(target=keep_firing, args=[schedule], daemon=True).start()
