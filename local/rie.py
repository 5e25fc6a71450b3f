"""Runs a built function as Lambda would, with no Docker: the emulator and the real runtime client.

The runtime interface emulator comes inside aws-sam-cli, the client (awslambdaric) from PyPI. The function
sees what it sees in Lambda: its own folder, the layers laid over each other as ``/opt`` would be, and nothing
of ``.venv``, so that a package missing from the layer fails here and not in front of a neighbour.

    layers = [BUILD / "CommonLayer"]
    with Emulator.start(BUILD / "ReceiveFunction", layers, "receive.handler", environment) as receive:
        answer = receive.invoke(event)

The build is for arm64. It runs on any CPU all the same, since the layer's one compiled package
(charset-normalizer) also holds itself in Python, which is used where the compiled file does not fit.
Used by ``tests/rie`` and by ``bench``.
"""

from __future__ import annotations

import importlib.util
import json
import os
import platform
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / ".aws-sam" / "build"
CONTENT_LAYER = ROOT / "build" / "content" / "layer"

CLIENT = ("awslambdaric", "runtime_client", "simplejson", "snapshot_restore_py")  # and what it imports
PROGRAMS = {"x86_64": "aws-lambda-rie-x86_64", "aarch64": "aws-lambda-rie-arm64"}
INVOKE = "/2015-03-31/functions/function/invocations"
START_SECONDS = 10
INVOKE_SECONDS = 60


class FunctionFailed(Exception):
    """The function raised instead of answering; the message holds its error and its log."""


class CannotRun(Exception):
    """The emulator cannot be had here; the message says what is missing."""


@dataclass(slots=True)
class Emulator:
    """One execution environment of one function. It starts cold at the first ``invoke``, as Lambda does."""

    process: subprocess.Popen[bytes]
    port: int
    folder: Path

    @classmethod
    def start(
        cls,
        function_dir: Path,
        layer_dirs: Iterable[Path],
        handler: str,
        env: Mapping[str, str],
    ) -> Emulator:
        """Start the emulator for ``handler`` ("receive.handler"). ``env`` is all that the function sees.

        Raises CannotRun when the emulator, the client or the build is missing.
        """
        program = emulator_program()
        if not function_dir.is_dir():
            raise CannotRun(f"{function_dir} is missing: run `make build`")
        folder = Path(tempfile.mkdtemp(prefix="canal-rie-"))
        lay_out(folder, layer_dirs)
        port, runtime_port = free_ports(2)
        command = [
            str(program),
            *("--runtime-interface-emulator-address", f"127.0.0.1:{port}"),
            *("--runtime-api-address", f"127.0.0.1:{runtime_port}"),
            *(interpreter(), "-S", "-m", "awslambdaric", handler),
        ]
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                command,
                env=environment(folder, function_dir, env),
                cwd=function_dir,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # so that the function ends with the emulator
            )
        emulator = cls(process, port, folder)
        emulator._wait_until_it_listens()
        return emulator

    def invoke(self, event: Any) -> Any:
        """Call the function with ``event`` and return its answer. Raises FunctionFailed when it raised."""
        url = f"http://127.0.0.1:{self.port}{INVOKE}"
        body = json.dumps(event).encode()
        try:
            with urllib.request.urlopen(url, body, INVOKE_SECONDS) as response:
                answer = json.loads(response.read() or b"null")
        except urllib.error.HTTPError as error:  # the function could not even be loaded
            raise FunctionFailed(f"{error.read().decode('utf-8', 'replace')}\n{self.log()}") from error
        if isinstance(answer, dict) and "errorMessage" in answer and "errorType" in answer:
            raise FunctionFailed(f"{answer['errorType']}: {answer['errorMessage']}\n{self.log()}")
        return answer

    def log(self) -> str:
        """What the function and the emulator have written so far."""
        return (self.folder / "log").read_text("utf-8", "replace")

    def init_milliseconds(self) -> float:
        """How long the cold start took, as the emulator saw it: from starting Python to a handler loaded."""
        measured = re.search(r"INIT REPORT\(durationMs: ([\d.]+)\)", self.log())
        if measured is None:
            raise FunctionFailed(f"the function has not started\n{self.log()}")
        return float(measured[1])

    def stop(self) -> None:
        """End the function and remove what was laid out for it."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> Emulator:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _wait_until_it_listens(self) -> None:
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until and self.process.poll() is None:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return
            time.sleep(0.005)
        log = self.log()
        self.stop()
        raise CannotRun(f"the emulator did not start:\n{log}")


def reason_it_cannot_run() -> str:
    """Why nothing can be run here, with what to do; empty when it can."""
    if not BUILD.is_dir():
        return "there is no build: `make build` makes it (with Python 3.13)"
    try:
        emulator_program()
        client()
    except CannotRun as reason:
        return str(reason)
    return ""


def emulator_program() -> Path:
    """The emulator inside aws-sam-cli, for this CPU. Raises CannotRun."""
    name = PROGRAMS.get(platform.machine())
    if platform.system() != "Linux" or name is None:
        raise CannotRun(f"the emulator needs Linux on x86_64 or arm64, not {platform.platform(terse=True)}")
    found = sorted(ROOT.glob(f".venv-sam/lib/python3.*/site-packages/samcli/local/rapid/{name}"))
    if not found:
        raise CannotRun("aws-sam-cli is not installed: `make build` installs it in .venv-sam")
    return found[0]


def interpreter() -> str:
    """The Python under the virtual environment, without the environment's packages."""
    return str(getattr(sys, "_base_executable", sys.executable))


def client() -> list[Path]:
    """The files of the runtime client in this environment. Raises CannotRun."""
    specs = [importlib.util.find_spec(name) for name in CLIENT]
    if not all(spec and spec.origin for spec in specs):
        raise CannotRun("awslambdaric is not installed: `make test` installs it in .venv")
    origins = [Path(spec.origin) for spec in specs if spec and spec.origin]
    return [origin.parent if origin.name == "__init__.py" else origin for origin in origins]


def lay_out(folder: Path, layer_dirs: Iterable[Path]) -> None:
    """``folder/opt`` as Lambda lays layers over each other, and ``folder/runtime`` with the client alone."""
    (folder / "runtime").mkdir()
    for path in client():
        (folder / "runtime" / path.name).symlink_to(path)
    opt = folder / "opt"
    for layer in layer_dirs:
        for path in layer.iterdir():
            (opt / path.name).mkdir(parents=True, exist_ok=True)
            for entry in path.iterdir():
                (opt / path.name / entry.name).symlink_to(entry.resolve())


def environment(folder: Path, function_dir: Path, env: Mapping[str, str]) -> dict[str, str]:
    """What Lambda sets, then ``env``. The search path is Lambda's: the function, the layers, the runtime."""
    opt = folder / "opt"
    return {
        "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
        "HOME": str(folder),
        "TZ": ":UTC",
        "LANG": "en_US.UTF-8",
        "PYTHONPATH": f"{function_dir}:{opt / 'python'}:{folder / 'runtime'}",
        "PYTHONDONTWRITEBYTECODE": "1",  # the code folder cannot be written in Lambda
        "LAMBDA_TASK_ROOT": str(function_dir),
        "AWS_LAMBDA_FUNCTION_NAME": function_dir.name,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "1024",
        "AWS_LAMBDA_FUNCTION_TIMEOUT": str(INVOKE_SECONDS),
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "CANAL_CONTENT_FILE": str(opt / "content" / "town.json"),
        **env,
    }


def free_ports(count: int) -> list[int]:
    """Ports of loopback that nobody listens on now."""
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports
