"""One case as its citizen sees it, and the list of all of theirs."""

from __future__ import annotations

from collections.abc import Sequence

from canal.dialogue.cases import adding, finding, saying
from canal.dialogue.citizen import Place
from canal.dialogue.report.parts import MAX_BODY, units
from canal.dialogue.scene import MAX_LABEL, Item, Scene, Screen, row, shortened
from canal.dialogue.times import day, long_day
from canal.incidents.case import Case, Event
from canal.incidents.states import State

MOST_ROWS = 9  # the tenth leads to the menu
ROW = 40  # UTF-16 units of what a case is about, in the list
# How much of the citizen's words, of the address and of each answer is shown; the next one where it is too long.
ROOMS = ((160, 100, 300), (100, 60, 150), (60, 40, 60))
LONGEST = 3_800  # UTF-16 units of a text without options, its numbers left out


def listed(scene: Scene) -> Screen:
    """The newest cases; without any, an offer to report."""
    found = finding.all_of(scene)
    if not found:
        items = scene.named("incident", "complaint", "menu")
        return screen(scene, scene.text("my_cases.none"), items, address="my_cases")
    rows = tuple(line(scene, case) for case in found[:MOST_ROWS])
    key = "my_cases.list_more" if len(found) > MOST_ROWS else "my_cases.list"
    return screen(scene, scene.text(key), (*rows, *scene.named("menu")), address="my_cases")


def line(scene: Scene, case: Case) -> Item:
    """A case in the list: number, what, state and day."""
    subject, state = shortened(saying.subject(scene, case), ROW), saying.state(scene, case)
    sent = day(scene, scene.town.local(case.created_at).date())
    label = shortened(f"{case.id} {subject}", MAX_LABEL)
    return row(f"my_cases:case:{case.id}", f"{case.id} · {subject} · {state}", f"{state} · {sent}", label)


def shown(scene: Scene, case: Case, head: str = "") -> Screen:
    """How a case stands, what was answered, and what the citizen can do about it, with ``head`` above."""
    live = finding.followed(scene, case)
    items = options(scene, case, live)
    bodies = (body(scene, case, live, head, *room) for room in ROOMS)
    fits = next((text for text in bodies if units(scene.say(text, items).body) <= MAX_BODY), "")
    text = fits or body(scene, case, live, head, *ROOMS[-1])
    return screen(scene, text, items, expecting(scene, case, live), f"my_cases:case:{case.id}")


def expecting(scene: Scene, case: Case, live: Case) -> dict[str, str]:
    """What typed words mean below it: where staff asked something, they are the answer, a plain yes or no too."""
    if live.state != State.WAITING or scene.citizen.blocked:
        return {"case": case.id}
    address = f"my_cases:add:{case.id}"
    return {"case": case.id, "step": "add", "yes": f"{address}:yes", "no": f"{address}:no"}


def body(scene: Scene, case: Case, live: Case, head: str, words: int, place: int, answer: int) -> str:
    """All that is known of it, each part within its number of UTF-16 units."""
    said = shortened(" ".join(case.words.split()), words)
    where = shortened(" ".join(case.address.split()), place)
    parts = [
        f"{head}\n" if head else "",
        saying.heading(scene, case),
        scene.text("my_cases.words", words=said) if said else "",
        scene.text("my_cases.place", place=where) if where else "",
        files(scene, case),
        scene.text("my_cases.sent_on", day=local_day(scene, case)),
        "",
        *standing(scene, case, live),
        *(saying.answer(scene, event, answer) for event in saying.answers(case, live)[-saying.LAST :]),
        scene.text("my_cases.send_files") if live.open and not scene.citizen.blocked else "",
    ]
    return "\n".join(part for part in parts if part)


def standing(scene: Scene, case: Case, live: Case) -> list[str]:
    """State, department, when to expect something, and the citizen's opinion."""
    lines = [scene.text("my_cases.follows")] if live.id != case.id else []
    closed = local_day(scene, live, closed=True)
    state = scene.text("my_cases.state", state=saying.state(scene, live))
    lines.append(" ".join(filter(None, [state, scene.text("my_cases.closed_on", day=closed) if closed else ""])))
    if name := saying.department(scene, live.department):
        lines.append(scene.text("my_cases.department", department=name))
    if live.open and live.due_at:
        lines.append(expected(scene, live))
    if case.rating:
        lines.append(scene.text("my_cases.stars", stars=case.rating))
    return lines


def expected(scene: Scene, case: Case) -> str:
    """By when; said plainly where that day is past."""
    assert case.due_at is not None
    by = scene.town.local(case.due_at).date()
    if case.due_at >= scene.now:
        return scene.text("my_cases.due", day=day(scene, by))
    key = "my_cases.overdue_said" if case.escalated else "my_cases.overdue"
    return scene.text(key, day=long_day(scene, by))


def options(scene: Scene, case: Case, live: Case) -> tuple[Item, ...]:
    """What can be done now: add while it is open; contest and rate when it is closed; read on; go elsewhere."""
    items: list[Item] = []
    if not scene.citizen.blocked:
        if live.open:
            key = "my_cases.reply" if live.state == State.WAITING else "my_cases.add"
            items.append(scene.item(f"my_cases:add:{case.id}", key))
        elif finding.can_reopen(scene, live, adding.moment(scene)):
            items.append(scene.item(f"my_cases:reopen:{case.id}", "my_cases.reopen"))
        if finding.ended(live) and not case.rating:
            items.append(scene.item(f"my_cases:rate:{case.id}", "my_cases.rate"))
    if any(units(event.words) > ROOMS[0][2] for event in saying.answers(case, live)):
        items.append(scene.item(f"my_cases:answers:{case.id}", "my_cases.answers"))
    return (*items, scene.item("my_cases", "my_cases.all"), *scene.named("menu"))


def answered(scene: Scene, case: Case) -> Screen:
    """What staff answered, word for word, the last first as far as it fits one message."""
    events: Sequence[Event] = saying.answers(case, finding.followed(scene, case))
    text = "\n\n".join([saying.heading(scene, case), *(saying.answer(scene, each, LONGEST) for each in events[::-1])])
    items = (scene.item(f"my_cases:case:{case.id}", "my_cases.see"), *scene.named("menu"))
    return screen(scene, shortened(text, LONGEST), items, {"case": case.id}, f"my_cases:answers:{case.id}")


def missing(scene: Scene, number: str) -> Screen:
    """Nobody's, somebody else's, or deleted: the same words for all."""
    items = (scene.item("my_cases", "my_cases.all"), *scene.named("menu"))
    return screen(scene, scene.text("my_cases.not_found", case=shortened(number, MAX_LABEL)), items)


def screen(
    scene: Scene, text: str, items: Sequence[Item], notes: dict[str, str] | None = None, address: str | None = None
) -> Screen:
    reply = scene.say(text, items)
    return Screen(Place.MY_CASES, reply, address=address, items=tuple(items), notes=notes or {})


def files(scene: Scene, case: Case) -> str:
    number = len(case.files)
    key = "my_cases.one_file" if number == 1 else "my_cases.many_files"
    return scene.text(key, number=number) if number else ""


def local_day(scene: Scene, case: Case, *, closed: bool = False) -> str:
    """The day on which it was sent, or closed; empty where it is open."""
    moment = case.closed_at if closed else case.created_at
    return day(scene, scene.town.local(moment).date()) if moment else ""
