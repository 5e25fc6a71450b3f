"""Everything that can happen to a case: each function gives the case after it, its history one event longer.

Pure: the hour is an argument. A change that the case's state does not bear raises NotAllowed. Nobody else makes
events or sets a state.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import blake2b

from canal.incidents.case import Case, Event, File, Kind, Position, Telling, What
from canal.incidents.states import CLOSED, NotAllowed, State, check
from canal.incidents.watch import AGAIN, FORGOTTEN

CITIZEN, CANAL = "citizen", "canal"
STARS = range(1, 6)
MOST_FILES = 20  # of one case
MOST_EVENTS = 400  # DynamoDB keeps 400 KB a row: half of it for words, the rest for what stands around them
MOST_WORDS = 200_000  # bytes of UTF-8 in a history
LONGEST = 4_096  # characters of one text, WhatsApp's own limit
OF_THE_TOWN = frozenset({Kind.INCIDENT})  # not somebody's own affair


def filed(case: Case, by: str = CITIZEN) -> Case:
    """A new case with the first line of its history."""
    return happened(case, case.created_at, What.FILED, by)


def routed(case: Case, at: datetime, department: str, zone: str, due_at: datetime | None, *, tell: bool) -> Case:
    """Given to its first department by Canal."""
    check(case.state, State.ROUTED)
    given = replace(case, department=department, zone=zone, due_at=due_at, state=State.ROUTED)
    return happened(given, at, What.ROUTED, CANAL, telling=_telling(tell))


def rerouted(case: Case, at: datetime, by: str, department: str, reason: str, due_at: datetime | None) -> Case:
    """Given to another department by staff; the citizen is not bothered with it."""
    _open(case)
    if department == case.department:
        raise NotAllowed(f"the case is with {department} already")
    details = {"from": case.department}
    state = State.ROUTED if case.state == State.RECEIVED else case.state  # or Canal would route it once more
    given = replace(case, department=department, due_at=due_at, state=state)
    return happened(given, at, What.REROUTED, by, reason, details=details)


def moved(case: Case, at: datetime, by: str, state: State, words: str = "", *, tell: bool = True) -> Case:
    """To another state by staff, with what to say to the citizen about it."""
    if state in (State.DUPLICATE, State.ROUTED, State.REOPENED):
        raise NotAllowed(f"{state} is not a move of its own: merge, re-route or reopen the case")
    check(case.state, state)
    details = {"from": str(case.state)}
    after = _closed(replace(case, state=state), at)
    return happened(after, at, What.MOVED, by, words, details=details, telling=_telling(tell))


def answered(case: Case, at: datetime, by: str, words: str) -> Case:
    """Staff write to the citizen; the state stays."""
    return happened(case, at, What.ANSWERED, by, words, telling=Telling.PENDING)


def noted(case: Case, at: datetime, by: str, words: str) -> Case:
    """Staff write to each other."""
    return happened(case, at, What.NOTED, by, words)


def remarked(
    case: Case,
    at: datetime,
    words: str,
    files: Sequence[File] = (),
    *,
    by: str = CITIZEN,
    details: Mapping[str, str] | None = None,
) -> Case:
    """The citizen, or the Open311 client that brought the case, adds words or files. A case that waited goes on.

    Who asked for a person by a bare word says only now what it is about: staff read that in their list. A file that is
    known already is not added again, one too many (see MOST_FILES) not at all.
    """
    known = {file.id for file in case.files}
    new = tuple({file.id: file for file in files if file.id not in known}.values())[: MOST_FILES - len(known)]
    state = State.IN_PROGRESS if case.state == State.WAITING else case.state
    bare = case.kind == Kind.PERSON and not case.words and not case.words_hidden
    about_it = words[:LONGEST] if bare and by == CITIZEN else case.words
    added = replace(case, state=state, words=about_it, files=(*case.files, *new))
    about = {**(details or {}), **({"files": str(len(new))} if new else {})}
    return happened(added, at, What.REMARKED, by, words, details=about)


def reopened(case: Case, at: datetime, by: str, words: str, due_at: datetime | None) -> Case:
    """It is not fixed. ``due_at`` counts anew; a duplicate becomes a case of its own again."""
    check(case.state, State.REOPENED)
    again = replace(case, state=State.REOPENED, closed_at=None, due_at=due_at, duplicate_of="", rating=0, mailed_to="")
    return happened(again, at, What.REOPENED, by, words, telling=_telling(by != CITIZEN))


def rated(case: Case, at: datetime, stars: int, words: str = "") -> Case:
    """The citizen's opinion of a closed case, 1 to 5; a second one replaces the first."""
    if case.state not in CLOSED:
        raise NotAllowed("only a closed case is rated")
    if stars not in STARS:
        raise NotAllowed(f"a rating is a number from {STARS[0]} to {STARS[-1]}")
    return happened(replace(case, rating=stars), at, What.RATED, CITIZEN, words, details={"stars": str(stars)})


