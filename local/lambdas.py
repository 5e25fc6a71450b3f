"""Functions as Lambda would have them: the entry's file loaded once, called with events."""

from __future__ import annotations

import importlib.util
import sys
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from local.template import ROOT, Function

Handler = Callable[[dict[str, Any], object], Any]


@dataclass(frozen=True, slots=True)
class Context:
    """The part of Lambda's context that the entries look at."""

    function_name: str
    aws_request_id: str
    memory_limit_in_mb: int = 1024
    invoked_function_arn: str = "arn:aws:lambda:local:000000000000:function:local"
    seconds: float = 20
    started: float = field(default_factory=time.monotonic)

    def get_remaining_time_in_millis(self) -> int:
        return int((self.started + self.seconds - time.monotonic()) * 1000)


def handler_of(function: Function) -> Handler:
    """The handler of ``function``, its file loaded as Lambda does: top-level, the layer on the path."""
    layer = str(ROOT / "layers" / "common")
    if layer not in sys.path:
        sys.path.insert(0, layer)
    spec = importlib.util.spec_from_file_location(f"entry_{function.name}", function.file)
    if spec is None or spec.loader is None:
        raise SystemExit(f"{function.file} is no Python file")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    handler: Handler = getattr(module, function.handler)
    return lambda event, context: handler(event, context)


def context_of(function: Function) -> Context:
    return Context(function.name, str(uuid.uuid4()), seconds=function.timeout)
