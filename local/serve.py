"""``make run``: the whole of Canal on this machine. Starts the processes, watches them, says what to open."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from types import FrameType

import boto3

from local import addresses, cloud, staff, templates
from local.template import ROOT

START_SECONDS = 60
CONTENT = ROOT / "build" / "content" / "alzira.json"


class Stack:
    """The processes of the local stack."""

    def __init__(self) -> None:
        self._environment = dict(os.environ, PYTHONPATH=f"{ROOT}{os.pathsep}{ROOT / 'layers' / 'common'}")
        self._commands: dict[str, list[str]] = {}
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        addresses.RUN_FOLDER.mkdir(parents=True, exist_ok=True)

    def start(self, name: str, *command: str) -> None:
        """Start a process and keep its output in the run folder."""
        self._commands[name] = [sys.executable, *command]
        with (addresses.RUN_FOLDER / f"{name}.log").open("ab") as log:
            self._running[name] = subprocess.Popen(
                self._commands[name], cwd=ROOT, env=self._environment, stdout=log, stderr=log
            )
        (addresses.RUN_FOLDER / f"{name}.pid").write_text(str(self._running[name].pid))

    def know(self, variables: dict[str, str]) -> None:
        """Variables for the processes started from now on."""
        self._environment |= variables

    def watch(self) -> None:
        """Start again what died, until we are stopped. Without the cloud's memory there is nothing to go on with."""
        while True:
            time.sleep(0.5)
            for name, process in list(self._running.items()):
                if process.poll() is None:
                    continue
                if name == "cloud":
                    raise SystemExit(f"the simulated cloud ended; see {log_of(name)}")
                print(
                    f"  {name} ended ({process.returncode}), starting it again; see {log_of(name)}",
                    flush=True,
                )
                self.start(name, *self._commands[name][1:])
                if name == "whatsapp":  # it keeps all in memory
                    approve_templates()

    def stop(self) -> None:
        """End the processes that we started, and only those."""
        for process in self._running.values():
            process.terminate()
        for process in self._running.values():
            try:
                process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                process.kill()


def log_of(name: str) -> Path:
    return (addresses.RUN_FOLDER / f"{name}.log").relative_to(ROOT)


def main() -> None:
    signal.signal(signal.SIGTERM, stopped)
    for port in needed_ports():
        if taken(port):
            raise SystemExit(
                f"port {port} is in use: is another `make run` open? CANAL_PORT and CANAL_GRAPH_PORT move us"
            )
    stack = Stack()
    try:
        bring_up(stack)
        announce()
        stack.watch()
    except KeyboardInterrupt:
        print("\nStopped.")
    finally:
        stack.stop()


def bring_up(stack: Stack) -> None:
    """Every part in its order, with a line for each."""
    for old in (path for kind in ("*.log", "*.alive", "*.json*") for path in addresses.RUN_FOLDER.glob(kind)):
        old.unlink()  # a heartbeat too: the last run's would say that this one is up; and the last run's mail
    say("the simulated cloud, its resources from template.yaml")
    port = free_port()
    stack.start("cloud", "-m", "local.aws", "-H", addresses.HOST, "-p", str(port))
    endpoint = f"http://{addresses.HOST}:{port}"
    wait_for(f"{endpoint}/moto-api/", "cloud")
    variables = cloud.create(endpoint)
    say("the content of Alzira")
    publish(variables["CANAL_CONTENT_BUCKET"])
    say("the staff's accounts")
    variables |= staff.create(departments())
    variables |= {"CANAL_CONTENT_FILE": str(CONTENT), "POWERTOOLS_LOG_LEVEL": "INFO"}
    stack.know(variables)
    addresses.ENVIRONMENT.write_text(json.dumps(variables, indent=1))
    if not addresses.OTHER_GRAPH:
        say("the simulated WhatsApp")
        stack.start("whatsapp", "-m", "local.whatsapp")
    say("the functions")
    stack.start("api", "-m", "local.api")
    stack.start("worker", "-m", "local.worker")
    if not addresses.OTHER_GRAPH:
        approve_templates()
    wait_for(f"{addresses.API_URL}/_local/health", "api")


def publish(bucket: str) -> None:
    """Compile the content and put it where the functions look."""
    compiler = [sys.executable, "-m", "canal.content.compile", "content/alzira", str(CONTENT)]
    environment = dict(os.environ, PYTHONPATH=str(ROOT / "layers" / "common"))
    if subprocess.run(compiler, cwd=ROOT, env=environment, check=False).returncode:
        raise SystemExit("the content could not be compiled: see the lines above")
    boto3.client("s3").put_object(Bucket=bucket, Key="content/current.json", Body=edition(CONTENT.read_bytes()))


def edition(compiled: bytes) -> bytes:
    """What is published: with CANAL_NEVER_QUIET set, notices go out at night as well."""
    from canal.content.compile import laid_out

    if not os.environ.get("CANAL_NEVER_QUIET"):
        return compiled
    content = json.loads(compiled)
    content["notices"]["quiet"] = {"since": "00:00", "until": "00:00"}
    return laid_out(content).encode()


def departments() -> list[str]:
    """The ids of the departments of the compiled content: each is a group of the staff's."""
    from canal.dialogue.town import Town, sections

    return [department.id for department in Town(sections(CONTENT.read_bytes())).incidents.departments]


def approve_templates() -> None:
    """The town's templates at the simulated WhatsApp, as if Meta had approved them, and what the account may send."""
    wait_for(f"{addresses.GRAPH_URL}/_sim/messages", "whatsapp")
    templates.approve(addresses.GRAPH_URL)
    templates.tell_limits(addresses.GRAPH_URL)


def announce() -> None:
    print(
        f"""
Canal is running.

  Phone      {addresses.API_URL}/phone/      write "Hola"
  Mailbox    {addresses.API_URL}/_local/mail     what the departments are written
  Staff API  {addresses.API_URL}/api/…           a token: POST {addresses.API_URL}/_local/sign-in
             {staff.PASSWORD} is the password of {", ".join(staff.ACCOUNTS)}
  Open311    {addresses.API_URL}/open311/v2/…    api_key {addresses.OPEN311_KEY}
  Notices    {addresses.API_URL}/notices.rss     also as CAP: {addresses.API_URL}/notices.cap.atom
  Webhook    {addresses.API_URL}/webhook
  Graph API  {addresses.GRAPH_URL}/v26.0/…   sent messages: {addresses.GRAPH_URL}/_sim/messages
  Logs       {addresses.RUN_FOLDER.relative_to(ROOT)}/

`make seed` in another terminal fills it with demonstration cases, `make seed SUBSCRIBERS=2000` with people who want
notices; local/README.md sends them one. Stop with Ctrl-C.""",
        flush=True,
    )


def needed_ports() -> list[int]:
    return [addresses.API_PORT] if addresses.OTHER_GRAPH else [addresses.API_PORT, addresses.GRAPH_PORT]


def taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((addresses.HOST, port)) == 0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((addresses.HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(url: str, name: str) -> None:
    """Until ``url`` answers 200."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310 - our own loopback address
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"{name} did not come up in {START_SECONDS} seconds; see {log_of(name)}")


def say(part: str) -> None:
    print(f"  starting {part} …", flush=True)


def stopped(signum: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
