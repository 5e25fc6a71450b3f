""" "Is it this one?": open incidents of the same kind near by, so that one fault does not become ten cases."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from canal.dialogue.draft import Draft
from canal.dialogue.questions import CasesNear, CasesOf, PhotoLink
from canal.dialogue.report.parts import category_of, item, screen
from canal.dialogue.scene import Item, Scene, Screen, away, shortened
from canal.subjects.geo import metres

if TYPE_CHECKING:
    from canal.incidents.case import Case

MOST = 3
BUTTONS = 3  # a picture stands above buttons only


def offer(scene: Scene, draft: Draft) -> Screen | None:
    """The open incidents to choose from; None where there is nothing to ask.

    What is private is nobody else's to see, so it is never offered.
    """
    category = category_of(scene, draft)
    if draft.new or category is None or category.private or not category.public:
        return None
    if draft.latitude is None or draft.longitude is None:
        return None
    found = scene.know(CasesNear(category.id, draft.latitude, draft.longitude, category.radius))
    if not found:
        return None
    mine = followed(scene)
    own = next((case for case in found if case.id in mine), None)
    return yours(scene, draft, own) if own else others(scene, draft, found[:MOST])


def followed(scene: Scene) -> frozenset[str]:
    """The cases that the citizen is told of anyway: their own, and those that they joined."""
    cases = scene.know(CasesOf(scene.citizen.key))
    return frozenset(number for case in cases for number in (case.id, case.duplicate_of) if number)


def yours(scene: Scene, draft: Draft, own: Case) -> Screen:
    """Reported by themselves already: to be added to, or another one."""
    items = (
        scene.item(f"my_cases:case:{own.id}", "report.see_mine", case=own.id),
        item(scene, draft.kind, "another"),
    )
    body = scene.text("report.yours", case=own.id, what=line(scene, draft, own))
    return screen(scene, draft, "near", scene.say(body, items), items, {"no": f"{draft.kind}:another"})


def others(scene: Scene, draft: Draft, found: tuple[Case, ...]) -> Screen:
    """Somebody else's: one answer joins."""
    one = len(found) == 1
    joins = tuple(join(scene, draft, case, 0 if one else number) for number, case in enumerate(found, start=1))
    items = (*joins, item(scene, draft.kind, "another"))
    head = scene.text("report.one_near" if one else "report.some_near")
    body = f"{head}\n{line(scene, draft, found[0])}" if one else head
    reply = scene.say(body, items)
    if len(items) <= BUTTONS and (photo := photo_of(found[0])):
        reply = replace(reply, image=scene.know(PhotoLink(photo)))
    notes = {"no": f"{draft.kind}:another"} | ({"yes": items[0].address} if one else {})
    return screen(scene, draft, "near", reply, items, notes)


def join(scene: Scene, draft: Draft, case: Case, number: int) -> Item:
    """The answer "it is this one"; ``number`` tells several apart."""
    address = f"{draft.kind}:join:{case.id}"
    if not number:
        return scene.item(address, "report.join")
    told = line(scene, draft, case)
    return Item(address, scene.text("report.join_one_of", number=number), told, shortened(told, 72))


def line(scene: Scene, draft: Draft, case: Case) -> str:
    """What it is, how far, how old and how it stands."""
    category = category_of(scene, draft)
    what = scene.pick(category.name) if category else ""
    where = distance(scene, draft, case)
    return " · ".join(filter(None, [what, where, age(scene, case), scene.text(f"report.state_{case.state}")]))


def distance(scene: Scene, draft: Draft, case: Case) -> str:
    if case.position is None or draft.latitude is None or draft.longitude is None:
        return ""
    far = metres(draft.latitude, draft.longitude, case.position.latitude, case.position.longitude)
    return away(scene, max(far, 10))


def age(scene: Scene, case: Case) -> str:
    days = (scene.now.date() - scene.town.local(case.created_at).date()).days
    if days < 1:
        return scene.text("report.today")
    return scene.text("report.yesterday") if days == 1 else scene.text("report.days_ago", days=days)


def photo_of(case: Case) -> str:
    """The thumbnail of a photo that staff have allowed others to see."""
    return next((file.thumbnail for file in case.files if file.public and file.thumbnail), "")
