"""Danger is answered first: 112, and 016 or 024 where they fit; then the rest of the message."""

from __future__ import annotations

from dataclasses import replace

from canal.dialogue.citizen import Place
from canal.dialogue.messages import LANGUAGES, AskLocation, Say
from canal.dialogue.report.parts import MAX_BODY, item, units
from canal.dialogue.scene import Scene, Screen
from canal.dialogue.turn import DangerMet, Effect, NotUnderstood, Understood
from canal.dialogue.understanding.danger import Danger, DangerKind


def before(scene: Scene, danger: Danger, rest: Screen) -> Screen:
    """``rest`` with the warning above it; the warning alone where the rest would say nothing of use."""
    effects: tuple[Effect, ...] = (
        DangerMet(danger.kind),
        *(e for e in rest.effects if not isinstance(e, NotUnderstood)),
    )
    warning = words(scene, danger)
    goes_on = danger.kind == DangerKind.EMERGENCY and tells_more(scene, rest)
    if goes_on and isinstance(rest.reply, Say | AskLocation):
        body = f"{warning}\n\n{rest.reply.body}"
        if units(body) <= MAX_BODY:
            return replace(rest, reply=replace(rest.reply, body=body), effects=effects)
        if rest.draft is not None:
            return interrupted(scene, warning, rest, effects)
    return alone(scene, warning, rest, effects)


def interrupted(scene: Scene, warning: str, rest: Screen, effects: tuple[Effect, ...]) -> Screen:
    """The warning above a report that is too long to stand below it; one answer goes on with it."""
    items = (item(scene, rest.place, "go", "resume"), *scene.named("menu"))
    reply = scene.say(f"{warning}\n\n{scene.text('report.kept')}", items)
    return replace(rest, reply=reply, items=items, effects=effects)


def words(scene: Scene, danger: Danger) -> str:
    """The warning, in both languages while the citizen has chosen none."""
    key = f"danger.{danger.kind}"
    if scene.citizen.language:
        return scene.text(key)
    return "\n\n".join(scene.town.text(key, language) for language in LANGUAGES)


def tells_more(scene: Scene, rest: Screen) -> bool:
    """Whether the message was about something besides the danger, and was understood.

    A danger that is a known kind of incident (a loose cable) is reported too: somebody has to mend it.
    """
    if rest.draft is not None and rest.draft.category:
        return True
    if (said := rest.notes.get("said", "")) and rest.place != Place.MY_CASES and scene.town.incidents.find(said):
        return True
    return not any(isinstance(effect, NotUnderstood) or only_danger(effect) for effect in rest.effects)


def only_danger(effect: Effect) -> bool:
    return isinstance(effect, Understood) and effect.labels[0] == "emergency"


def alone(scene: Scene, warning: str, rest: Screen, effects: tuple[Effect, ...]) -> Screen:
    """The warning by itself; the citizen stays where they were, and so does what they said there.

    Words alone begin no report: whoever cries for help is not asked for a category. A photo is kept all the same.
    """
    citizen = scene.citizen
    here = rest.place == citizen.place
    notes = rest.notes if here else citizen.notes
    typed = any(isinstance(effect, Understood) for effect in effects)
    return replace(
        rest,
        place=citizen.place,
        reply=Say(warning),
        address=None,
        items=(),
        notes=notes,
        keep_offered=True,
        effects=effects,
        draft=rest.draft if here or not typed else None,
    )