def merged(case: Case, at: datetime, by: str, original: str, words: str = "") -> Case:
    """The same as ``original``: closed, and its citizen is from now on told what happens to that one."""
    if original == case.id:
        raise NotAllowed("a case is no duplicate of itself")
    check(case.state, State.DUPLICATE)
    closed = _closed(replace(case, state=State.DUPLICATE, duplicate_of=original), at)
    return happened(closed, at, What.MERGED, by, words, details={"original": original}, telling=Telling.PENDING)


def joined(case: Case, original: Case) -> Case:
    """A new case of a citizen who says "it is this one": from its first moment a duplicate of ``original``."""
    follows = original.duplicate_of or original.id
    closed = replace(
        case,
        state=State.DUPLICATE,
        department=original.department,
        zone=original.zone,
        duplicate_of=follows,
        closed_at=case.created_at,
    )
    return happened(filed(closed), case.created_at, What.JOINED, CITIZEN, details={"original": follows})


def escalated(case: Case, at: datetime, again_at: datetime | None = None) -> Case:
    """Overdue: noted on the case, and its department is told by mail; at ``again_at`` once more, if it is open then."""
    _open(case)
    details = {AGAIN: again_at.isoformat()} if again_at else {}
    return happened(replace(case, escalated=case.escalated + 1), at, What.ESCALATED, CANAL, details=details)


def corrected(
    case: Case, at: datetime, by: str, *, category: str = "", position: Position | None = None, address: str = ""
) -> Case:
    """Category or place put right by staff; what is not given stays."""
    after = replace(
        case,
        category=category or case.category,
        position=position or case.position,
        address=address or case.address,
    )
    changed = [name for name in ("category", "position", "address") if getattr(after, name) != getattr(case, name)]
    details = {name: str(getattr(case, name) or "") for name in changed if name != "position"}
    return happened(after, at, What.CORRECTED, by, details=details) if changed else case


def with_file(case: Case, file: File) -> Case:
    """The case with ``file`` in the place of the one with the same id; not an event by itself."""
    return replace(case, files=tuple(file if each.id == file.id else each for each in case.files))


def file_failed(case: Case, at: datetime, file: File, what: What, reason: str) -> Case:
    """A file that will never be there (FILE_REFUSED or FILE_LOST); its sender is told, and can send it again."""
    state = "refused" if what == What.FILE_REFUSED else "lost"
    gone = with_file(case, replace(file, state=state, reason=reason, key="", thumbnail="", retry_at=None))
    details = {"file": file.id, "kind": file.kind, "reason": reason}
    return happened(gone, at, what, CANAL, details=details, telling=Telling.PENDING)


def allowed(case: Case, at: datetime, by: str, file: str, *, public: bool) -> Case:
    """Staff decide whether others may see a photo."""
    after = with_file(case, replace(_file(case, file), public=public))
    return happened(after, at, What.ALLOWED, by, details={"file": file, "public": str(public).lower()})


def redacted(case: Case, at: datetime, by: str, *, event: str = "", file: File | None = None) -> Case:
    """Words (of ``event``, or of the report itself) hidden for good, or a photo replaced by its blackened copy."""
    if file is not None:
        return happened(with_file(case, file), at, What.REDACTED, by, details={"file": file.id})
    if event and event not in {each.id for each in case.history}:
        raise NotAllowed("the case has no such event")
    words = next((each.words for each in case.history if each.id == event), case.words)
    hidden = _silenced(case, {event}, words)
    if not event:
        hidden = replace(hidden, words="", words_hidden=True)
    return happened(hidden, at, What.REDACTED, by, details={"words": event or "report"})


