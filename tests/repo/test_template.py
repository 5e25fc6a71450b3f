"""What ``template.yaml`` must always hold: nothing in the clear, nothing lost, nothing allowed in vain."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from samtranslator.yaml_helper import yaml_parse

ROOT = Path(__file__).resolve().parents[2]
SOURCE = (ROOT / "template.yaml").read_text("utf-8")
TEMPLATE: dict[str, Any] = yaml_parse(SOURCE)
RESOURCES: dict[str, dict[str, Any]] = TEMPLATE["Resources"]


def of_type(kind: str) -> dict[str, dict[str, Any]]:
    return {name: resource for name, resource in RESOURCES.items() if resource["Type"] == kind}


def properties(kind: str) -> list[Any]:
    """One test parameter per resource of ``kind``, named by it."""
    return [pytest.param(resource["Properties"], id=name) for name, resource in of_type(kind).items()]


def statements() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every permission of every role, with the role's name."""
    for name, role in of_type("AWS::IAM::Role").items():
        for policy in role["Properties"]["Policies"]:
            for statement in policy["PolicyDocument"]["Statement"]:
                yield name, statement


def dead_letter_queues() -> set[str]:
    """The queues that others redrive to."""
    targets = [queue["Properties"].get("RedrivePolicy") for queue in of_type("AWS::SQS::Queue").values()]
    return {target["deadLetterTargetArn"]["Fn::GetAtt"][0] for target in targets if target}


# --- data at rest and on the way ----------------------------------------------------------------


@pytest.mark.parametrize("table", properties("AWS::DynamoDB::Table"))
def test_a_table_is_encrypted_on_demand_and_can_be_brought_back(table: dict[str, Any]) -> None:
    assert table["SSESpecification"] == {"SSEEnabled": True}
    assert table["BillingMode"] == "PAY_PER_REQUEST"
    assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}


@pytest.mark.parametrize("queue", properties("AWS::SQS::Queue"))
def test_a_queue_is_encrypted(queue: dict[str, Any]) -> None:
    assert queue["SqsManagedSseEnabled"] is True


@pytest.mark.parametrize("bucket", properties("AWS::S3::Bucket"))
def test_a_bucket_is_encrypted_and_private(bucket: dict[str, Any]) -> None:
    assert bucket["BucketEncryption"]
    assert bucket["OwnershipControls"] == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    assert all(bucket["PublicAccessBlockConfiguration"].values())
    assert len(bucket["PublicAccessBlockConfiguration"]) == 4


def test_content_can_be_brought_back_and_a_deleted_photo_cannot() -> None:
    assert RESOURCES["ContentBucket"]["Properties"]["VersioningConfiguration"] == {"Status": "Enabled"}
    assert "VersioningConfiguration" not in RESOURCES["PhotosBucket"]["Properties"]


@pytest.mark.parametrize("bucket", of_type("AWS::S3::Bucket"))
def test_a_bucket_answers_encrypted_connections_only(bucket: str) -> None:
    policies = [p["Properties"] for p in of_type("AWS::S3::BucketPolicy").values()]
    mine = [s for p in policies if p["Bucket"] == {"Ref": bucket} for s in p["PolicyDocument"]["Statement"]]
    assert any(s["Effect"] == "Deny" and "aws:SecureTransport" in s["Condition"]["Bool"] for s in mine)


@pytest.mark.parametrize("name", [*of_type("AWS::DynamoDB::Table"), *of_type("AWS::S3::Bucket")])
def test_removing_the_stack_removes_no_data(name: str) -> None:
    assert RESOURCES[name]["DeletionPolicy"] == "Retain"
    assert RESOURCES[name]["UpdateReplacePolicy"] == "Retain"


