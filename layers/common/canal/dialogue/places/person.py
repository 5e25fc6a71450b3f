"""To talk to a person: the request is a case for staff at once; more words and files join the same request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from canal.dialogue.cases import adding
from canal.dialogue.citizen import Place
from canal.dialogue.draft import Draft
from canal.dialogue.messages import Media
from canal.dialogue.questions import CaseOf
from canal.dialogue.report import resume
from canal.dialogue.scene import PlaceRules, Scene, Screen, elsewhere
from canal.dialogue.turn import CaseChanged, CaseFiled, Effect
from canal.dialogue.understanding.reading import Reading
from canal.incidents import changes
from canal.incidents.case import Case, File, Kind, What
from canal.incidents.numbers import case_number

PLAINLY = 0.97  # the share from which words are a question to the town, and no part of the request
FOR_A_PERSON = frozenset({"smalltalk", "incident", "complaint", "suggestion", "my_cases", "emergency"})
RECORDED, ADDED = "person.recorded", "person.added"


def show(scene: Scene, path: tuple[str, ...]) -> Screen:
    """The request is recorded; asked for once more while it is open, it is the same one."""
    return add(scene, "", (), RECORDED)


def hear(scene: Scene, words: str, reading: Reading) -> Screen | None:
    """In this place, words are the request; coming from elsewhere, they open it.

    Once it says something, words that plainly mean another place go there.
    """
    if scene.citizen.place != Place.PERSON:
        return add(scene, words, (), RECORDED)
    leaves = elsewhere(scene, reading, PLAINLY) and reading.labels[0][0] not in FOR_A_PERSON
    if leaves and says_something(present(scene)):
        return None
    return add(scene, words, (), ADDED)


def take(scene: Scene, media: Media) -> Screen:
    """A photo or a voice note is part of the request; of a handful that comes at once, only the first is answered."""
    file = adding.sent(scene, media)
    case = None if scene.citizen.blocked else present(scene)
    if case and adding.in_a_bunch(case, file) and (after := adding.remarked(scene, case, media.caption, (file,))):
        return adding.silent(scene, after)
    return add(scene, media.caption, (file,), ADDED)


def add(scene: Scene, words: str, files: Sequence[File], key: str) -> Screen:
    """Words and files on the present request; on a new one where it is closed by now, or takes no more.

    What came before anybody knew what it was for comes along.
    """
    if scene.citizen.blocked:
        return resume.refused(scene, Kind.PERSON)
    held = Draft() if scene.draft.kind else scene.draft
    words = f"{held.words}\n{words}".strip()
    files = (*(adding.file_of(each) for each in held.files), *files)
    case = present(scene)
    screen = remark(scene, case, words, files, key) if case else opened(scene, words, files)
    return replace(screen, draft=Draft()) if held.begun else screen


def remark(scene: Scene, case: Case, words: str, files: Sequence[File], key: str) -> Screen:
    if not words and not files:
        return answered(scene, case, key)
    after = adding.remarked(scene, case, words, files)
    return answered(scene, after, key, CaseChanged(after)) if after else opened(scene, words, files)


def opened(scene: Scene, words: str, files: Sequence[File]) -> Screen:
    """A new request, under a number that follows from the message."""
    case = Case(
        id=case_number(scene.message_id),
        kind=Kind.PERSON,
        citizen=scene.citizen.key,
        language=scene.language,
        created_at=adding.moment(scene),
        words=words,
        files=tuple(files),
    )
    return answered(scene, case, RECORDED, CaseFiled(changes.filed(case)))


def present(scene: Scene) -> Case | None:
    """The request that is being made here, read anew: staff may have closed it meanwhile."""
    number = scene.citizen.notes.get("case") if scene.citizen.place == Place.PERSON else None
    case = scene.know(CaseOf(number)) if number else None
    return case if case and case.open and case.citizen == scene.citizen.key and case.kind == Kind.PERSON else None


def says_something(case: Case | None) -> bool:
    """Whether the citizen has told what it is about."""
    return case is not None and bool(case.words or any(event.what == What.REMARKED for event in case.history))


def answered(scene: Scene, case: Case, key: str, *effects: Effect) -> Screen:
    """The number of the request, and who answers it."""
    items = (scene.item("menu", "menu.menu"), scene.item("phones", "menu.phones"))
    body = scene.text(key, case=case.id, hours=office(scene))
    return Screen(Place.PERSON, scene.say(body, items), items=items, notes={"case": case.id}, effects=effects)


def office(scene: Scene) -> str:
    """Who answers and when, and what we do not know of it."""
    office = scene.town.facts["person"]
    known = [scene.pick(office[part]) for part in ("about", "hours", "unknown") if part in office]
    return " ".join([*known, office.get("phone", "")]).strip()


RULES = PlaceRules(show=show, hear=hear, take=take, listens=True)
