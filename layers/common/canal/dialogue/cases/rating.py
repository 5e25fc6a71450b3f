"""What the citizen thinks of how a closed case was dealt with: one to five stars."""

from __future__ import annotations

from canal.dialogue.cases import adding, finding, view
from canal.dialogue.scene import Scene, Screen
from canal.incidents import changes
from canal.incidents.case import Case
from canal.incidents.states import NotAllowed

LOW = 2  # stars up to which we ask whether it is fixed at all


def ask(scene: Scene, case: Case) -> Screen:
    """The five answers, each under the number of its stars."""
    if refused := in_the_way(scene, case):
        return refused
    items = tuple(scene.item(f"my_cases:rate:{case.id}:{stars}", f"my_cases.stars_{stars}") for stars in changes.STARS)
    text = scene.text("my_cases.ask_rate", case=case.id)
    return view.screen(scene, text, items, {"case": case.id}, f"my_cases:rate:{case.id}")


def in_the_way(scene: Scene, case: Case) -> Screen | None:
    if scene.citizen.blocked:
        return view.shown(scene, case, scene.text("my_cases.only_look"))
    if not finding.ended(finding.followed(scene, case)):
        return view.shown(scene, case, scene.text("my_cases.not_yet", case=case.id))
    return None


def rate(scene: Scene, case: Case, stars: int) -> Screen:
    """Noted in the citizen's own case; the same stars once more change nothing."""
    if refused := in_the_way(scene, case):
        return refused
    can_reopen = finding.can_reopen(scene, finding.followed(scene, case), adding.moment(scene))
    contest = stars <= LOW and can_reopen
    text = scene.text("my_cases.rated_low" if contest else "my_cases.rated", case=case.id, stars=stars)
    items = (scene.item(f"my_cases:reopen:{case.id}", "my_cases.reopen"),) if contest else ()
    shown = view.screen(scene, text, (*items, scene.item("my_cases", "my_cases.all"), *scene.named("menu")))
    if case.rating == stars:
        return shown
    try:
        return adding.saying_so(shown, changes.rated(case, adding.moment(scene), stars))
    except NotAllowed:  # its history is full: what matters is that they were heard
        return shown
