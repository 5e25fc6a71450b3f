"""Danger is answered first: 112, and 016 or 024 where they fit; then the rest of the message."""

from __future__ import annotations

from dataclasses import replace

from canal.dialogue.messages import LANGUAGES, Say
from canal.dialogue.scene import Scene, Screen
from canal.dialogue.turn import DangerMet, Effect, NotUnderstood, Understood
from canal.dialogue.understanding.danger import Danger, DangerKind

MAX_BODY = 1024  # with options; WhatsApp's limit


def before(scene: Scene, danger: Danger, rest: Screen) -> Screen:
    """``rest`` with the warning above it; the warning alone where the rest would say nothing of use."""
    effects: tuple[Effect, ...] = (
        DangerMet(danger.kind),
        *(e for e in rest.effects if not isinstance(e, NotUnderstood)),
    )
    warning = words(scene, danger)
    if danger.kind == DangerKind.EMERGENCY and tells_more(rest) and isinstance(rest.reply, Say):
        body = f"{warning}\n\n{rest.reply.body}"
        if len(body) <= MAX_BODY:
            return replace(rest, reply=replace(rest.reply, body=body), effects=effects)
    return alone(scene, warning, rest, effects)


def words(scene: Scene, danger: Danger) -> str:
    """The warning, in both languages while the citizen has chosen none."""
    key = f"danger.{danger.kind}"
    if scene.citizen.language:
        return scene.text(key)
    return "\n\n".join(scene.town.text(key, language) for language in LANGUAGES)


def tells_more(rest: Screen) -> bool:
    """Whether the message was about something besides the danger, and was understood."""
    return not any(isinstance(effect, NotUnderstood) or only_danger(effect) for effect in rest.effects)


def only_danger(effect: Effect) -> bool:
    return isinstance(effect, Understood) and effect.labels[0] == "emergency"


def alone(scene: Scene, warning: str, rest: Screen, effects: tuple[Effect, ...]) -> Screen:
    """The warning by itself; the citizen stays where they were, and so does what they said there."""
    citizen = scene.citizen
    notes = rest.notes if rest.place == citizen.place else citizen.notes
    return replace(
        rest,
        place=citizen.place,
        reply=Say(warning),
        address=None,
        items=(),
        notes=notes,
        keep_offered=True,
        effects=effects,
    )
