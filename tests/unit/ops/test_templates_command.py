"""``python -m ops.templates`` against the simulated WhatsApp: what it shows, what it does, what it leaves alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from canal.broadcasts.outside import Limits
from canal.content.templates import read_templates
from canal.errors import Temporary

from local.whatsapp import Config, Server
from ops.comparing import Action, Row, compared
from ops.places import NoPlace, Place, chosen
from ops.templates import FINE, FOLDER, LOST, TROUBLE, limits_at, main, parsed, run, templates_at
from tests.noticeboard import FakeAccount

ONE = """\
name: town_alert
category: UTILITY
body:
  ca: "Avís: {{headline}}. Açò és el que has de saber: {{summary}}. Cuida't molt."
  es: "Aviso: {{headline}}. Esto es lo que debes saber: {{summary}}. Cuídate mucho."
samples:
  headline: {ca: Pluja, es: Lluvia}
  summary: {ca: Queda't a casa, es: Quédate en casa}
buttons:
  - {ca: No en vull més, es: No quiero más}
"""


@pytest.fixture
def meta() -> Iterator[Server]:
    """On a free port; reviews take for ever, and no webhook is waited for."""
    with Server(Config(port=0, approval_delay=1e6, webhook_url="http://127.0.0.1:9/webhook")) as server:
        yield server


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "town_alert.yaml").write_text(ONE, "utf-8")
    return tmp_path


class Desk:
    """An operator at the command: ``said`` is what they read of the last one."""

    def __init__(self, meta: Server, folder: Path) -> None:
        self.meta, self.folder, self.said = meta, folder, ""

    def __call__(self, *arguments: str, token: str = "local-access-token") -> int:
        lines: list[str] = []
        environment = {"CANAL_ACCESS_TOKEN": token, "CANAL_ACCOUNT_ID": "100000000000001"}
        options = [*arguments, "--graph-url", self.meta.url, "--folder", str(self.folder)]
        code = main(options, environment, no_clients, lines.append)
        self.said = "\n".join(lines)
        return code

    def judge(self, status: str, language: str = "ca", reason: str = "NONE") -> None:
        found = self.meta.simulator.templates.find("town_alert", language)
        assert found
        self.meta.simulator.set_template_status(found, status, reason)

    def rewrite(self, old: str, new: str) -> None:
        path = self.folder / "town_alert.yaml"
        path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")

    def texts(self) -> str:
        return json.dumps([each.public() for each in self.meta.simulator.templates.all()], ensure_ascii=False)


@pytest.fixture
def desk(meta: Server, folder: Path) -> Desk:
    return Desk(meta, folder)


@pytest.fixture
def approved(desk: Desk) -> Desk:
    """Handed in and approved in both languages."""
    desk("submit")
    desk.judge("APPROVED", "ca")
    desk.judge("APPROVED", "es")
    return desk


def no_clients(service: str) -> Any:
    raise AssertionError(f"{service} is not needed here")


# --- plan, submit, status ---------------------------------------------------------------------------


def test_a_plan_shows_what_is_missing_and_changes_nothing(desk: Desk) -> None:
    assert desk("plan") == FINE
    assert "town_alert.ca  MISSING" in desk.said
    assert "2 in the repository: 2 missing." in desk.said
    assert desk.meta.simulator.templates.all() == []


def test_submit_hands_in_what_is_missing_and_tells_of_each(desk: Desk) -> None:
    assert desk("submit") == FINE
    assert "1/2  town_alert.ca: handed in: PENDING" in desk.said
    assert "2 in the repository: 2 under review." in desk.said


def test_submit_again_hands_in_nothing_again(desk: Desk) -> None:
    desk("submit")
    assert desk("submit") == FINE
    assert "handed in" not in desk.said


def test_a_submit_that_was_interrupted_goes_on_where_it_stopped(desk: Desk) -> None:
    desk.meta.simulator.faults.add({"http": 503, "code": 2, "path": "templates", "times": 1}, 0)
    assert desk("submit") == TROUBLE
    assert "Given up: WhatsApp error 2" in desk.said
    assert desk("submit") == FINE
    assert "2 under review" in desk.said


def test_all_of_the_repositorys_own_templates_can_be_handed_in(meta: Server) -> None:
    desk = Desk(meta, FOLDER)
    assert desk("submit") == FINE
    assert "REFUSED" not in desk.said


def test_a_changed_text_is_changed_at_meta_and_reviewed_again(approved: Desk) -> None:
    approved.rewrite("Cuida't molt.", "Ves amb molt de compte.")
    assert approved("plan") == FINE
    line = next(each for each in approved.said.splitlines() if "town_alert.ca" in each)
    assert line.split() == ["town_alert.ca", "APPROVED", "UTILITY", "-", "change", "the", "text", "differs"]
    assert approved("submit") == FINE
    assert "1/1  town_alert.ca: changed: under review again" in approved.said
    assert "Ves amb molt de compte." in approved.texts()


def test_a_changed_text_waits_while_meta_reviews_the_old_one(desk: Desk) -> None:
    desk("submit")
    desk.rewrite("Cuida't molt.", "Ves amb molt de compte.")
    assert desk("submit") == FINE
    assert "change later" in desk.said
    assert "Ves amb molt de compte." not in desk.texts()


def test_other_samples_are_no_reason_to_hand_it_in_again(approved: Desk) -> None:
    approved.rewrite("Queda't a casa", "Tanca les finestres")
    approved("plan")
    assert "the text differs" not in approved.said


def test_what_was_approved_is_fine(approved: Desk) -> None:
    assert approved("status") == FINE
    assert "2 in the repository: 2 approved." in approved.said


def test_what_was_rejected_is_shown_with_the_reason_and_fails(approved: Desk) -> None:
    approved.judge("REJECTED", reason="TAG_CONTENT_MISMATCH")
    assert approved("status") == TROUBLE
    assert "! town_alert.ca  REJECTED" in approved.said
    assert "rejected: TAG_CONTENT_MISMATCH" in approved.said
    assert approved("submit") == TROUBLE  # the same words would be rejected again
    assert "changed" not in approved.said


def test_what_was_rejected_is_handed_in_again_with_other_words(approved: Desk) -> None:
    approved.judge("REJECTED", reason="INVALID_FORMAT")
    approved.rewrite("Cuida't molt.", "Ves amb molt de compte.")
    assert approved("submit") == FINE
    assert "1 approved, 1 under review" in approved.said or "1 under review, 1 approved" in approved.said


@pytest.mark.parametrize("status", ["PAUSED", "DISABLED"])
def test_what_is_paused_or_switched_off_fails(approved: Desk, status: str) -> None:
    approved.judge(status)
    assert approved("status") == TROUBLE
    assert f"1 {status.lower()}" in approved.said


def test_another_category_and_a_bad_quality_are_said(approved: Desk) -> None:
    found = approved.meta.simulator.templates.find("town_alert", "ca")
    assert found
    found = approved.meta.simulator.set_template_category(found, "MARKETING")
    approved.meta.simulator.set_template_quality(found, "RED")
    assert approved("status") == FINE
    assert "Meta counts it as MARKETING, the repository says UTILITY; people block or report it" in approved.said


def test_one_that_is_refused_hinders_no_other_and_fails(approved: Desk) -> None:
    """An approved one takes one change a day: the second is refused, in one language as in the other."""
    approved.rewrite("Cuida't molt.", "Ves amb compte, sempre.")
    approved("submit")
    approved.judge("APPROVED")
    approved.rewrite("Ves amb compte, sempre.", "Ves amb molt de compte.")
    approved.rewrite("Cuídate mucho.", "Ten mucho cuidado.")
    assert approved("submit") == TROUBLE
    assert "town_alert.ca: REFUSED" in approved.said
    assert "town_alert.es: changed" in approved.said


# --- deleting ---------------------------------------------------------------------------------------


def test_what_only_meta_has_is_left_alone(approved: Desk, tmp_path: Path) -> None:
    approved.folder = tmp_path / "empty"
    approved.folder.mkdir()
    assert approved("submit") == FINE
    assert "not in this repository" in approved.said
    assert "0 in the repository: none. 2 more at Meta." in approved.said
    assert len(approved.meta.simulator.templates.all()) == 2


def test_only_what_is_named_is_deleted(approved: Desk, tmp_path: Path) -> None:
    approved.folder = tmp_path / "empty"
    approved.folder.mkdir()
    assert approved("submit", "--delete", "town_alert", "--delete", "nothing") == FINE
    assert "town_alert.ca: deleted" in approved.said
    assert "nothing: is not at Meta" in approved.said
    assert approved.meta.simulator.templates.all() == []


def test_what_the_repository_has_is_not_deleted(approved: Desk) -> None:
    assert approved("submit", "--delete", "town_alert") == TROUBLE
    assert "REFUSED: it is in the repository" in approved.said
    assert len(approved.meta.simulator.templates.all()) == 2


def test_delete_without_submit_is_a_mistake(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parsed(["plan", "--delete", "town_alert"])
    assert "--delete goes with submit" in capsys.readouterr().err


# --- where to go ------------------------------------------------------------------------------------


def test_a_wrong_token_ends_it_and_is_not_shown(desk: Desk) -> None:
    assert desk("plan", token="my-very-secret-token") == TROUBLE
    assert "Given up: WhatsApp error 190" in desk.said
    assert "my-very-secret-token" not in desk.said


def test_a_broken_template_is_told_before_anything_is_sent(desk: Desk) -> None:
    desk.rewrite("{{summary}}", "{{resum}}")
    assert desk("submit") == LOST
    assert "town_alert.yaml" in desk.said
    assert desk.meta.simulator.templates.all() == []


@pytest.mark.parametrize("environment", [{}, {"CANAL_ACCESS_TOKEN": "token"}, {"CANAL_ACCOUNT_ID": "1"}])
def test_without_token_or_account_it_says_what_to_add(environment: dict[str, str]) -> None:
    said: list[str] = []
    assert main(["plan"], environment, no_clients, said.append) == LOST
    assert "CANAL_" in said[0]


def test_the_local_stack_needs_nothing_else() -> None:
    place = chosen(parsed(["plan", "--local"]), {"CANAL_GRAPH_PORT": "8123"}, no_clients)
    assert place == Place("100000000000001", "local-access-token", "http://127.0.0.1:8123")
    assert "local-access-token" not in repr(place)


class Cloud:
    """What boto3 would say of one stack."""

    def __init__(self, secret: str = '{"access_token": "t", "account_id": "77"}', **outputs: str) -> None:
        self.secret = secret
        self.outputs = outputs or {"AccessTokenSecretArn": "arn:secret"}

    def __call__(self, service: str) -> Any:
        return self

    def describe_stacks(self, StackName: str) -> Any:
        if StackName != "canal":
            raise RuntimeError(f"Stack with id {StackName} does not exist")
        outputs = [{"OutputKey": key, "OutputValue": value} for key, value in self.outputs.items()]
        parameters = [{"ParameterKey": "GraphUrl", "ParameterValue": "https://graph.test"}]
        return {"Stacks": [{"Outputs": outputs, "Parameters": parameters}]}

    def describe_stack_resource(self, **asked: str) -> Any:
        return {"StackResourceDetail": {"PhysicalResourceId": f"canal-{asked['LogicalResourceId']}"}}

    def get_secret_value(self, SecretId: str) -> Any:
        assert SecretId == "arn:secret"
        return {"SecretString": self.secret}


def of(cloud: Cloud, *more: str, stack: str = "canal") -> Place:
    return chosen(parsed(["plan", "--stack", stack, *more]), {}, cloud)


def test_a_stack_gives_token_account_address_and_table() -> None:
    place = of(Cloud())
    assert (place.token, place.account, place.graph_url) == ("t", "77", "https://graph.test")
    assert place.table == "canal-CampaignsTable"


def test_an_option_counts_over_what_the_stack_says() -> None:
    assert of(Cloud(), "--account", "88").account == "88"


@pytest.mark.parametrize("secret", ["{}", "[]", "not JSON", '{"access_token": ""}'])
def test_a_secret_that_nobody_filled_in_is_said_without_its_words(secret: str) -> None:
    with pytest.raises(NoPlace, match="access token"):
        of(Cloud(secret), "--account", "88")


def test_a_stack_that_is_not_canals_is_said() -> None:
    with pytest.raises(NoPlace, match="no AccessTokenSecretArn"):
        of(Cloud(Other="1"))


def test_a_stack_that_does_not_exist_is_said() -> None:
    with pytest.raises(NoPlace, match="does not exist"):
        of(Cloud(), stack="cabal")


# --- what is kept -----------------------------------------------------------------------------------


class Broken(FakeAccount):
    def save_template(self, health: Any) -> None:
        raise Temporary("no answer")


def kept(approved: Desk, account: FakeAccount) -> str:
    lines: list[str] = []
    place = Place("100000000000001", "local-access-token", approved.meta.url)
    limits = partial(limits_at, place)
    run(parsed(["status"]), read_templates(approved.folder), templates_at(place), limits, account, lines.append)
    return "\n".join(lines)


def set_limits(desk: Desk, tier: str, quality: str) -> None:
    simulator = desk.meta.simulator
    simulator.settings = replace(simulator.settings, messaging_limit=tier, quality_rating=quality)


def test_what_was_seen_is_kept_for_the_stack(approved: Desk) -> None:
    approved.judge("REJECTED", reason="SCAM")
    account = FakeAccount()
    assert "Kept in the stack's table: 2." in kept(approved, account)
    health = account.health["town_alert", "ca"]
    assert (health.status, health.category, health.reason, health.quality) == ("REJECTED", "UTILITY", "SCAM", "")
    assert health.at is not None


@pytest.mark.parametrize(
    ("tier", "limit", "said"),
    [("TIER_100K", 100_000, "100,000"), ("TIER_UNLIMITED", None, "no limit")],
)
def test_how_many_may_be_written_to_is_asked_since_nobody_tells_before_it_changes(
    approved: Desk, tier: str, limit: int | None, said: str
) -> None:
    set_limits(approved, tier, "YELLOW")
    account = FakeAccount()
    assert f"in 24 hours: {said}." in kept(approved, account)
    assert (account.told.tier, account.told.quality, account.told.known) == (limit, "YELLOW", True)


def test_a_tier_that_nobody_has_heard_of_leaves_what_was_known(approved: Desk) -> None:
    set_limits(approved, "TIER_HUGE", "GREEN")
    account = FakeAccount(limits=Limits(2_000, known=True))
    assert "Meta does not say" in kept(approved, account)
    assert account.told == Limits(2_000, known=True)


def test_a_tier_that_cannot_be_asked_is_said_and_spoils_nothing(approved: Desk) -> None:
    def refused() -> Limits | None:
        raise Temporary("no answer")

    lines: list[str] = []
    account, place = FakeAccount(), Place("100000000000001", "local-access-token", approved.meta.url)
    wanted = read_templates(approved.folder)
    assert run(parsed(["status"]), wanted, templates_at(place), refused, account, lines.append) == FINE
    assert "could not be asked" in lines[-1]
    assert account.health


def test_a_table_that_does_not_answer_is_said_and_spoils_nothing(approved: Desk) -> None:
    said = kept(approved, Broken())
    assert "2 approved" in said
    assert "could not be kept" in said


# --- comparing --------------------------------------------------------------------------------------


def theirs(**changes: Any) -> dict[str, Any]:
    return {"id": "5", "name": "a", "language": "ca", "status": "APPROVED", "category": "UTILITY", **changes}


def ours(**changes: Any) -> dict[str, Any]:
    body = {"type": "BODY", "text": "Hola"}
    return {"name": "a", "language": "ca", "category": "UTILITY", "components": [body], **changes}


def row(found: dict[str, Any], wanted: dict[str, Any] | None = None) -> Row:
    return compared([wanted or ours()], [found])[0]


def test_the_spelling_of_meta_is_no_difference() -> None:
    body = {"type": "body", "text": "Hola ", "example": {"body_text": [["x"]]}}
    assert row(theirs(components=[body], language="ca")).action == Action.NOTHING
    english = compared([ours(language="en_US")], [theirs(language="en-US", components=[body])])
    assert [each.action for each in english] == [Action.NOTHING]


def test_the_category_of_what_was_approved_is_not_touched_and_of_what_was_rejected_is() -> None:
    edited = row(theirs(components=[]))
    assert (edited.action, "category" in edited.changes) == (Action.EDIT, False)
    rejected = row(theirs(status="REJECTED", category="MARKETING", components=ours()["components"]))
    assert (rejected.action, rejected.changes["category"]) == (Action.EDIT, "UTILITY")


@pytest.mark.parametrize("strange", [None, [], "x", [None], [{"type": "BODY"}]])
def test_whatever_meta_lists_is_shown(strange: Any) -> None:
    assert row(theirs(components=strange, status=None, quality_score=strange)).status == ""


def test_the_makefile_leads_here() -> None:
    assert "-m ops.templates" in (FOLDER.parents[2] / "Makefile").read_text("utf-8")