# --- nothing is lost ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name in of_type("AWS::SQS::Queue") if name not in dead_letter_queues()])
def test_a_queue_hands_what_fails_to_a_dead_letter_queue_of_its_kind(name: str) -> None:
    queue = RESOURCES[name]["Properties"]
    target = RESOURCES[queue["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0]]["Properties"]
    assert queue.get("FifoQueue") == target.get("FifoQueue")
    assert target["MessageRetentionPeriod"] == 14 * 24 * 3600


@pytest.mark.parametrize("name", sorted(dead_letter_queues()))
def test_somebody_is_told_of_a_dead_letter(name: str) -> None:
    watched = [
        dimension["Value"].get("Fn::GetAtt", [""])[0]
        for alarm in of_type("AWS::CloudWatch::Alarm").values()
        if alarm["Properties"]["MetricName"] == "ApproximateNumberOfMessagesVisible"
        for dimension in alarm["Properties"]["Dimensions"]
    ]
    assert name in watched


@pytest.mark.parametrize("alarm", properties("AWS::CloudWatch::Alarm"))
def test_an_alarm_says_what_happened_and_tells_somebody(alarm: dict[str, Any]) -> None:
    assert alarm["AlarmDescription"]
    assert alarm["AlarmActions"] == [{"Ref": "AlarmTopic"}]


def test_a_message_is_not_handed_out_twice_while_it_is_being_answered() -> None:
    """Lambda asks for a visibility time-out of six times the function's."""
    for function in of_type("AWS::Serverless::Function").values():
        for event in function["Properties"]["Events"].values():
            if event["Type"] == "SQS":
                queue = RESOURCES[event["Properties"]["Queue"]["Fn::GetAtt"][0]]["Properties"]
                assert queue["VisibilityTimeout"] >= 6 * function["Properties"]["Timeout"]
                assert event["Properties"]["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


@pytest.mark.parametrize("name", of_type("AWS::SQS::Queue"))
def test_replacing_a_queue_leaves_what_waits_in_it(name: str) -> None:
    assert RESOURCES[name]["UpdateReplacePolicy"] == "Retain"


def test_an_outage_of_a_day_dead_letters_no_reply() -> None:
    from canal.adapters.visibility import seconds

    tries = RESOURCES["ConversationQueue"]["Properties"]["RedrivePolicy"]["maxReceiveCount"]
    assert sum(seconds(attempt) for attempt in range(1, tries)) > 24 * 3600


NOTICES = ("PlanAlertsQueue", "PlanBulkQueue", "SendAlertsQueue", "SendBulkQueue")


def sources(function: str) -> dict[str, dict[str, Any]]:
    """The event sources of a function, by queue."""
    events = RESOURCES[function]["Properties"]["Events"].values()
    return {e["Properties"]["Queue"]["Fn::GetAtt"][0]: e["Properties"] for e in events if e["Type"] == "SQS"}


def test_an_alert_has_queues_of_its_own() -> None:
    assert set(sources("PlanFunction")) | set(sources("SendFunction")) == set(NOTICES)


def test_no_more_senders_run_than_share_the_rate() -> None:
    """What send divides by is what Lambda holds it to: both come from one parameter."""
    variables = RESOURCES["SendFunction"]["Properties"]["Environment"]["Variables"]
    for queue, variable in (
        ("SendAlertsQueue", "CANAL_ALERT_WORKERS"),
        ("SendBulkQueue", "CANAL_BULK_WORKERS"),
    ):
        most = sources("SendFunction")[queue]["ScalingConfig"]["MaximumConcurrency"]
        assert most == variables[variable]
        assert TEMPLATE["Parameters"][most["Ref"]]["MinValue"] == 2  # Lambda takes no less


def test_every_queue_of_notices_is_held_to_a_concurrency() -> None:
    """Else a campaign would take the account's functions from the conversation."""
    found = sources("PlanFunction") | sources("SendFunction") | sources("CollectFunction")
    assert all(source["ScalingConfig"]["MaximumConcurrency"] for source in found.values())


@pytest.mark.parametrize("name", NOTICES)
def test_a_chunk_of_recipients_outlives_an_outage_of_days(name: str) -> None:
    queue = RESOURCES[name]["Properties"]
    assert queue["MessageRetentionPeriod"] == 4 * 24 * 3600
    assert queue["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0] == "BroadcastDeadLetters"


def test_citizens_do_not_share_a_limit_in_the_conversation_queue() -> None:
    queue = RESOURCES["ConversationQueue"]["Properties"]
    assert queue["DeduplicationScope"] == "messageGroup"
    assert queue["FifoThroughputLimit"] == "perMessageGroupId"


# --- least permissions --------------------------------------------------------------------------


def test_no_permission_is_for_everything() -> None:
    """Where AWS knows no narrower resource, the line above the wildcard must say why."""
    for role, statement in statements():
        actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
        assert all(re.fullmatch(r"[a-z0-9-]+:[A-Za-z]+", action) for action in actions), (role, actions)
    lines = SOURCE.splitlines()
    for number, line in enumerate(lines):
        if re.search(r"Resource: [\"']?\*[\"']?\s*$", line):
            assert lines[number - 1].strip().startswith("#"), f"line {number + 1}: say why it must be a wildcard"


def test_every_permission_says_what_it_is_for() -> None:
    for role, statement in statements():
        assert statement.get("Sid"), f"{role}: {statement['Action']} has no Sid"


@pytest.mark.parametrize("function", properties("AWS::Serverless::Function"))
def test_a_function_has_its_own_role_and_its_own_log_that_is_deleted_in_time(
    function: dict[str, Any],
) -> None:
    roles = [f["Properties"]["Role"]["Fn::GetAtt"][0] for f in of_type("AWS::Serverless::Function").values()]
    assert roles.count(function["Role"]["Fn::GetAtt"][0]) == 1
    log = RESOURCES[function["LoggingConfig"]["LogGroup"]["Ref"]]["Properties"]
    assert log["RetentionInDays"] == {"Ref": "LogRetentionDays"}


def test_only_the_function_that_needs_a_secret_may_read_it() -> None:
    readers = {
        (role, statement["Resource"]["Ref"])
        for role, statement in statements()
        if statement["Action"] == "secretsmanager:GetSecretValue"
    }
    assert readers == {
        ("ReceiveRole", "WebhookSecret"),
        ("ConverseRole", "AccessTokenSecret"),
        ("RouteRole", "AccessTokenSecret"),
        ("SendRole", "AccessTokenSecret"),
        ("BroadcastApiRole", "AccessTokenSecret"),  # "send to me first"
        ("Open311Role", "Open311KeysSecret"),
    }


def test_mail_leaves_from_one_address_only() -> None:
    senders = [(role, s) for role, s in statements() if "ses:SendEmail" in s["Action"]]
    assert [role for role, _ in senders] == ["RouteRole"]
    assert senders[0][1]["Condition"]["StringEquals"]["ses:FromAddress"]["Fn::If"][1] == {"Ref": "MailFrom"}


def test_only_those_who_store_or_black_out_photos_may_write_them() -> None:
    def touching(action: str) -> set[str]:
        return {role for role, s in statements() if action in s["Action"] and "PhotosBucket" in str(s["Resource"])}

    assert touching("s3:PutObject") == touching("s3:DeleteObject") == {"RouteRole", "IncidentApiRole"}
    assert touching("s3:GetObject") == {"ConverseRole", "IncidentApiRole", "Open311Role"}


def test_no_permission_is_for_an_index_that_the_table_does_not_have() -> None:
    """Asked for as ``${DeliveriesTable.Arn}/index/by_look``."""
    named = {place for _, s in statements() for place in re.findall(r"(\w+)\.Arn}/index/([a-z_]+)", str(s["Resource"]))}
    assert named <= {
        (table, index["IndexName"])
        for table, resource in of_type("AWS::DynamoDB::Table").items()
        for index in resource["Properties"].get("GlobalSecondaryIndexes", ())
    }


def test_only_the_function_that_sends_notices_and_the_one_that_plans_them_see_whom_they_are_for() -> None:
    """Besides who counts, mends and shows them: nobody that is open to the public or reads the feeds of others."""
    readers = {role for role, s in statements() if "DeliveriesTable" in str(s["Resource"])}
    assert readers == {"PlanRole", "SendRole", "TendRole", "BroadcastApiRole", "CollectRole"}


def test_only_the_conversation_writes_what_citizens_subscribed_to() -> None:
    writers = {
        role
        for role, s in statements()
        if "SubscriptionsTable" in str(s["Resource"]) and s["Action"] != "dynamodb:Query"
    }
    assert writers == {"ConverseRole"}


# --- who is let in ------------------------------------------------------------------------------


def routes() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every route of both APIs, with its function's name."""
    for name, function in of_type("AWS::Serverless::Function").items():
        for event in function["Properties"]["Events"].values():
            if event["Type"] == "HttpApi":
                yield name, event["Properties"]


def test_every_route_but_metas_and_the_public_one_wants_a_token_of_the_staff() -> None:
    for name, route in routes():
        wants = route.get("Auth") == {"Authorizer": "Staff"}
        assert wants == route["Path"].startswith("/api/"), f"{name}: {route['Method']} {route['Path']}"


def test_a_browser_may_ask_what_it_may_do_without_a_token() -> None:
    """A route for ANY method would take the browser's OPTIONS, and want a token for it."""
    assert not [route for _, route in routes() if "Auth" in route and route["Method"] in ("ANY", "OPTIONS")]
    assert set(RESOURCES["Api"]["Properties"]["CorsConfiguration"]["AllowMethods"]) == {
        route["Method"] for _, route in routes() if "Auth" in route
    }


def test_a_token_is_of_the_staffs_pool_and_for_the_staffs_page() -> None:
    token = RESOURCES["Api"]["Properties"]["Auth"]["Authorizers"]["Staff"]["JwtConfiguration"]
    assert "${StaffPool}" in token["issuer"]["Fn::Sub"]
    assert token["audience"] == [{"Ref": "StaffClient"}]


def test_nobody_makes_an_account_for_themselves() -> None:
    pool = RESOURCES["StaffPool"]["Properties"]
    assert pool["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"] is True
    assert pool["Policies"]["PasswordPolicy"]["MinimumLength"] >= 12
    assert pool["EnabledMfas"] == ["SOFTWARE_TOKEN_MFA"]


def test_the_password_never_leaves_the_browser() -> None:
    flows = RESOURCES["StaffClient"]["Properties"]["ExplicitAuthFlows"]
    assert not [flow for flow in flows if "PASSWORD" in flow]


def test_the_public_api_has_a_limit_of_its_own() -> None:
    public = {route["ApiId"]["Ref"] for _, route in routes() if route["Path"].startswith(("/open311/", "/notices"))}
    assert public == {"PublicApi"}
    assert not [route for _, route in routes() if route["ApiId"]["Ref"] == "PublicApi" and "Auth" in route]
    limits = RESOURCES["PublicApi"]["Properties"]["DefaultRouteSettings"]
    assert limits["ThrottlingRateLimit"] == {"Ref": "Open311PerSecond"}


def test_no_secret_passes_through_a_parameter() -> None:
    assert not [name for name in TEMPLATE["Parameters"] if re.search("secret|token|password", name, re.IGNORECASE)]
    for secret in of_type("AWS::SecretsManager::Secret").values():
        assert "SecretString" not in secret["Properties"]


@pytest.mark.parametrize("api", properties("AWS::Serverless::HttpApi"))
def test_the_access_log_tells_nothing_of_who_called(api: dict[str, Any]) -> None:
    logged = set(re.findall(r"\$context\.([A-Za-z.]+)", api["AccessLogSettings"]["Format"]))
    assert logged <= {
        *("requestId", "requestTime", "routeKey", "status", "responseLength", "responseLatency"),
        *("integrationLatency", "error.messageString"),
    }


# --- what happens by itself ---------------------------------------------------------------------


def schedules() -> dict[str, dict[str, Any]]:
    """Every schedule by its name."""
    return {
        event["Properties"]["Name"]["Fn::Sub"].removeprefix("${AWS::StackName}-"): event["Properties"]
        for function in of_type("AWS::Serverless::Function").values()
        for event in function["Properties"]["Events"].values()
        if event["Type"] == "ScheduleV2"
    }


def test_digests_go_out_at_hours_of_the_town_which_it_may_change_or_stop() -> None:
    digests = {name: each for name, each in schedules().items() if "Input" in each}
    assert set(digests) == {"agenda", "offers", "offers_weekly", "taxes"}
    for name, each in digests.items():
        assert json.loads(each["Input"]) == {"digest": name}
        assert each["ScheduleExpressionTimezone"] == "Europe/Madrid"
        parameter = TEMPLATE["Parameters"][each["ScheduleExpression"]["Ref"]]
        assert re.fullmatch(parameter["AllowedPattern"], parameter["Default"])
        assert TEMPLATE["Parameters"][each["State"]["Ref"]]["AllowedValues"] == ["ENABLED", "DISABLED"]


def test_the_default_hours_are_outside_the_night() -> None:
    for name in ("AgendaSchedule", "OffersSchedule", "WeeklyOffersSchedule", "TaxesSchedule"):
        _, hour, *_ = TEMPLATE["Parameters"][name]["Default"].removeprefix("cron(").split()
        assert 9 <= int(hour) <= 20


def test_what_runs_every_few_minutes_is_not_tried_again_and_everything_else_is() -> None:
    for each in schedules().values():
        tries = each["RetryPolicy"]["MaximumRetryAttempts"]
        assert (tries == 0) == ("Input" not in each)


def test_an_override_of_the_second_person_rings_whatever_the_log_level() -> None:
    """Its alarm waits for a sentence of the log; the two must not drift apart."""
    properties = RESOURCES["ApprovedAloneFilter"]["Properties"]
    sentence = re.fullmatch(r'\{ \$\.message = "(.+)" \}', properties["FilterPattern"])
    assert sentence
    written = (ROOT / "layers/common/canal/desk/campaigns/approving.py").read_text("utf-8")
    assert f'warn("{sentence[1]}"' in written
    (figure,) = properties["MetricTransformations"]
    assert figure["MetricName"] == RESOURCES["ApprovedAloneAlarm"]["Properties"]["MetricName"]
    logging = RESOURCES["BroadcastApiFunction"]["Properties"]["LoggingConfig"]
    assert properties["LogGroupName"] == logging["LogGroup"]
    assert logging["ApplicationLogLevel"] == {"Fn::If": ["LogsErrorsOnly", "WARN", {"Ref": "LogLevel"}]}


@pytest.mark.parametrize(
    "alarm",
    [
        "CampaignStoppedAlarm",
        "CampaignStoppedByReportAlarm",
        "AlertLateAlarm",
        "CapFaultsAlarm",
        "TemplatesAlarm",
        "AgendaNotLoadedAlarm",
    ],
)
def test_an_alarm_on_a_figure_of_ours_watches_a_function_that_writes_it(alarm: str) -> None:
    properties = RESOURCES[alarm]["Properties"]
    (service,) = (dimension["Value"] for dimension in properties["Dimensions"])
    code = "".join(
        path.read_text("utf-8") for folder in ("functions", "layers") for path in (ROOT / folder).rglob("*.py")
    )
    assert re.search(rf"\b{properties['MetricName']}\b", code)
    services = {
        f["Properties"]["Environment"]["Variables"]["POWERTOOLS_SERVICE_NAME"]
        for f in of_type("AWS::Serverless::Function").values()
    }
    assert service in services


# --- for those who deploy -----------------------------------------------------------------------


@pytest.mark.parametrize("name", TEMPLATE["Parameters"])
def test_a_parameter_has_a_description_and_a_limit(name: str) -> None:
    parameter = TEMPLATE["Parameters"][name]
    assert parameter["Description"]
    assert {"AllowedPattern", "AllowedValues", "MinValue"} & parameter.keys()
    assert "AllowedPattern" not in parameter or parameter["ConstraintDescription"]


def test_everything_runs_on_lambdas_python_on_arm() -> None:
    shared = TEMPLATE["Globals"]["Function"]
    assert shared["Runtime"] == "python3.13"
    assert shared["Architectures"] == ["arm64"]
    assert RESOURCES["CommonLayer"]["Metadata"] == {"BuildMethod": "python3.13", "BuildArchitecture": "arm64"}


def test_the_template_uses_no_yaml_alias() -> None:
    """CloudFormation does not know them."""
    assert not re.search(r": [&*][a-z]", SOURCE)


def test_staff_cannot_change_the_address_that_histories_name_them_by() -> None:
    (client,) = of_type("AWS::Cognito::UserPoolClient").values()
    assert "email" not in client["Properties"]["WriteAttributes"]


def test_the_staff_api_is_watched_where_its_answers_pass() -> None:
    """Its function answers 500 and never fails, so that an alarm on failed calls would stay silent."""
    alarm = of_type("AWS::CloudWatch::Alarm")["StaffApiErrorsAlarm"]["Properties"]
    assert (alarm["Namespace"], alarm["MetricName"]) == ("AWS/ApiGateway", "5xx")
