"""The staff API of notices: who changes what, two people at once, and what is refused in plain words."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from canal.broadcasts import changes
from canal.broadcasts.campaign import Progress, What
from canal.broadcasts.outside import Health, PlanJob
from canal.broadcasts.states import State
from canal.broadcasts.subscription import SHARDS
from canal.errors import LostRace, NoTemplate, Stopped, Temporary, Undeliverable, WindowClosed

from tests.desk import ADMINISTRATOR, COMMUNICATIONS, LIGHTING
from tests.notice_desk import DRAFT, WORDS, Station, moment, station, town
from tests.noticeboard import MONDAY, a_subscriber

ACTS: dict[str, Any] = {
    "check": None,
    "test": {"to": "34600000001"},
    "approve": {},
    "pause": None,
    "resume": None,
    "cancel": None,
}


# --- roles and versions ----------------------------------------------------------------------------


@pytest.mark.parametrize("what", ACTS)
@pytest.mark.parametrize(("groups", "may"), [(ADMINISTRATOR, True), (COMMUNICATIONS, True), (LIGHTING, False)])
def test_departments_look_on_and_the_others_act(what: str, groups: str, may: bool) -> None:
    there = station()
    campaign = there.written()
    there.groups = groups
    told = there.act(campaign, what, ACTS[what])
    assert (told.status == 403) != may, told.text


@pytest.mark.parametrize(("method", "path"), [("POST", ""), ("PATCH", "/{}"), ("POST", "/{}/copy")])
def test_departments_write_nothing(method: str, path: str) -> None:
    there = station()
    campaign = there.written()
    there.groups = LIGHTING
    body = {"image": ""} if method == "PATCH" else DRAFT
    told = there.call(method, f"/api/campaigns{path.format(campaign)}", body, '"1"')
    assert (told.status, told.error) == (403, "not_your_role")
    assert len(there.board.campaigns) == 1


@pytest.mark.parametrize("what", ACTS)
def test_a_change_without_if_match_gets_428_and_an_old_one_412(what: str) -> None:
    there = station()
    campaign = there.written()
    without = there.call("POST", f"/api/campaigns/{campaign}/{what}", ACTS[what])
    assert (without.status, without.error) == (428, "no_condition")
    assert "avís" in without.json["message"]["ca"]
    stale = there.call("POST", f"/api/campaigns/{campaign}/{what}", ACTS[what], '"9"')
    assert (stale.status, stale.error) == (412, "changed_meanwhile")
    assert stale.json["campaign"]["version"] == "1"
    assert stale.json["changed"]["who"] == "anna@alzira.test"


# --- writing ---------------------------------------------------------------------------------------


def test_a_draft_takes_kind_template_and_screen_from_its_topic() -> None:
    there = station()
    told = there.call("POST", "/api/campaigns", {**DRAFT, "topic": "agenda", "not_before": "2026-11-24T08:00:00+01:00"})
    assert (told.status, told.etag) == (201, '"1"')
    found = there.board.campaigns[told.json["id"]]
    assert (found.kind, found.template, found.opens, found.created_by) == (
        "digest",
        "weekly_agenda",
        "culture:week",
        "anna@alzira.test",
    )
    assert found.id.startswith("20261123-")


def test_the_same_request_twice_makes_one_draft() -> None:
    there = station()
    for _ in range(2):
        there.later(seconds=5)
        told = there.call("POST", "/api/campaigns", DRAFT, headers={"idempotency-key": "k1"})
        assert told.status == 201
    assert len(there.board.campaigns) == 1
    there.call("POST", "/api/campaigns", DRAFT, headers={"idempotency-key": "k2"})
    assert len(there.board.campaigns) == 2


def test_a_draft_whose_answer_got_lost_on_the_way_is_kept_once() -> None:
    there = station()

    def lost(call: str) -> None:
        if call == "after save campaign":
            raise LostRace("the first try had been carried out")

    there.board.tap = lost
    assert there.call("POST", "/api/campaigns", DRAFT).status == 201
    assert len(there.board.campaigns) == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"topic": "nothing"}, "topic"),
        ({"topic": "a b"}, "topic"),
        ({"kind": "news"}, "kind"),
        ({"kind": "riot"}, "kind"),
        ({"headline": "Hola"}, "headline"),
        ({"words": {"en": {"headline": "Rain"}}}, "words.en"),
        ({"words": {"ca": {"text": "a" * 4_097}}}, "words.ca.text"),
        ({"words": {"ca": {"headline": "a\x00b"}}}, "words.ca.headline"),
        ({"words": {"ca": {"headline": "\ud800"}}}, "words.ca.headline"),
        ({"zones": ["a b"]}, "zones.0"),
        ({"zones": ["z"] * 101}, "zones"),
        ({"frequency": "hourly"}, "frequency"),
        ({"not_before": "2026-11-24T08:00:00"}, "not_before"),
        ({"not_before": "tomorrow"}, "not_before"),
        ({"until": "9999-12-31T23:59:59-12:00"}, "until"),
        ({"image": "http://alzira.test/a.jpg"}, "image"),
        ({"image": "javascript:alert(1)"}, "image"),
        ({"opens": "culture week"}, "opens"),
        ({"cap": {"severity": "terrible"}}, "cap.severity"),
        ({"cap": {"event": "Rain"}}, "cap.event"),
    ],
)
def test_a_field_that_cannot_be_gets_422_and_is_named(wrong: dict[str, Any], field: str) -> None:
    there = station()
    told = there.call("POST", "/api/campaigns", {**DRAFT, **wrong})
    assert (told.status, told.error, told.fields) == (422, "invalid", [field])
    assert there.board.campaigns == {}


def patch(there: Station, campaign: str, **changed: Any) -> Any:
    etag = there.get(f"/api/campaigns/{campaign}").etag
    return there.call("PATCH", f"/api/campaigns/{campaign}", changed, etag)


def test_an_edit_changes_what_it_names_and_must_be_checked_anew() -> None:
    there = station()
    campaign = there.checked(zones=[])
    there.email = "boss@alzira.test"
    told = patch(there, campaign, words={"es": {"headline": "Nuevo", "text": "Otro"}}, until=moment(20))
    assert (told.status, told.json["state"], told.json["estimate"]) == (200, "draft", None)
    assert (told.json["words"]["es"]["text"], told.json["words"]["ca"]["headline"]) == ("Otro", "Pluja forta")
    assert (told.json["written_by"], told.json["until"]) == ("boss@alzira.test", "2026-11-23T20:00:00Z")
    assert patch(there, campaign, until=None).json["until"] is None
    moved = patch(there, campaign, topic="agenda").json
    assert (moved["kind"], moved["template"], moved["opens"]) == ("digest", "weekly_agenda", "culture:week")


def test_what_cap_says_of_an_alert_is_shown_and_written_word_by_word() -> None:
    there = station()
    campaign = there.written(cap={"severity": "Severe"})
    view = patch(there, campaign, cap={"urgency": "Expected", "certainty": "Likely"}).json
    empty = {"status": "", "updates": "", "untranslated": []}
    assert view["cap"] == {**empty, "severity": "Severe", "urgency": "Expected", "certainty": "Likely"}
    copied = there.call("POST", f"/api/campaigns/{campaign}/copy").json
    assert copied["cap"] == view["cap"]
    assert patch(there, campaign, topic="news").json["cap"] is None


def test_only_alerts_are_severe() -> None:
    there = station()
    told = there.call("POST", "/api/campaigns", {**DRAFT, "topic": "news", "cap": {"severity": "Minor"}})
    assert (told.status, told.json["details"][0]) == (422, {"field": "cap", "reason": "alerts_only", "allowed": []})
    assert patch(there, there.written(topic="news"), cap={"severity": "Minor"}).status == 422


def test_an_edit_of_nothing_is_refused() -> None:
    there = station()
    assert patch(there, there.written()).status == 422


def test_what_is_being_sent_cannot_be_edited_and_the_answer_says_so() -> None:
    there = station()
    told = patch(there, there.sending(), image="")
    assert (told.status, told.error) == (409, "not_now")
    assert told.json["message"]["es"].startswith("El aviso ya se está preparando y enviando")
    assert told.json["details"][0]["allowed"] == ["test", "pause", "cancel", "copy"]


def test_a_copy_is_a_new_draft_without_the_past() -> None:
    there = station()
    campaign = there.sending(until=moment(20))
    there.later(hours=1)
    told = there.call("POST", f"/api/campaigns/{campaign}/copy", headers={"idempotency-key": "c"})
    view = told.json
    assert (told.status, view["state"], view["until"], view["estimate"]) == (201, "draft", None, None)
    assert (view["words"]["ca"]["headline"], len(view["history"])) == ("Pluja forta", 1)
    again = there.call("POST", f"/api/campaigns/{campaign}/copy", headers={"idempotency-key": "c"})
    assert again.json["id"] == view["id"]


# --- checking --------------------------------------------------------------------------------------


def test_a_check_counts_whom_it_reaches() -> None:
    there = station()
    told = there.act(there.written(), "check").json
    found = told["estimate"]
    assert (told["state"], found["recipients"], found["inside"], found["outside"]) == ("checked", 4, 1, 3)
    assert (found["by_language"], found["by_zone"]) == ({"ca": 3, "es": 1}, {"": 3, "zone-a": 1})
    assert (found["tier"], found["days"], found["seconds"], found["cost"]) == (2_000, 1, 1, 0.11)
    assert (found["problems"], found["good_until"]) == ([], "2026-11-24T09:00:00Z")
    assert told["second_person"]


def test_a_check_that_finds_a_problem_leaves_a_draft_with_the_reasons() -> None:
    there = station()
    told = there.act(there.written(words={"ca": WORDS["ca"]}, not_before=moment(8)), "check").json
    assert told["state"] == "draft"
    said = {each["code"]: each["message"] for each in told["estimate"]["problems"]}
    assert said["no_words"]["es"] == "Falta el título o el texto en castellano."
    assert said["start_passed"]["ca"] == "L'hora d'inici ja ha passat (23/11/2026, 09:00)."
    refused = there.act(told["id"], "approve", {})
    assert (refused.status, refused.error) == (409, "not_now")
    assert "comprovar" in refused.json["message"]["ca"]


# --- sending it to somebody first ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("to", "mode", "language"),
    [("+34 600 000 002", "template", "es"), ("34600000003", "text", "ca"), ("ES.1004", "template", "ca")],
)
def test_the_very_message_goes_to_one_person_and_counts_nowhere(to: str, mode: str, language: str) -> None:
    there = station()
    campaign = there.written()
    told = there.act(campaign, "test", {"to": to})
    assert told.json == {"mode": mode, "language": language}
    ((_, how, _, reference),) = there.channel.sent
    assert (how, reference) == ("text" if mode == "text" else "town_alert", f"trial#{campaign}")
    assert there.board.rows == {}


def test_a_window_that_whatsapp_knows_to_be_closed_gets_the_template() -> None:
    there = station()
    errors = iter([WindowClosed("131047"), None])
    there.channel.failing = lambda citizen: next(errors)
    assert there.act(there.written(), "test", {"to": "34600000003", "language": "es"}).json["mode"] == "template"
    assert there.channel.values == [{"headline": "Lluvia fuerte", "summary": "Evita los barrancos."}]


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (NoTemplate("132001"), 409, "template_refused"),
        (Undeliverable("131026"), 409, "not_reached"),
        (Stopped("131042"), 409, "account_stopped"),
        (Temporary("time-out"), 503, "try_again"),
    ],
)
def test_a_trial_that_does_not_go_out_says_why(error: Any, status: int, code: str) -> None:
    there = station()
    there.channel.failing = lambda citizen: error
    told = there.act(there.written(), "test", {"to": "34600000001"})
    assert (told.status, told.error) == (status, code)


def test_a_trial_needs_somebody_who_has_written_and_words_that_fit() -> None:
    there = station()
    campaign = there.written()
    stranger = there.act(campaign, "test", {"to": "+34699999999"})
    assert (stranger.status, stranger.error) == (422, "invalid")
    assert stranger.json["details"] == [{"field": "to", "reason": "never_wrote", "allowed": []}]
    assert stranger.json["message"]["ca"].startswith("Ningú amb este telèfon o identificador ha escrit a l'ajuntament")
    assert stranger.json["message"]["es"].startswith(
        "Nadie con este teléfono o identificador ha escrito al ayuntamiento"
    )
    assert there.act(campaign, "test", {"to": "<script>"}).fields == ["to"]
    patch(there, campaign, words={"ca": {"headline": "Una\nAltra", "text": "Text"}})
    told = there.act(campaign, "test", {"to": "34600000001"})
    assert (told.error, told.fields) == ("not_ready", ["words.ca"])
    assert there.channel.sent == []


@pytest.mark.parametrize(
    "written",
    ["+34600000004", "+34 600 000 004", "0034600000004", "34600000004", "600000004", "600 00 00 04", "ES.1004"],
)
def test_a_trial_finds_whoever_writes_with_an_id_by_their_phone_however_it_is_written(written: str) -> None:
    there = station()
    assert there.act(there.written(), "test", {"to": written}).status == 200
    (sent,) = there.channel.sent
    assert "ES.1004" in str(sent)


def test_a_phone_that_finds_its_own_row_is_not_looked_up_further_and_an_id_never_is() -> None:
    there = station(a_subscriber("ES.9", phone="34600000001"))
    asked: list[str] = []
    there.board.tap = asked.append
    campaign = there.written()
    assert there.act(campaign, "test", {"to": "+34600000001"}).status == 200
    assert there.act(campaign, "test", {"to": "ES.nobody"}).status == 422
    assert "before known_by" not in asked
    assert there.act(campaign, "test", {"to": "+34699999999"}).status == 422
    assert "before known_by" in asked


def test_a_trial_whose_citizen_cannot_be_looked_up_is_for_later() -> None:
    there = station()
    campaign = there.written()

    def fails(call: str) -> None:
        if call == "before known_by":
            raise Temporary("DynamoDB")

    there.board.tap = fails
    assert there.act(campaign, "test", {"to": "+34600000004"}).status == 503
    assert there.channel.sent == []


# --- approving -------------------------------------------------------------------------------------


def test_a_mass_alert_is_approved_by_somebody_else_and_planning_begins() -> None:
    there = station()
    campaign = there.sending()
    stored = there.board.campaigns[campaign]
    assert (stored.state, stored.approved_by) == (State.PLANNING, "boss@alzira.test")
    assert [job for _, job in there.queues.jobs] == [PlanJob(campaign, shard) for shard in range(SHARDS)]
    assert {lane for lane, _ in there.queues.jobs} == {"alerts"}


@pytest.mark.parametrize("who", ["anna@alzira.test", "Anna@Alzira.test"])
def test_its_author_cannot_approve_a_mass_alert(who: str) -> None:
    there = station()
    campaign = there.checked()
    there.email = who
    told = there.act(campaign, "approve", {})
    assert (told.status, told.error) == (403, "second_person")
    assert there.board.campaigns[campaign].state == State.CHECKED


def test_whoever_changed_the_words_last_is_an_author_too() -> None:
    there = station()
    campaign = there.written()
    there.email = "boss@alzira.test"
    patch(there, campaign, until=moment(20))
    there.act(campaign, "check")
    assert there.act(campaign, "approve", {}).error == "second_person"


def test_in_an_emergency_its_author_approves_it_and_that_leaves_its_trace() -> None:
    there = station()
    campaign = there.checked()
    told = there.act(campaign, "approve", {"emergency": "El riu ix de mare"})
    assert (told.status, told.json["state"]) == (200, "planning")
    (trace,) = [event for event in there.board.campaigns[campaign].history if event.what == What.OVERRIDDEN]
    assert (trace.who, trace.details) == ("anna@alzira.test", {"reason": "El riu ix de mare"})
    assert there.logged == [("mass alert approved by its author alone", {"campaign": campaign})]


def test_an_emergency_that_needs_no_override_leaves_no_trace_of_one() -> None:
    there = station()
    campaign = there.checked()
    there.email = "boss@alzira.test"
    there.act(campaign, "approve", {"emergency": "Per si de cas"})
    assert What.OVERRIDDEN not in {event.what for event in there.board.campaigns[campaign].history}
    assert there.logged == []


def test_only_an_alert_has_emergencies() -> None:
    there = station(a_subscriber("34600000008", "taxes"), town_=town(second_person_from={"reminder": 1}))
    there.account.save_template(Health("tax_reminder", "ca", "APPROVED"))
    told = there.act(there.checked(topic="taxes"), "approve", {"emergency": "Pressa"})
    assert (told.status, told.error) == (403, "emergency_for_alerts")


def test_few_recipients_need_no_second_person() -> None:
    there = Station(a_subscriber("34600000001"))
    assert there.act(there.checked(), "approve", {}).json["state"] == "planning"


def test_an_estimate_of_yesterday_is_no_ground_for_approval() -> None:
    there = station()
    campaign = there.checked()
    there.later(hours=24, seconds=1)
    there.email = "boss@alzira.test"
    assert there.act(campaign, "approve", {}).error == "check_too_old"
    there.act(campaign, "check")
    assert there.act(campaign, "approve", {}).status == 200


def test_a_notice_whose_hour_has_passed_since_the_check_is_not_approved() -> None:
    there = station()
    campaign = there.checked(until=moment(10))
    there.later(hours=2)
    there.email = "boss@alzira.test"
    assert there.act(campaign, "approve", {}).error == "notice_over"


def test_a_scheduled_notice_waits_for_its_hour() -> None:
    there = station()
    campaign = there.checked(not_before=moment(18))
    there.email = "boss@alzira.test"
    assert there.act(campaign, "approve", {}).json["state"] == "approved"
    assert there.queues.jobs == []
    assert there.act(campaign, "cancel").json["state"] == "cancelled"


def test_of_two_approvals_at_once_one_wins_and_the_other_reads_who_it_was() -> None:
    there = station()
    campaign = there.checked()
    etag = there.get(f"/api/campaigns/{campaign}").etag
    path = f"/api/campaigns/{campaign}/approve"
    there.email = "boss@alzira.test"
    other: list[Any] = []

    def at_once(call: str) -> None:
        if call == "before save campaign" and not other:
            other.append("begun")
            there.campaigns.save(changes.approved(there.board.campaigns[campaign], there.now, "mayor@alzira.test"))

    there.board.tap = at_once
    told = there.call("POST", path, {}, etag)
    assert (told.status, told.json["changed"]["who"]) == (412, "mayor@alzira.test")
    assert there.board.campaigns[campaign].approved_by == "mayor@alzira.test"
    assert told.json["message"]["ca"].startswith("L'avís ha canviat")
    late = there.act(campaign, "approve", {})
    assert (late.status, late.error) == (409, "not_now")


@pytest.mark.parametrize("when", ["before", "after"])
def test_an_approval_stands_when_planning_cannot_begin(when: str) -> None:
    there = station()
    campaign = there.checked()
    there.email = "boss@alzira.test"
    if when == "before":
        there.failing = Temporary("no answer")
    else:
        there.queues.error = Temporary("SQS: time-out")
    told = there.act(campaign, "approve", {})
    assert (told.status, told.json["approved_by"]) == (200, "boss@alzira.test")
    assert there.board.campaigns[campaign].state in (State.APPROVED, State.PLANNING)
    assert there.logged[-1][0] == "planning not begun, tend will find the notice"


def test_an_approval_whose_answer_got_lost_on_the_way_has_been_given() -> None:
    there = station()
    campaign = there.checked()
    there.email = "boss@alzira.test"
    lost: list[str] = []

    def once(call: str) -> None:
        if call == "after save campaign" and not lost:
            lost.append(call)
            raise LostRace("the first try had been carried out")

    there.board.tap = once
    assert there.act(campaign, "approve", {}).json["state"] == "planning"


# --- pausing, going on, ending ---------------------------------------------------------------------


def test_a_notice_is_paused_resumed_and_cancelled_while_it_is_sent() -> None:
    there = station()
    campaign = there.sending()
    assert there.act(campaign, "pause").json["state"] == "paused"
    told = there.act(campaign, "pause")
    assert (told.status, told.json["message"]["ca"]) == (
        409,
        "L'avís està en pausa. Es pot reprendre o cancel·lar.",
    )
    assert there.act(campaign, "resume").json["state"] == "planning"
    assert there.act(campaign, "cancel").json["state"] == "cancelled"
    assert there.act(campaign, "resume").json["message"]["es"].startswith("El aviso está cancelado")


def test_going_on_queues_what_was_left_and_only_plans_what_was_not() -> None:
    there = station()
    campaign = there.sending()
    there.act(campaign, "pause")
    there.queues.jobs.clear()
    there.board.plans[campaign, 0] = Progress(0, done=True)
    there.act(campaign, "resume")
    jobs = [job for _, job in there.queues.jobs]
    assert PlanJob(campaign, 0) not in jobs
    assert jobs == [PlanJob(campaign, shard) for shard in range(1, SHARDS)] + [PlanJob(campaign, 0, again=True)]


def test_what_is_wholly_planned_goes_on_sending_also_when_the_queue_fails() -> None:
    there = station()
    campaign = there.sending()
    there.act(campaign, "pause")
    for shard in range(SHARDS):
        there.board.plans[campaign, shard] = Progress(shard, done=True)
    there.queues.error = Temporary("SQS: time-out")
    assert there.act(campaign, "resume").json["state"] == "sending"
    assert there.logged[-1][0] == "notice not queued again, tend will do it"


def test_a_notice_that_is_over_does_not_go_on() -> None:
    there = station()
    campaign = there.sending(until=moment(12))
    there.act(campaign, "pause")
    there.later(hours=4)
    assert there.act(campaign, "resume").error == "notice_over"
    assert there.act(campaign, "cancel").status == 200


def test_nobody_who_wants_to_stop_a_notice_is_refused_because_canal_went_on_with_it() -> None:
    there = station()
    campaign = there.sending()
    etag = there.get(f"/api/campaigns/{campaign}").etag
    there.campaigns.save(changes.sending(there.board.campaigns[campaign], MONDAY + timedelta(seconds=1)))
    told = there.call("POST", f"/api/campaigns/{campaign}/cancel", None, etag)
    assert (told.status, told.json["state"]) == (200, "cancelled")


def test_the_same_cancel_twice_finds_its_own_change_last() -> None:
    there = station()
    campaign = there.sending()
    etag = there.get(f"/api/campaigns/{campaign}").etag
    path = f"/api/campaigns/{campaign}/cancel"
    assert there.call("POST", path, None, etag).status == 200
    again = there.call("POST", path, None, etag)
    assert (again.status, again.json["changed"]["what"]) == (412, "cancelled")
