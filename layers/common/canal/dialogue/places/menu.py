"""The main menu: the town's nine options under their numbers, and what comes after them."""

from __future__ import annotations

from canal.dialogue.citizen import Place
from canal.dialogue.messages import Say
from canal.dialogue.report import resume
from canal.dialogue.scene import MAX_ROWS, Item, PlaceRules, Scene, Screen, as_option

NINE = ("phones", "bus", "pharmacy", "waste", "appointment", "taxes", "procedures", "jobs", "culture")
AFTER = ("incident", "complaint", "my_cases", "subscriptions", "language", "privacy", "person")
MORE = "menu:more"


def show(scene: Scene, path: tuple[str, ...]) -> Screen | None:
    """``menu`` and ``menu:more``."""
    return more(scene) if path == ("more",) else main(scene)


def addresses(scene: Scene) -> tuple[str, ...]:
    """What the numbers of the main menu lead to, for one who types a number without having seen it."""
    return tuple(item.address for item in items(scene))


def items(scene: Scene) -> tuple[Item, ...]:
    """Every option; last of all the report that was left half way."""
    half = resume.half_way(scene)
    return (*(scene.item(name, f"menu.{name}") for name in (*NINE, *AFTER)), *([half] if half else []))


def main(scene: Scene, opening: str = "menu.body") -> Screen:
    """Every option under its number; the list shows the nine and a row that opens the rest."""
    every = items(scene)
    rows = (*every[: len(NINE)], scene.item(MORE, "menu.more"))
    return screen(scene, "\n".join([scene.text(opening), *notices(scene)]), every, every, rows)


def notices(scene: Scene) -> list[str]:
    """One line that says what one is subscribed to. Nobody else waits for the topics to load."""
    if not scene.citizen.subscriptions:
        return []
    from canal.dialogue.subscribing import summary

    return [summary.line(scene)]


def more(scene: Scene) -> Screen:
    """What comes after the nine, under the same numbers as in the main menu."""
    every = items(scene)
    return screen(scene, scene.text("menu.more.body"), every, every[len(NINE) :], every[len(NINE) :])


def screen(
    scene: Scene, body: str, every: tuple[Item, ...], written: tuple[Item, ...], rows: tuple[Item, ...]
) -> Screen:
    """A menu whose numbers are those of ``every``, whatever part of it is ``written`` out."""
    lines = [f"*{every.index(item) + 1}* {item.title or item.label}" for item in written]
    reply = Say(
        body="\n".join([body, "", *lines]),
        options=tuple(as_option(item, tappable=True) for item in rows[:MAX_ROWS]),
        list_button=scene.text("common.list_button"),
        footer=scene.text("common.footer"),
    )
    return Screen(Place.MENU, reply, address="menu", items=every)


def greeting(scene: Scene) -> Screen:
    """Whoever comes back to a report half way is asked about it before anything else."""
    if scene.draft.begun and not scene.citizen.blocked:
        return resume.offer(scene, key="report.half_way_greeting")
    return main(scene, "menu.greeting")


def small_talk(scene: Scene) -> Screen:
    return main(scene, "menu.small_talk")


def gone(scene: Scene) -> Screen:
    """For an old list whose answer no longer exists."""
    return main(scene, "menu.gone")


def thanks(scene: Scene) -> Screen:
    return short(scene, "menu.thanks")


def fine(scene: Scene) -> Screen:
    """After an "ok" or a "no" that answers no question."""
    return short(scene, "menu.fine")


def no_more(scene: Scene) -> Screen:
    return short(scene, "menu.no_more")


def goodbye(scene: Scene) -> Screen:
    return short(scene, "menu.goodbye")


def short(scene: Scene, key: str) -> Screen:
    """A word in return; the citizen stays where they are."""
    citizen = scene.citizen
    return Screen(citizen.place, scene.say(scene.text(key)), notes=citizen.notes, keep_offered=True)


RULES = PlaceRules(show=show)
