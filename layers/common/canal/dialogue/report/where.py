"""The place of a report: a pin, a street with its number, or a landmark, all equally good."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from canal.dialogue.draft import LONGEST_ADDRESS, Draft
from canal.dialogue.messages import AskLocation, Pin
from canal.dialogue.pins import name_of_pin
from canal.dialogue.report.parts import item, screen
from canal.dialogue.scene import Scene, Screen, row
from canal.subjects.street_as_written import street_as_written

if TYPE_CHECKING:
    from canal.subjects.gazetteer import Spot

CHOICES = 3
NOWHERE = 0.001  # degrees around 0,0


def ask(scene: Scene, draft: Draft, key: str = "report.ask_where") -> Screen:
    """WhatsApp's own button for a pin, and the word that a street or a landmark is just as good."""
    items = (item(scene, draft.kind, "cancel"),)
    lines = [scene.text(key), "", *(f"*{n}* {each.title or each.label}" for n, each in enumerate(items, start=1))]
    return screen(scene, draft, "where", AskLocation("\n".join(lines)), items)


def pinned(scene: Scene, draft: Draft, pin: Pin) -> Draft | None:
    """The report at ``pin``; None for a pin that says nothing."""
    if says_nothing(pin):
        return None
    return draft.at(pin.latitude, pin.longitude, name_of_pin(pin) or in_words(scene, pin), "pin")


def says_nothing(pin: Pin) -> bool:
    """Whether it lies in the sea off Africa, which is where telephones without a fix believe to be."""
    return abs(pin.latitude) < NOWHERE and abs(pin.longitude) < NOWHERE


def in_words(scene: Scene, pin: Pin) -> str:
    """A pin as people would say it; empty where nothing known is near."""
    spot = scene.town.gazetteer.near(pin.latitude, pin.longitude)
    return scene.text("report.near_spot", spot=spot.label(scene.language)) if spot else ""


def is_outside(scene: Scene, draft: Draft) -> bool:
    """Whether the place lies in another municipality."""
    if draft.latitude is None or draft.longitude is None:
        return False
    return not scene.town.municipality.contains(draft.latitude, draft.longitude)


def outside(scene: Scene, draft: Draft) -> Screen:
    """Said kindly: pins slip, and limits are nobody's to know by heart."""
    own = (item(scene, draft.kind, "go", "right_place"), item(scene, draft.kind, "where", "other_place"))
    items = (*own, *scene.named("menu"))
    reply = scene.say(scene.text("report.outside", town=scene.town.name), items)
    return screen(scene, draft, "outside", reply, items)


def surely(scene: Scene, words: str) -> Spot | None:
    """The one place that the words surely name."""
    sure = [match.spot for match in scene.town.gazetteer.find(words, CHOICES) if match.sure]
    return sure[0] if len(sure) == 1 else None


def named_in(scene: Scene, words: str) -> Spot | None:
    """The place that a description surely names along the way; a whole quarter is not near enough to go there."""
    spot = surely(scene, words)
    return spot if spot and spot.kind != "quarter" else None


def at_spot(scene: Scene, draft: Draft, spot: Spot) -> Draft:
    source = "demo" if spot.demo else "landmark" if spot.kind == "landmark" else "gazetteer"
    if spot.latitude is None or spot.longitude is None:
        return draft.at(None, None, spot.label(scene.language), "words")
    return draft.at(spot.latitude, spot.longitude, spot.label(scene.language), source)


def at_street(draft: Draft, words: str) -> Draft:
    """At a street and number that only the citizen knows, if the words name one."""
    street = street_as_written(words)
    return draft.at(None, None, street, "words") if street else draft


def candidates(scene: Scene, words: str) -> tuple[Spot, ...]:
    """The places that the words may mean, the likeliest first."""
    return tuple(match.spot for match in scene.town.gazetteer.find(words, CHOICES))


def choose(scene: Scene, draft: Draft, spots: Sequence[Spot], words: str) -> Screen:
    """Which of them; or none, and we note what was written."""
    items = (
        *(row(f"{draft.kind}:spot:{spot.id}", spot.label(scene.language)) for spot in spots),
        item(scene, draft.kind, "written"),
    )
    reply = scene.say(scene.text("report.which_spot"), items)
    return screen(scene, draft, "where", reply, items, {"written": words[:LONGEST_ADDRESS]})


def as_written(draft: Draft, words: str) -> Draft:
    """The place in the citizen's own words. A long story is kept whole with the description."""
    placed = draft.at(None, None, words, "words")
    return placed.saying(words) if len(words.strip()) > LONGEST_ADDRESS else placed
