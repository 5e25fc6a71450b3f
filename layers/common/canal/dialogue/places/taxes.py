"""Option 6, impostos: what can be paid now, what comes next, always with its year; the ways to pay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from canal.dialogue.citizen import Place
from canal.dialogue.scene import PlaceRules, Scene, Screen, row
from canal.dialogue.times import full_day
from canal.dialogue.understanding.reading import Reading

if TYPE_CHECKING:
    from canal.subjects.taxes import Period, TaxStatus


def show(scene: Scene, path: tuple[str, ...]) -> Screen | None:
    """``taxes``, ``taxes:tax:ID`` and ``taxes:ways``."""
    match path:
        case ():
            return calendar(scene)
        case ("tax", identifier):
            return tax(scene, identifier)
        case ("ways",):
            return ways(scene)
        case _:
            return None


def hear(scene: Scene, words: str, reading: Reading) -> Screen | None:
    found = scene.town.taxes.find(words, limit=1)
    return tax(scene, found[0].id) if found else None


def calendar(scene: Scene) -> Screen:
    """The calendar as it stands today."""
    items = tuple(row(f"taxes:tax:{each.id}", scene.pick(each.name)) for each in scene.town.taxes.taxes[:7])
    items = (scene.item("taxes:ways", "taxes.ways"), *items)
    body = "\n\n".join(status_lines(scene, scene.town.taxes.status(scene.now)))
    return Screen(Place.TAXES, scene.say(body, items), address="taxes", items=items)


def tax(scene: Scene, identifier: str) -> Screen | None:
    found = scene.town.taxes.get(identifier)
    if found is None:
        return None
    status = scene.town.taxes.status(scene.now, identifier)
    about = "\n".join(filter(None, [f"💶 *{scene.pick(found.name)}*", scene.pick(found.about)]))
    items = (scene.item("taxes:ways", "taxes.ways"), *scene.named("taxes", "person"))
    body = "\n\n".join([about, *status_lines(scene, status)])
    return Screen(Place.TAXES, scene.say(body, items), address=f"taxes:tax:{identifier}", items=items)


def status_lines(scene: Scene, status: TaxStatus) -> list[str]:
    """What is open, what comes, and, only where there is neither, the past as a past."""
    parts = []
    if status.open:
        parts.append(paragraph(scene, scene.text("taxes.open"), status.open))
    if status.coming:
        parts.append(paragraph(scene, scene.text("taxes.coming"), status.coming))
    if status.charges:
        lines = [
            scene.text(
                "taxes.charge",
                day=full_day(scene, debit.on),
                percent=debit.percent,
                taxes=names(scene, period),
            )
            for debit, period in status.charges
        ]
        parts.append("\n".join([scene.text("taxes.charges"), *lines]))
    if not status.open and not status.coming:
        parts.append(scene.text("taxes.over" if status.calendar_loaded else "taxes.not_loaded", year=status.year))
        if status.past:
            parts.append(paragraph(scene, scene.text("taxes.past", year=status.last_known_year), status.past))
    return parts


def paragraph(scene: Scene, title: str, periods: tuple[Period, ...]) -> str:
    return "\n".join([title, *(f"• {names(scene, each)}: {dates(scene, each)}" for each in periods)])


def names(scene: Scene, period: Period) -> str:
    return ", ".join(scene.pick(each.name) for each in scene.town.taxes.of(period))


def dates(scene: Scene, period: Period) -> str:
    return scene.text("taxes.period", opens=full_day(scene, period.opens), closes=full_day(scene, period.closes))


def ways(scene: Scene) -> Screen:
    """How to pay, and what is good to know about paying."""
    taxes = scene.town.taxes
    lines = [f"• *{scene.pick(each.name)}*: {scene.pick(each.about)} {each.url}".rstrip() for each in taxes.ways]
    lines += [f"ℹ️ {scene.pick(each.about)}" for each in taxes.advice]
    lines += [f"❔ {scene.pick(each)}" for each in taxes.unknown]
    items = scene.named("taxes", "appointment", "person")
    body = "\n".join([scene.text("taxes.ways_body"), *lines])
    return Screen(Place.TAXES, scene.say(body, items), address="taxes:ways", items=items)


RULES = PlaceRules(show=show, hear=hear)
