"""Alerts of others arrive: drafts, changed drafts, fewer drafts; and feeds that do not behave."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest
from canal.broadcasts import changes
from canal.broadcasts.campaign import Campaign, What
from canal.broadcasts.states import State
from canal.cap.alert import Alert, Area, BadAlert
from canal.cap.writing import written
from canal.dialogue.town import Town
from canal.errors import CanalError, LostRace, Oversized, Temporary
from canal.services.notices.arriving import Became
from canal.services.notices.sources import Sources
from canal.services.notices.watching import Watched, Watching, drafted

from tests.alerts import (
    FAR,
    FEED,
    FakeWeb,
    an_alert,
    an_info,
    cancel,
    packed,
    rss_of,
    sample,
    update,
    watching_town,
)
from tests.fakes import FakeTowns
from tests.noticeboard import MONDAY, Board, FakeCampaigns

URL = FEED["url"]
BOTH = (an_info("ca-ES-valencia"), an_info("es-ES"))


@dataclass
class Watch:
    """A town that watches one feed, whose content the test puts there."""

    town: Town = field(default_factory=lambda: watching_town({}))
    web: FakeWeb = field(default_factory=FakeWeb)
    board: Board = field(default_factory=Board)
    now: datetime = MONDAY + timedelta(hours=2)
    started: list[str] = field(default_factory=list)
    refusing: CanalError | None = None

    def __post_init__(self) -> None:
        self.campaigns = FakeCampaigns(self.board)
        self.watching = Watching(self.campaigns, FakeTowns(self.town), Sources(self.web), self.start, lambda: self.now)

    def start(self, campaign: Campaign, now: datetime) -> None:
        if self.refusing:
            raise self.refusing
        self.started.append(campaign.id)

    def run(self, *alerts: Alert) -> Watched:
        if alerts:
            self.web.files[URL] = packed(*map(written, alerts))
        return self.watching.run()

    @property
    def all(self) -> list[Campaign]:
        return [self.board.campaigns[name] for name in sorted(self.board.campaigns)]

    @property
    def only(self) -> Campaign:
        (campaign,) = self.all
        return campaign

    def put(self, campaign: Campaign) -> None:
        self.board.campaigns[campaign.id] = replace(campaign, version=campaign.version + 1)


@pytest.fixture
def watch() -> Watch:
    return Watch()


def sending_town() -> Watch:
    return Watch(watching_town({"send_from": "Severe"}))


def test_an_alert_becomes_one_draft_however_often_it_is_read(watch: Watch) -> None:
    assert watch.run(an_alert()).became == {Became.DRAFT: 1}
    for _ in range(3):
        assert watch.run().became == {Became.KNOWN: 1}
    assert watch.only.state == State.DRAFT
    assert watch.started == []


def test_a_town_that_watches_nothing_asks_nobody() -> None:
    watch = Watch(watching_town())
    assert watch.run() == Watched({}, ())
    assert watch.web.asked == []


def test_what_concerns_other_places_leaves_no_trace(watch: Watch) -> None:
    assert watch.run(an_alert("A1", an_info(areas=(Area("Galicia", (FAR,)),)))).became == {Became.NOTHING: 1}
    assert watch.all == []


def test_two_runs_at_once_make_one_draft(watch: Watch) -> None:
    """The other run saved it between our look and our write."""
    watch.run(an_alert())
    kept = dict(watch.board.campaigns)
    watch.board.campaigns.clear()
    told, watch.board.items = watch.board.items, set()

    def other(call: str) -> None:
        if call == "before save campaign":
            watch.board.campaigns.update(kept)
            watch.board.items = told

    watch.board.tap = other
    assert "could not be kept" in watch.run().faults[0][1]
    watch.board.tap = lambda call: None
    assert watch.run().became == {Became.KNOWN: 1}
    assert watch.only.version == 1


def test_an_update_changes_a_draft_that_nobody_has_touched(watch: Watch) -> None:
    first = an_alert()
    watch.run(first)
    second = update(first, "A2", an_info(headline="Más lluvia", severity="Extreme"))
    assert watch.run(second).became == {Became.CHANGED: 1}
    assert watch.only.words["es"].headline == "Más lluvia"
    assert watch.only.cap["severity"] == "Extreme"
    third = update(second, "A3", an_info(headline="Todavía más"))
    assert watch.run(third).became == {Became.CHANGED: 1}
    assert watch.only.words["es"].headline == "Todavía más"
    assert watch.run(first, second, third).became == {Became.KNOWN: 1}


def test_an_update_leaves_alone_what_staff_have_written_and_says_so_in_a_new_draft(watch: Watch) -> None:
    first = an_alert()
    watch.run(first)
    before = watch.only
    mine = replace(before, words={**before.words, "ca": replace(before.words["ca"], headline="Plou!")})
    watch.put(changes.edited(before, mine, watch.now, "empar@alzira.test"))
    assert watch.run(update(first)).became == {Became.DRAFT: 1}
    old, new = sorted(watch.all, key=lambda each: "updates" in each.cap)
    assert old.words["ca"].headline == "Plou!"
    assert new.cap["updates"] == old.id
    assert new.words["es"].headline == "Actualización: Aviso de lluvias"


def test_an_update_of_what_is_going_out_is_a_new_draft(watch: Watch) -> None:
    first = an_alert()
    watch.run(first)
    watch.put(changes.planning(replace(watch.only, state=State.APPROVED), watch.now))
    assert watch.run(update(first)).became == {Became.DRAFT: 1}
    assert [each.state for each in watch.all if each.cap["type"] == "Alert"] == [State.PLANNING]


def test_an_update_of_something_unknown_is_an_alert(watch: Watch) -> None:
    assert watch.run(update(an_alert("A0"))).became == {Became.DRAFT: 1}
    assert "updates" not in watch.only.cap


def test_an_update_that_leaves_the_town_out_ends_an_untouched_draft(watch: Watch) -> None:
    first = an_alert()
    watch.run(first)
    assert watch.run(update(first, "A2", an_info(areas=(Area("Galicia", (FAR,)),)))).became == {Became.CANCELLED: 1}
    assert watch.only.state == State.CANCELLED


@pytest.mark.parametrize("state", [State.DRAFT, State.CHECKED, State.APPROVED])
def test_a_cancel_ends_what_has_not_gone_out(watch: Watch, state: State) -> None:
    first = an_alert()
    watch.run(first)
    watch.put(replace(watch.only, state=state))
    assert watch.run(cancel(first)).became == {Became.CANCELLED: 1}
    assert watch.only.state == State.CANCELLED
    assert watch.only.history[-1].who == "cap"
    assert watch.run().became == {Became.NOTHING: 1}


def test_a_cancel_of_what_has_gone_out_is_a_draft_that_says_so(watch: Watch) -> None:
    first = an_alert("A1", *BOTH)
    watch.run(first)
    watch.put(changes.planning(replace(watch.only, state=State.APPROVED), watch.now))
    assert watch.run(cancel(first)).became == {Became.DRAFT: 1}
    old, over = sorted(watch.all, key=lambda each: "updates" in each.cap)
    assert old.state == State.PLANNING
    assert (over.state, over.cap["updates"], over.version) == (State.DRAFT, old.id, 1)
    assert over.words["ca"].headline == "Ja no està vigent: Avís de pluges"
    assert watch.run().became == {Became.NOTHING: 1}


def test_a_cancel_after_the_end_or_of_nothing_does_nothing(watch: Watch) -> None:
    first = an_alert()
    assert watch.run(cancel(first)).became == {Became.NOTHING: 1}
    watch.run(first)
    watch.put(replace(watch.only, state=State.DONE))
    watch.now = MONDAY + timedelta(days=2)
    assert watch.run(cancel(first)).became == {Became.NOTHING: 1}
    assert len(watch.all) == 1


@pytest.mark.parametrize("later", [{"sender": "somebody.else"}, {"status": "Test"}])
def test_a_cancel_of_somebody_else_or_of_an_exercise_touches_no_real_alert(watch: Watch, later: dict[str, str]) -> None:
    first = an_alert()
    watch.run(first)
    assert watch.run(cancel(first, **later)).became == {Became.NOTHING: 1}
    assert watch.run(first, cancel(first, **later)).became == {Became.KNOWN: 1, Became.NOTHING: 1}
    assert watch.only.state == State.DRAFT


def test_what_is_replaced_in_the_same_breath_is_never_drafted(watch: Watch) -> None:
    first, gone = an_alert("A1"), an_alert("B1")
    assert watch.run(first, update(first), gone, cancel(gone, "B9")).became == {Became.DRAFT: 1, Became.NOTHING: 1}
    assert watch.only.cap["identifier"] == "A2"


# --- by itself, only if the town says so --------------------------------------------------------------


def test_an_alert_as_severe_as_the_town_said_goes_out_and_leaves_its_trace() -> None:
    watch = sending_town()
    assert watch.run(an_alert("A1", *BOTH)).became == {Became.SENT: 1}
    assert watch.started == [watch.only.id]
    assert (watch.only.state, watch.only.approved_by) == (State.APPROVED, "cap")
    assert watch.only.history[-1].what == What.OVERRIDDEN
    assert watch.only.history[-1].details == {"reason": "Avisos: Severe"}
    assert watch.run().became == {Became.KNOWN: 1}
    assert len(watch.started) == 1


@pytest.mark.parametrize(
    "alert",
    [
        an_alert("A1", *(replace(info, severity="Moderate") for info in BOTH)),
        an_alert("A1", *(replace(info, severity="Unknown") for info in BOTH)),
        an_alert("A1", *(replace(info, urgency="Past") for info in BOTH)),
        an_alert("A1", *BOTH, status="Test"),
        an_alert("A1", *BOTH, status="Exercise"),
        an_alert("A1", an_info("en-US")),
    ],
    ids=["milder", "unknown", "past", "test", "exercise", "in English only"],
)
def test_anything_less_waits_for_a_person(alert: Alert) -> None:
    watch = sending_town()
    assert watch.run(alert).became == {Became.DRAFT: 1}
    assert watch.only.state == State.DRAFT
    assert watch.started == []


def test_an_update_goes_out_by_itself_only_if_it_is_worse() -> None:
    watch = sending_town()
    first = an_alert("A1", *BOTH)
    watch.run(first)
    watch.put(changes.planning(watch.only, watch.now))
    same = update(first, "A2", *BOTH)
    assert watch.run(same).became == {Became.DRAFT: 1}
    worse = update(first, "A3", *(replace(info, severity="Extreme") for info in BOTH))
    assert watch.run(worse).became == {Became.SENT: 1}
    assert len(watch.started) == 2


def test_a_queue_that_does_not_answer_leaves_it_approved_for_the_next_minute() -> None:
    watch = sending_town()
    watch.refusing = Temporary("SQS")
    assert watch.run(an_alert("A1", *BOTH)).became == {Became.SENT: 1}
    assert watch.only.state == State.APPROVED
    assert watch.run().became == {Became.KNOWN: 1}


# --- feeds that do not behave -------------------------------------------------------------------------


def test_a_feed_that_fails_is_told_and_the_others_go_on() -> None:
    names = ("silent", "large", "junk", "bomb", "good")
    watch = Watch(watching_town(*({"url": f"https://{name}.example/", "name": name} for name in names)))
    watch.web.files = {
        "https://silent.example/": Temporary("it does not answer"),
        "https://large.example/": Oversized("it has more than 10,000,000 bytes"),
        "https://junk.example/": b"<html>",
        "https://bomb.example/": sample("entity-bomb.xml"),
        "https://good.example/": an_alert(),
    }
    watched = watch.run()
    assert watched.became == {Became.DRAFT: 1}
    assert [feed for feed, _ in watched.faults] == ["silent", "large", "junk", "bomb"]


def test_an_index_is_followed_and_a_link_that_fails_is_tried_again(watch: Watch) -> None:
    one, two = "https://avisos.example/1.xml", "https://avisos.example/2.xml"
    watch.web.files = {URL: rss_of(one, two), one: Temporary("it does not answer"), two: an_alert()}
    watch.web.tags = {URL: "i1", one: "t1", two: "t2"}
    assert watch.run().became == {Became.DRAFT: 1}
    watch.web.files[one] = an_alert("A2")
    assert watch.run().became == {Became.DRAFT: 1}
    assert watch.web.asked[3:] == [(URL, ""), (one, ""), (two, "t2")]
    assert watch.run() == Watched({}, ())
    assert watch.web.asked[6:] == [(URL, "i1")]


def test_links_are_followed_once_and_not_without_end(watch: Watch) -> None:
    inner = "https://avisos.example/inner"
    watch.web.files = {URL: rss_of(inner, *(f"{inner}{number}" for number in range(100))), inner: rss_of(URL, inner)}
    watched = watch.run()
    assert len(watch.web.asked) == 61
    assert "101 files" in watched.faults[0][1]


def test_a_slow_feed_leaves_time_for_the_next(watch: Watch) -> None:
    slow, good = "https://slow.example/", "https://good.example/"
    watch = Watch(watching_town({"url": slow, "name": "slow"}, {"url": good, "name": "good"}))
    watch.web.files = {slow: rss_of(*(f"{slow}{number}" for number in range(50))), good: an_alert()}
    watch.web.files |= {f"{slow}{number}": Temporary("it does not answer") for number in range(50)}

    def wait(url: str) -> None:
        watch.now += timedelta(seconds=9)

    watch.web.waits = wait
    watched = watch.run()
    assert watched.became == {Became.DRAFT: 1}
    assert ("slow", "it is too slow: not all of it was read") in watched.faults
    assert len(watch.web.asked) == 3


def test_what_could_not_be_kept_is_read_again_though_the_feed_has_not_changed(watch: Watch) -> None:
    watch.web.tags = {URL: "v1"}

    def broken(call: str) -> None:
        if call == "before save campaign":
            raise LostRace("busy")

    watch.board.tap = broken
    assert len(watch.run(an_alert()).faults) == 1
    watch.board.tap = lambda call: None
    assert watch.run().became == {Became.DRAFT: 1}
    assert watch.run().became == {}
    assert [tag for _, tag in watch.web.asked] == ["", "", "v1"]


def test_other_content_of_the_town_is_a_reason_to_read_again(watch: Watch) -> None:
    watch.web.tags = {URL: "v1"}
    watch.run(an_alert())
    watch.town.version = "other"
    watch.run()
    assert [tag for _, tag in watch.web.asked] == ["", ""]


# --- by hand ------------------------------------------------------------------------------------------


def brought(watch: Watch, raw: bytes) -> tuple[Campaign, ...]:
    return drafted(raw, watch.campaigns, FakeTowns(watch.town), watch.now, "empar@alzira.test").campaigns


def test_who_brings_an_update_or_a_cancel_is_its_author_and_no_second_person(watch: Watch) -> None:
    watch.run(first := an_alert("A1", *BOTH))
    (changed,) = brought(watch, written(update(first, "A2", *BOTH)))
    assert (changed.created_by, changed.written_by) == ("cap", "empar@alzira.test")
    (gone,) = brought(watch, written(cancel(update(first, "A2", *BOTH))))
    assert (gone.state, gone.history[-1].who) == (State.CANCELLED, "empar@alzira.test")


def test_an_archive_says_how_much_of_it_could_not_be_read(watch: Watch) -> None:
    raw = packed(written(an_alert("A1", *BOTH)), b"junk", b"<alert/>")
    found = drafted(raw, watch.campaigns, FakeTowns(watch.town), watch.now, "empar@alzira.test")
    assert (len(found.campaigns), found.unread) == (1, 2)


def test_a_file_that_staff_bring_is_a_draft_in_their_name_and_never_sent() -> None:
    watch = sending_town()
    (campaign,) = brought(watch, written(an_alert("A1", *BOTH)))
    assert (campaign.state, campaign.created_by, campaign.version) == (State.DRAFT, "empar@alzira.test", 1)
    assert brought(watch, written(an_alert("A1", *BOTH))) == (campaign,)
    assert watch.started == []


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"junk", "XML"),
        (sample("entity-bomb.xml"), "DOCTYPE"),
        (written(an_alert("A1", an_info(areas=(Area("Galicia", (FAR,)),)))), "area"),
        (packed(b"junk"), "XML"),
        (rss_of("https://avisos.example/1.xml"), "no alert"),
        (written(cancel(an_alert("A0"))), "no alert"),
    ],
)
def test_a_file_that_holds_nothing_for_us_says_why(watch: Watch, raw: bytes, why: str) -> None:
    with pytest.raises(BadAlert, match=why):
        brought(watch, raw)
    assert watch.all == []