def _silenced(case: Case, events: set[str], words: str) -> Case:
    """Without the words of ``events``, and without ``words`` wherever the citizen's stand twice (see ``remarked``)."""
    history = tuple(
        replace(each, words="", hidden=True)
        if each.id in events or (words and each.words == words and each.by == CITIZEN)
        else each
        for each in case.history
    )
    twice = bool(words) and case.kind == Kind.PERSON and case.words == words
    report = replace(case, words="", words_hidden=True) if twice else case
    return replace(report, history=history)


def told(case: Case, event: str, results: Mapping[str, str], *, done: bool) -> Case:
    """What became of telling ``event``, added to what is known; no event by itself."""
    history = tuple(
        replace(each, told={**each.told, **results}, telling=Telling.DONE if done else each.telling)
        if each.id == event
        else each
        for each in case.history
    )
    return replace(case, history=history)


def forgotten(case: Case) -> Case:
    """Its citizen asked to be forgotten. What is broken in the street stays reported, without them: an open report
    keeps its words and photos, which the department needs, the words until it is closed. What is only theirs is
    deleted altogether, and so are their voice, their videos and their documents.
    """
    if case.kind not in OF_THE_TOWN or case.duplicate_of:
        return replace(case, citizen="", words="", contact={}, erased=True)
    files = tuple(file if file.is_photo else replace(file, state=FORGOTTEN, caption="") for file in case.files)
    nobodys = replace(case, citizen="", contact={}, files=files)
    return nobodys if case.open else _wordless(nobodys)


def _wordless(case: Case) -> Case:
    """Without anything that its citizen wrote."""
    history = tuple(replace(each, words="", hidden=True) if each.by == CITIZEN else each for each in case.history)
    files = tuple(replace(file, caption="") for file in case.files)
    address = case.address if case.position else ""  # without a position it is what they wrote
    return replace(case, words="", words_hidden=True, history=history, files=files, address=address)


def happened(
    case: Case,
    at: datetime,
    what: What,
    by: str,
    words: str = "",
    *,
    details: Mapping[str, str] | None = None,
    telling: Telling = Telling.NOBODY,
) -> Case:
    """The case with one more event. Raises NotAllowed when it has become too long for its row."""
    if len(case.history) >= MOST_EVENTS or (words and is_full(case)):
        raise NotAllowed("the case's history is full: close it and open another")
    event = Event(
        id=event_id(case, at, what),
        at=at,
        what=what,
        by=by,
        state=case.state,
        department=case.department,
        words=words[:LONGEST],
        details=details or {},
        telling=telling,
    )
    return replace(case, history=(*case.history, event), updated_at=at)


def is_full(case: Case) -> bool:
    """Whether no more words can be added to a case: it can still be moved, but nobody can write on it."""
    return sum(len(event.words.encode()) for event in case.history) > MOST_WORDS - 4 * LONGEST


def event_id(case: Case, at: datetime, what: What) -> str:
    """Its number in the history and a digest, so that two who write at once never mean two things by one id."""
    number = len(case.history) + 1
    digest = blake2b(f"{case.id}{number}{at.isoformat()}{what}".encode(), digest_size=3).hexdigest()
    return f"{number:03}-{digest}"


def _closed(case: Case, at: datetime) -> Case:
    """With the hour, if it is closed; and then without the words of somebody who was forgotten meanwhile."""
    if case.open:
        return replace(case, closed_at=None)
    was_forgotten = not case.citizen and case.channel == "whatsapp" and not case.demo
    return replace(_wordless(case) if was_forgotten else case, closed_at=at)


def _open(case: Case) -> None:
    if not case.open:
        raise NotAllowed(f"the case is {case.state}")


def _file(case: Case, identifier: str) -> File:
    found = next((file for file in case.files if file.id == identifier), None)
    if found is None:
        raise NotAllowed("the case has no such file")
    return found


def _telling(tell: bool) -> Telling:
    return Telling.PENDING if tell else Telling.NOBODY
