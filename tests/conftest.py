"""What every test stands on: a small complete environment, no way outside, and no unnoticed skip in CI."""

from __future__ import annotations

import os
import socket
from collections.abc import Generator
from ipaddress import ip_address
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, settings

Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)

IN_CI = os.environ.get("CI") == "true"

# The entries read the environment when they are imported, so it is set before any test is collected.
ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_REGION": "eu-south-2",
    "AWS_DEFAULT_REGION": "eu-south-2",
    "AWS_EC2_METADATA_DISABLED": "true",
    "CANAL_ACCESS_TOKEN_SECRET_ARN": "arn:aws:secretsmanager:eu-south-2:000000000000:secret:access-token",
    "CANAL_CAMPAIGNS_TABLE": "campaigns",
    "CANAL_CITIZENS_TABLE": "citizens",
    "CANAL_CONTENT_BUCKET": "content",
    "CANAL_CONVERSATION_QUEUE_URL": "https://sqs.eu-south-2.amazonaws.com/000000000000/conversation.fifo",
    "CANAL_DELIVERIES_TABLE": "deliveries",
    "CANAL_DEPARTMENTS_MAIL": "departments@canal.test",
    "CANAL_EVENTS_QUEUE_URL": "https://sqs.eu-south-2.amazonaws.com/000000000000/events",
    "CANAL_INCIDENTS_QUEUE_URL": "https://sqs.eu-south-2.amazonaws.com/000000000000/incidents",
    "CANAL_INCIDENTS_TABLE": "incidents",
    "CANAL_MAIL_FROM": "canal@canal.test",
    "CANAL_OPEN311_SECRET_ARN": "arn:aws:secretsmanager:eu-south-2:000000000000:secret:open311",
    "CANAL_PHONE_NUMBER_ID": "200000000000002",
    "CANAL_PHOTOS_BUCKET": "photos",
    "CANAL_PLAN_ALERTS_QUEUE_URL": "https://sqs.eu-south-2.amazonaws.com/000000000000/plan-alerts",
    "CANAL_PLAN_BULK_QUEUE_URL": "https://sqs.eu-south-2.amazonaws.com/000000000000/plan-bulk",
    "CANAL_SEND_ALERTS_QUEUE_URL": "https://sqs.eu-south-2.amazonaws.com/000000000000/send-alerts",
    "CANAL_SEND_BULK_QUEUE_URL": "https://sqs.eu-south-2.amazonaws.com/000000000000/send-bulk",
    "CANAL_STAFF_URL": "https://desk.canal.test",
    "CANAL_SUBSCRIPTIONS_TABLE": "subscriptions",
    "CANAL_TURNS_TABLE": "turns",
    "CANAL_WEBHOOK_SECRET_ARN": "arn:aws:secretsmanager:eu-south-2:000000000000:secret:webhook",
    "POWERTOOLS_METRICS_NAMESPACE": "Canal",
    "POWERTOOLS_SERVICE_NAME": "test",
}
for name in [name for name in os.environ if name.startswith(("AWS_", "CANAL_", "POWERTOOLS_"))]:
    if name != "CANAL_BROWSER":  # which browser opens the pages is the machine's affair
        del os.environ[name]
os.environ.update(ENVIRONMENT)

# No test is timed: a slow machine is not a broken one. In CI the same examples are tried every time.
settings.register_profile("canal", deadline=None, derandomize=IN_CI, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("canal")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--write-transcripts", action="store_true", help="write tests/conversations/*.txt anew")


@pytest.fixture(autouse=True, scope="session")
def only_loopback() -> Generator[None]:
    """A test that would call the outside fails at once, and says whom it wanted."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not is_loopback(str(address[0])):
            raise RuntimeError(f"a test wanted to connect to {address[0]}, which is not this machine")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded)
        yield


def is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


# --- nothing is skipped in CI -------------------------------------------------------------------


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    return refusing_skips((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    return refusing_skips((yield))


def refusing_skips(report: Report) -> Report:
    """In CI everything is installed, so a skip is a fault of the set-up and counts as a failure."""
    if IN_CI and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"skipped, and CI skips nothing: {reason}"
    return report
