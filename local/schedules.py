"""EventBridge schedules of ``template.yaml``, fired by hand."""

from __future__ import annotations

from local.lambdas import context_of, handler_of
from local.template import functions, load


def fire(name: str) -> bool:
    """Call the function behind the schedule ``name`` with its input; False when there is none."""
    for function in functions(load()):
        for schedule in function.called_by("ScheduleV2"):
            if schedule.get("Name") == name:
                handler_of(function)({"source": "aws.scheduler", "detail": {"schedule": name}}, context_of(function))
                return True
    return False
