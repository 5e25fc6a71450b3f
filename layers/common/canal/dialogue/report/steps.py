"""What a report still lacks, asked one thing at a time: what it is about, where, what happens; else the review."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from canal.dialogue.draft import Draft
from canal.dialogue.report import near, review, where
from canal.dialogue.report.parts import OTHER, categorised, category_of, headed, item, screen
from canal.dialogue.scene import Item, Scene, Screen, row
from canal.incidents.case import Kind

PLACED = frozenset({Kind.INCIDENT, Kind.PICKUP})  # kinds that need a place
MOST_GROUPS = 8  # a list has ten rows; one is for what is in none of them, one to give up


def go_on(scene: Scene, draft: Draft, head: str = "") -> Screen:
    """The next question, below ``head`` (what just happened) and below the caution of a dangerous category."""
    gone = draft.category and not categorised(scene, draft)
    heads = [head, scene.text("report.category_gone") if gone else "", caution(scene, draft)]
    above = "\n\n".join(filter(None, heads))
    return headed(above, next_step(scene, draft, above))


def next_step(scene: Scene, draft: Draft, above: str) -> Screen:
    incident = draft.kind == Kind.INCIDENT
    if incident and not categorised(scene, draft):
        return ask_category(scene, draft) if draft.words else ask_what(scene, draft)
    if incident and not draft.anyway and (theirs := other_body(scene, draft)):
        return theirs
    if not incident and not draft.words:
        return ask_words(scene, draft)
    if draft.kind in PLACED and not draft.placed:
        return where.ask(scene, draft)
    if incident and (known := near.offer(scene, draft)):
        return known
    draft = replace(draft, new=incident)  # not to be looked for again unless the place or the category changes
    if not draft.words and not draft.files:
        return ask_words(scene, draft)
    return review.show(scene, draft, above)


def caution(scene: Scene, draft: Draft) -> str:
    """What to keep away from, said when the category becomes known."""
    category = category_of(scene, draft)
    return scene.pick(category.danger) if category and draft.category != scene.draft.category else ""


def ask_what(scene: Scene, draft: Draft) -> Screen:
    """What happens, in their words or by the list."""
    return choice(scene, draft, "what", "report.ask_what")


def ask_category(scene: Scene, draft: Draft) -> Screen:
    """What it is about, where the words did not tell."""
    return choice(scene, draft, "category", "report.ask_category")


def choice(scene: Scene, draft: Draft, step: str, key: str) -> Screen:
    """The groups of categories. A group of one category leads to it at once."""
    items = (*(group_item(scene, group.id, group.name) for group in scene.town.incidents.groups[:MOST_GROUPS]),)
    items = (*items, item(scene, draft.kind, f"category:{OTHER}", "other"), item(scene, draft.kind, "cancel"))
    return screen(scene, draft, step, scene.say(scene.text(key), items), items)


def group_item(scene: Scene, identifier: str, name: Mapping[str, str]) -> Item:
    only = scene.town.incidents.of_group(identifier)
    if len(only) == 1:
        return row(f"incident:category:{only[0].id}", scene.pick(only[0].name))
    return row(f"incident:group:{identifier}", scene.pick(name))


def ask_group(scene: Scene, draft: Draft, group: str) -> Screen | None:
    """The categories of a group; None for a group that is no more."""
    found = scene.town.incidents.of_group(group)
    items = tuple(row(f"incident:category:{each.id}", scene.pick(each.name)) for each in found)
    items = (*items, item(scene, draft.kind, "category", "groups"))
    reply = scene.say(scene.text("report.ask_which"), items)
    return screen(scene, draft, "category", reply, items, address=f"incident:group:{group}") if found else None


def other_body(scene: Scene, draft: Draft) -> Screen | None:
    """Who looks after it, where it is not the town; it can be reported all the same."""
    category = category_of(scene, draft)
    if category is None or category.other_body is None:
        return None
    body = scene.text(
        "report.other_body",
        category=scene.pick(category.name),
        name=scene.pick(category.other_body.name),
        about=scene.pick(category.other_body.about),
    )
    items = (item(scene, draft.kind, "anyway"), item(scene, draft.kind, "category", "groups"), *scene.named("menu"))
    return screen(scene, draft, "other_body", scene.say(body.strip(), items), items)


def ask_words(scene: Scene, draft: Draft) -> Screen:
    """The description, for the first time or anew."""
    category = category_of(scene, draft)
    hint = scene.pick(category.hint) if category else ""
    again = "_again" if draft.words else ""
    body = "\n".join(filter(None, [scene.text(f"report.words_{draft.kind}{again}"), f"_{hint}_" if hint else ""]))
    items = (item(scene, draft.kind, "cancel"), *scene.named("menu"))
    return screen(scene, draft, "words", scene.say(body, items), items)


def told(scene: Scene, draft: Draft, words: str) -> Draft:
    """The report with more words, and with what they say of its category and place."""
    draft = draft.saying(words)
    if draft.kind == Kind.INCIDENT and not draft.category:
        found = scene.town.incidents.find(words)
        draft = draft.about(found[0].id) if found else draft
    if draft.kind in PLACED and not draft.placed:
        spot = where.named_in(scene, words)
        draft = where.at_spot(scene, draft, spot) if spot else where.at_street(draft, words)
    return draft


def retold(scene: Scene, draft: Draft, words: str) -> Draft:
    """The report with other words than before."""
    return told(scene, replace(draft, words=""), words)
