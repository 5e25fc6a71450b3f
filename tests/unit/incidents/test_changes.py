"""Every change of a case."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from canal.incidents import changes
from canal.incidents.case import Case, Event, File, Kind, Position, Telling, What
from canal.incidents.changes import LONGEST, MOST_EVENTS, MOST_FILES
from canal.incidents.states import CLOSED, OPEN, NotAllowed, State
from canal.incidents.watch import has_work

from tests.builders import NOON, a_case

LATER = NOON + timedelta(hours=3)
DUE = NOON + timedelta(days=5)


def in_state(state: State, **given: Any) -> Case:
    return a_case(state=state, closed_at=NOON if state in CLOSED else None, **given)


def photo(number: int = 1, **given: Any) -> File:
    return replace(File(f"f{number}", "image", f"media{number}", NOON), **given)


def last(case: Case) -> Event:
    return case.history[-1]


def routed(case: Case | None = None, *, tell: bool = True) -> Case:
    return changes.routed(case or a_case(), LATER, "lighting", "centre", DUE, tell=tell)


# --- filing and routing -------------------------------------------------------------------------


def test_a_filed_case_has_one_line_of_history() -> None:
    (event,) = a_case().history
    assert (event.what, event.by, event.at, event.state) == (What.FILED, "citizen", NOON, State.RECEIVED)
    assert event.telling == Telling.NOBODY


def test_a_routed_case_has_a_department_a_zone_and_a_due_date() -> None:
    case = routed()
    assert (case.state, case.department, case.zone, case.due_at) == (State.ROUTED, "lighting", "centre", DUE)
    assert (last(case).what, last(case).by, last(case).department) == (What.ROUTED, "canal", "lighting")
    assert case.updated_at == LATER


@pytest.mark.parametrize(("tell", "telling"), [(True, Telling.PENDING), (False, Telling.NOBODY)])
def test_routing_is_told_where_the_town_wants_it(tell: bool, telling: Telling) -> None:
    assert last(routed(tell=tell)).telling == telling


def test_a_routed_case_is_not_routed_again() -> None:
    with pytest.raises(NotAllowed):
        routed(routed())


def test_a_case_closed_before_it_was_routed_is_routed_once_it_is_reopened() -> None:
    closed = changes.moved(a_case(), NOON, "Pep", State.REJECTED)
    again = changes.reopened(closed, NOON, "citizen", "sí que ho és", None)
    assert routed(again).state == State.ROUTED


def test_rerouting_keeps_the_reason_and_does_not_bother_the_citizen() -> None:
    case = changes.rerouted(routed(), LATER, "Pep", "parks", "és una palmera", DUE)
    assert (case.department, case.state) == ("parks", State.ROUTED)
    assert (last(case).words, last(case).details["from"]) == ("és una palmera", "lighting")
    assert last(case).telling == Telling.NOBODY


def test_a_case_that_staff_route_first_is_not_routed_again_by_canal() -> None:
    case = changes.rerouted(a_case(), LATER, "Pep", "parks", "", DUE)
    assert case.state == State.ROUTED


@pytest.mark.parametrize("case", [routed(), in_state(State.RESOLVED, department="parks")], ids=["same", "closed"])
def test_a_case_is_not_rerouted_to_its_own_department_nor_when_it_is_closed(case: Case) -> None:
    with pytest.raises(NotAllowed):
        changes.rerouted(case, LATER, "Pep", "lighting", "", DUE)


# --- moves --------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [State.RESOLVED, State.REJECTED])
def test_a_case_that_is_closed_says_when_and_why(state: State) -> None:
    case = changes.moved(routed(), LATER, "Pep", state, "Canviada la bombeta")
    assert (case.state, case.closed_at, case.open) == (state, LATER, False)
    assert (last(case).words, last(case).details, last(case).telling) == (
        "Canviada la bombeta",
        {"from": "routed"},
        Telling.PENDING,
    )


def test_a_move_between_open_states_leaves_it_open_and_may_be_silent() -> None:
    case = changes.moved(routed(), LATER, "Pep", State.IN_PROGRESS, tell=False)
    assert (case.state, case.closed_at, last(case).telling) == (State.IN_PROGRESS, None, Telling.NOBODY)


@pytest.mark.parametrize("state", [State.DUPLICATE, State.ROUTED, State.REOPENED])
@pytest.mark.parametrize("before", list(State))
def test_what_needs_more_than_a_state_is_no_move(before: State, state: State) -> None:
    with pytest.raises(NotAllowed):
        changes.moved(in_state(before), LATER, "Pep", state)


@pytest.mark.parametrize("state", sorted(CLOSED))
def test_a_reopened_case_is_open_again_with_its_own_due_date_and_no_rating(state: State) -> None:
    closed = in_state(state, rating=2, mailed_to="lighting", duplicate_of="ORIGINAL")
    case = changes.reopened(closed, LATER, "citizen", "continua igual", DUE)
    assert (case.state, case.open, case.closed_at, case.due_at) == (State.REOPENED, True, None, DUE)
    assert (case.rating, case.mailed_to, case.duplicate_of) == (0, "", "")
    assert last(case).telling == Telling.NOBODY


def test_a_citizen_is_told_when_staff_reopen_their_case() -> None:
    case = changes.reopened(in_state(State.RESOLVED), LATER, "Pep", "", None)
    assert last(case).telling == Telling.PENDING


@pytest.mark.parametrize("state", sorted(OPEN))
def test_an_open_case_is_not_reopened(state: State) -> None:
    with pytest.raises(NotAllowed):
        changes.reopened(in_state(state), LATER, "citizen", "", None)


# --- words --------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", list(State))
def test_staff_answer_and_note_in_any_state(state: State) -> None:
    answered = changes.answered(in_state(state), LATER, "Pep", "Demà hi anem")
    noted = changes.noted(answered, LATER, "Maria", "falta la grua")
    assert [event.telling for event in noted.history[-2:]] == [Telling.PENDING, Telling.NOBODY]
    assert noted.state == state


@pytest.mark.parametrize("state", list(State))
def test_a_remark_sets_a_case_going_that_waited_for_it_and_no_other(state: State) -> None:
    case = changes.remarked(in_state(state), LATER, "és a la vorera", [photo()])
    assert case.state == (State.IN_PROGRESS if state == State.WAITING else state)
    assert case.files == (photo(),)
    assert (last(case).words, last(case).details, last(case).telling) == ("és a la vorera", {"files": "1"}, "")


def test_a_file_that_is_known_is_not_added_again() -> None:
    case = changes.remarked(a_case(files=(photo(),)), LATER, "", [photo(), photo(2), photo(2)])
    assert [file.id for file in case.files] == ["f1", "f2"]
    assert last(case).details == {"files": "1"}


def test_a_case_holds_so_many_files_and_no_more() -> None:
    case = changes.remarked(a_case(files=(photo(99),)), LATER, "", [photo(number) for number in range(40)])
    assert len(case.files) == MOST_FILES
    assert last(case).details == {"files": str(MOST_FILES - 1)}
    full = changes.remarked(case, LATER, "una més", [photo(50)])
    assert full.files == case.files
    assert last(full).details == {}


def test_words_are_kept_up_to_the_length_of_a_message() -> None:
    assert len(last(changes.noted(a_case(), LATER, "Pep", "a" * 9_999)).words) == LONGEST


def test_a_history_full_of_words_takes_no_more_words_but_still_moves() -> None:
    case = routed()
    while not changes.is_full(case):
        case = changes.remarked(case, LATER, "🙂" * LONGEST)
    assert sum(len(event.words.encode()) for event in case.history) <= changes.MOST_WORDS
    assert changes.moved(case, LATER, "Pep", State.RESOLVED).state == State.RESOLVED
    with pytest.raises(NotAllowed, match="full"):
        changes.answered(case, LATER, "Pep", "una paraula")


def test_a_history_of_too_many_events_is_full() -> None:
    case = a_case(history=a_case().history * MOST_EVENTS)
    with pytest.raises(NotAllowed, match="full"):
        changes.noted(case, LATER, "Pep", "")


# --- rating, merging, joining -------------------------------------------------------------------


@pytest.mark.parametrize("state", sorted(CLOSED))
def test_a_closed_case_is_rated_and_the_second_rating_replaces_the_first(state: State) -> None:
    case = changes.rated(changes.rated(in_state(state), LATER, 2), LATER, 5, "gràcies")
    assert (case.rating, last(case).details, last(case).words) == (5, {"stars": "5"}, "gràcies")


@pytest.mark.parametrize("stars", [0, 6, -1])
def test_a_rating_is_from_one_to_five(stars: int) -> None:
    with pytest.raises(NotAllowed):
        changes.rated(in_state(State.RESOLVED), LATER, stars)


@pytest.mark.parametrize("state", sorted(OPEN))
def test_an_open_case_is_not_rated(state: State) -> None:
    with pytest.raises(NotAllowed):
        changes.rated(in_state(state), LATER, 5)


def test_a_merged_case_is_closed_follows_the_original_and_its_citizen_hears_of_it() -> None:
    case = changes.merged(routed(), LATER, "Pep", "ORIGINAL", "ja ho sabíem")
    assert (case.state, case.duplicate_of, case.closed_at) == (State.DUPLICATE, "ORIGINAL", LATER)
    assert (last(case).details, last(case).telling) == ({"original": "ORIGINAL"}, Telling.PENDING)


@pytest.mark.parametrize(("state", "original"), [(State.ROUTED, "K7Q2M4XA"), (State.RESOLVED, "ORIGINAL")])
def test_a_case_is_not_merged_into_itself_nor_once_it_is_closed(state: State, original: str) -> None:
    with pytest.raises(NotAllowed):
        changes.merged(in_state(state), LATER, "Pep", original)


def test_who_joins_files_a_case_that_follows_from_its_first_moment() -> None:
    original = replace(routed(), id="ORIGINAL")
    case = changes.joined(a_case(history=()), original)
    assert (case.state, case.duplicate_of, case.department) == (State.DUPLICATE, "ORIGINAL", "lighting")
    assert (case.closed_at, case.open) == (NOON, False)
    assert [event.what for event in case.history] == [What.FILED, What.JOINED]


def test_who_joins_a_duplicate_follows_what_that_one_follows() -> None:
    duplicate = changes.merged(a_case(id="SECOND22"), NOON, "Pep", "ORIGINAL")
    assert changes.joined(a_case(history=()), duplicate).duplicate_of == "ORIGINAL"


# --- staff's corrections ------------------------------------------------------------------------


def test_a_correction_says_what_it_was_before_but_not_where() -> None:
    case = changes.corrected(a_case(), LATER, "Pep", category="tree", position=Position(39.2, -0.5, "staff"))
    assert (case.category, case.position, case.address) == ("tree", Position(39.2, -0.5, "staff"), a_case().address)
    assert (last(case).what, last(case).details) == (What.CORRECTED, {"category": "streetlight"})


def test_a_correction_of_nothing_is_no_event() -> None:
    assert changes.corrected(a_case(), LATER, "Pep", category="streetlight") == a_case()


def test_a_photo_is_allowed_and_disallowed() -> None:
    case = changes.allowed(a_case(files=(photo(),)), LATER, "Pep", "f1", public=True)
    assert case.files[0].public
    assert not changes.allowed(case, LATER, "Pep", "f1", public=False).files[0].public
    with pytest.raises(NotAllowed):
        changes.allowed(case, LATER, "Pep", "none", public=True)


def test_the_report_is_redacted_for_good() -> None:
    case = changes.redacted(a_case(), LATER, "Pep")
    assert (case.words, case.words_hidden) == ("", True)


def test_an_events_words_are_redacted_for_good_and_it_stays() -> None:
    noted = changes.noted(a_case(), LATER, "Pep", "un nom")
    case = changes.redacted(noted, LATER, "Maria", event=last(noted).id)
    assert (case.history[1].words, case.history[1].hidden, len(case.history)) == ("", True, 3)
    with pytest.raises(NotAllowed):
        changes.redacted(case, LATER, "Maria", event="none")


def test_a_redacted_photo_takes_the_place_of_the_first() -> None:
    blackened = photo(key="files/K/new.jpg", state="stored")
    case = changes.redacted(a_case(files=(photo(), photo(2))), LATER, "Pep", file=blackened)
    assert case.files == (blackened, photo(2))


# --- what Canal does ----------------------------------------------------------------------------


def test_an_overdue_case_escalates_as_long_as_it_is_open() -> None:
    case = changes.escalated(changes.escalated(routed(), LATER), LATER)
    assert (case.escalated, last(case).what) == (2, What.ESCALATED)
    with pytest.raises(NotAllowed):
        changes.escalated(in_state(State.RESOLVED), LATER)


@pytest.mark.parametrize(("what", "state"), [(What.FILE_REFUSED, "refused"), (What.FILE_LOST, "lost")])
def test_whoever_sent_a_file_that_will_never_be_there_is_told(what: What, state: str) -> None:
    kept = photo(key="files/K/a.jpg", retry_at=LATER, tries=3)
    case = changes.file_failed(a_case(files=(kept,)), LATER, kept, what, "too_large")
    assert case.files[0] == photo(state=state, reason="too_large", tries=3)
    assert (last(case).what, last(case).telling) == (what, Telling.PENDING)
    assert last(case).details == {"file": "f1", "kind": "image", "reason": "too_large"}


def test_what_became_of_telling_adds_up() -> None:
    case = routed()
    event = last(case).id
    half = changes.told(case, event, {"K7Q2M4XA": "sent"}, done=False)
    assert (last(half).telling, last(half).told) == (Telling.PENDING, {"K7Q2M4XA": "sent"})
    done = changes.told(half, event, {"OTHER222": "held"}, done=True)
    assert (last(done).telling, last(done).told) == (Telling.DONE, {"K7Q2M4XA": "sent", "OTHER222": "held"})
    assert len(done.history) == len(case.history)
    assert changes.told(case, "none", {"K7Q2M4XA": "sent"}, done=True) == case


# --- forgotten ----------------------------------------------------------------------------------


def test_an_open_report_of_the_street_stays_without_its_citizen() -> None:
    case = changes.forgotten(replace(routed(), contact={"email": "a@example.test"}))
    assert (case.citizen, case.contact, case.erased) == ("", {}, False)
    assert case.words == a_case().words


def test_a_forgotten_citizens_voice_is_to_be_deleted_and_what_shows_the_street_is_not() -> None:
    scan = photo(2, kind="document", mime_type="image/png")
    theirs = [photo(id=kind, kind=kind, caption="jo") for kind in ("audio", "video", "document")]
    case = changes.forgotten(changes.remarked(routed(), LATER, "", [photo(), scan, *theirs]))
    assert [file.state for file in case.files] == ["pending", "pending", *["forgotten"] * 3]
    assert {file.caption for file in case.files[2:]} == {""}
    assert has_work(case)


def test_an_address_that_is_only_in_the_words_of_a_forgotten_citizen_goes_with_the_others() -> None:
    closed = changes.moved(routed(), LATER, "Pep", State.RESOLVED)
    assert changes.forgotten(closed).address == closed.address
    assert changes.forgotten(replace(closed, position=None)).address == ""


def test_who_asked_for_a_person_by_a_bare_word_is_found_by_what_they_said_next() -> None:
    bare = a_case(kind=Kind.PERSON, words="")
    case = changes.remarked(changes.remarked(bare, LATER, "és per un rebut"), LATER, "de l'any 2024")
    assert case.words == "és per un rebut"
    assert changes.remarked(a_case(words=""), LATER, "al 12").words == "", "an answer is no report"


@pytest.mark.parametrize("hide", ["report", "event"])
def test_words_that_stand_twice_are_hidden_twice(hide: str) -> None:
    case = changes.remarked(a_case(kind=Kind.PERSON, words=""), LATER, "el meu DNI")
    event = case.history[-1].id if hide == "event" else ""
    after = changes.redacted(case, LATER, "Pep", event=event)
    assert (after.words, after.words_hidden) == ("", True)
    assert "DNI" not in "".join(each.words for each in after.history)
    assert changes.remarked(after, LATER, "i ara?").words == ""


def test_a_closed_report_of_the_street_loses_all_that_its_citizen_wrote_and_nothing_that_staff_did() -> None:
    remarked = changes.remarked(routed(), LATER, "soc la veïna del 12")
    closed = changes.moved(remarked, LATER, "Pep", State.RESOLVED, "Fet")
    case = changes.forgotten(closed)
    assert (case.citizen, case.words, case.words_hidden, case.erased) == ("", "", True, False)
    assert [event.words for event in case.history] == ["", "", "", "Fet"]
    assert len(case.history) == len(closed.history)


def test_an_open_report_loses_a_forgotten_citizens_words_when_it_is_closed() -> None:
    remarked = changes.remarked(routed(), LATER, "soc la veïna del 12", [photo(caption="ma casa")])
    open_still = changes.forgotten(remarked)
    assert (open_still.words, open_still.files[0].caption) == (a_case().words, "ma casa")
    case = changes.moved(open_still, LATER, "Pep", State.RESOLVED, "Fet")
    assert (case.words, case.words_hidden, case.files[0].caption) == ("", True, "")
    assert [event.words for event in case.history] == ["", "", "", "Fet"]


def test_an_open311_report_has_no_citizen_and_keeps_its_words_when_it_is_closed() -> None:
    case = changes.moved(a_case(citizen="", channel="open311"), LATER, "Pep", State.RESOLVED)
    assert (case.words, case.words_hidden) == (a_case().words, False)


@pytest.mark.parametrize(
    "case",
    [a_case(kind=kind) for kind in Kind if kind != Kind.INCIDENT] + [changes.joined(a_case(), a_case(id="ORIGINAL"))],
    ids=lambda case: f"{case.kind}{case.duplicate_of}",
)
def test_what_is_only_theirs_is_to_be_deleted(case: Case) -> None:
    gone = changes.forgotten(replace(case, contact={"email": "a@example.test"}))
    assert (gone.citizen, gone.words, gone.contact, gone.erased) == ("", "", {}, True)


def test_forgetting_twice_is_forgetting_once() -> None:
    for case in (a_case(), in_state(State.RESOLVED), a_case(kind=Kind.PERSON)):
        assert changes.forgotten(changes.forgotten(case)) == changes.forgotten(case)
