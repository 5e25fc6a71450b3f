""" "It is not fixed": a closed case is opened again by its citizen, or by one who follows it, in the town's days."""

from __future__ import annotations

from datetime import datetime

from canal.dialogue.cases import adding, finding, view
from canal.dialogue.cases.more import linked
from canal.dialogue.messages import Media
from canal.dialogue.scene import Scene, Screen
from canal.dialogue.times import day
from canal.incidents import changes
from canal.incidents.case import Case, File
from canal.incidents.deadlines import due
from canal.incidents.states import NotAllowed


def ask(scene: Scene, case: Case) -> Screen:
    """What is still wrong, which need not be answered."""
    if refused := in_the_way(scene, case, finding.followed(scene, case)):
        return refused
    yes, no = f"my_cases:reopen:{case.id}:go", f"my_cases:case:{case.id}"
    items = (scene.item(yes, "my_cases.reopen_now"), scene.item(no, "my_cases.leave_it"))
    notes = {"case": case.id, "step": "reopen", "yes": yes, "no": no}
    text = scene.text("my_cases.ask_reopen", case=case.id)
    return view.screen(scene, text, items, notes, f"my_cases:reopen:{case.id}")


def in_the_way(scene: Scene, case: Case, live: Case) -> Screen | None:
    """The answer where it cannot be opened again: open already, too long ago, or not for this citizen."""
    if scene.citizen.blocked:
        return view.shown(scene, case, scene.text("my_cases.only_look"))
    if live.open:
        return view.shown(scene, case, scene.text("my_cases.open_already", case=case.id))
    return None if finding.can_reopen(scene, live, adding.moment(scene)) else too_late(scene, case)


def too_late(scene: Scene, case: Case) -> Screen:
    """Said kindly, with the way to report it anew."""
    text = scene.text("my_cases.too_late", case=case.id, days=scene.town.incidents.reopen_days)
    items = (*scene.named(case.kind), scene.item(f"my_cases:case:{case.id}", "my_cases.see"), *scene.named("menu"))
    return view.screen(scene, text, items, {"case": case.id})


def with_file(scene: Scene, case: Case, media: Media) -> Screen:
    """A photo says what is still wrong."""
    return reopen(scene, case, media.caption, adding.sent(scene, media))


def reopen(scene: Scene, case: Case, words: str, *files: File) -> Screen:
    """Opened again, due anew, and said so."""
    live = finding.followed(scene, case)
    if refused := in_the_way(scene, case, live):
        return refused
    at, incidents = adding.moment(scene), scene.town.incidents
    due_at = due(at, incidents.days(live.kind, live.category), scene.town.holidays, scene.town.zone)
    try:
        changed = opened(scene, case, live, words.strip(), files, due_at=due_at)
    except NotAllowed:  # its history is full
        return too_late(scene, case)
    by = day(scene, scene.town.local(due_at).date())
    text = scene.text("my_cases.reopened", case=case.id, day=by)
    items = (scene.item(f"my_cases:case:{case.id}", "my_cases.see"), *scene.named("menu"))
    # Photos that come along with the first one are more of the same.
    shown = view.screen(scene, text, items, {"case": case.id, "step": "add", "said": "yes"})
    return adding.saying_so(shown, *changed)


def opened(
    scene: Scene, case: Case, live: Case, words: str, files: tuple[File, ...], *, due_at: datetime
) -> tuple[Case, ...]:
    """The cases after it. One who follows keeps their words and files in their own case, as in ``more``."""
    at = adding.moment(scene)
    if live.id == case.id:
        after = changes.reopened(case, at, changes.CITIZEN, words, due_at)
        return (changes.remarked(after, at, "", files) if files else after,)
    again = changes.reopened(live, at, changes.CITIZEN, "", due_at)
    if not words and not files:
        return (again,)
    return (changes.remarked(case, at, words, files), *(linked(scene, case, again) or (again,)))
