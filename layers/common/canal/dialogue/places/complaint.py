"""Complaints, and the choice between a complaint, a suggestion and a question that the menu leads to."""

from __future__ import annotations

from canal.dialogue.citizen import Place
from canal.dialogue.report.doors import rules
from canal.dialogue.scene import Scene, Screen
from canal.incidents.case import Kind


def choice(scene: Scene) -> Screen:
    """What it is; words typed here are taken for a complaint."""
    items = (
        scene.item("complaint:words", "complaint.write"),
        *scene.named("suggestion", "question"),
    )
    reply = scene.say(scene.text("complaint.choose"), items)
    return Screen(Place.COMPLAINT, reply, address="complaint", items=items)


RULES = rules(Kind.COMPLAINT, opening=choice)
