"""The review before sending: everything that was told, each part to be changed, and nothing longer than it may be."""

from __future__ import annotations

from dataclasses import replace

from canal.dialogue.draft import MOST_FILES, Draft
from canal.dialogue.report.parts import MAX_BODY, files, item, name_of, screen, units
from canal.dialogue.report.where import is_outside
from canal.dialogue.scene import Item, Scene, Screen, as_option, shortened
from canal.incidents.case import Kind

MOST_WORDS = 350  # of the description that are shown
MOST_ADDRESS = 100
LEAST = 20


def show(scene: Scene, draft: Draft, above: str = "") -> Screen:
    """The whole report. ``above`` is what will stand over it, and needs its room.

    Every change has its number; of the buttons one sends, one opens the changes, one gives up.
    """
    items = (item(scene, draft.kind, "send"), *changes(scene, draft), item(scene, draft.kind, "cancel"))
    bare = written(scene, replace(draft, words=""), items)
    room = min(MOST_WORDS, MAX_BODY - units(bare) - units(above) - 4)
    body = written(scene, replace(draft, words=shortened(draft.words, max(room, LEAST))), items)
    buttons = (items[0], item(scene, draft.kind, "change"), items[-1])
    reply = replace(scene.say(body, buttons), body=body, options=tuple(as_option(b, tappable=True) for b in buttons))
    notes = {"yes": f"{draft.kind}:send", "no": f"{draft.kind}:change"}
    return screen(scene, draft, "review", reply, items, notes)


def written(scene: Scene, draft: Draft, items: tuple[Item, ...]) -> str:
    """The review as text, its numbers below."""
    parts = [scene.text(f"report.review_{draft.kind}")]
    if draft.kind == Kind.INCIDENT:
        parts.append(scene.text("report.part_category", category=name_of(scene, draft)))
    parts.append(scene.text("report.part_words", words=draft.words or "—"))
    if draft.placed or draft.kind in (Kind.INCIDENT, Kind.PICKUP):
        parts.append(scene.text("report.part_place", place=place(scene, draft)))
    parts.append(scene.text("report.part_files", files=files(scene, draft)))
    lines = [f"*{number}* {each.title or each.label}" for number, each in enumerate(items, start=1)]
    return "\n".join([*parts, "", *lines])


def place(scene: Scene, draft: Draft) -> str:
    """The place as it will reach the town."""
    told = shortened(draft.address, MOST_ADDRESS) or (scene.text("report.pin") if draft.placed else "—")
    return f"{told} {scene.text('report.outside_mark', town=scene.town.name)}" if is_outside(scene, draft) else told


def changes(scene: Scene, draft: Draft) -> tuple[Item, ...]:
    """An answer for each part that can be changed."""
    parts = ["words", "where", "photos"]
    if draft.kind == Kind.INCIDENT:
        parts.insert(0, "category")
    keys = {part: f"change_{part}" for part in parts} | ({} if draft.placed else {"where": "add_where"})
    return tuple(item(scene, draft.kind, part, keys[part]) for part in parts)


def change(scene: Scene, draft: Draft) -> Screen:
    """What to change, as a list to be tapped."""
    items = (*changes(scene, draft), item(scene, draft.kind, "review", "back_to_review"))
    return screen(scene, draft, "change", scene.say(scene.text("report.ask_change"), items), items)


def photos(scene: Scene, draft: Draft) -> Screen:
    """More photos, or none."""
    remove = (item(scene, draft.kind, "photos:none", "remove_files"),) if draft.files else ()
    items = (item(scene, draft.kind, "go", "done"), *remove)
    body = scene.text("report.ask_photos", files=files(scene, draft), most=MOST_FILES)
    return screen(scene, draft, "photos", scene.say(body, items), items)


def cancelling(scene: Scene, draft: Draft) -> Screen:
    """Asked once, since a slip of the thumb would lose it all."""
    items = (item(scene, draft.kind, "cancel:yes", "cancel_yes"), item(scene, draft.kind, "go", "cancel_no"))
    notes = {"yes": f"{draft.kind}:cancel:yes", "no": f"{draft.kind}:go"}
    return screen(scene, draft, "cancel", scene.say(scene.text("report.ask_cancel"), items), items, notes)
