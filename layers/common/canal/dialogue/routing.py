"""Which place answers: numbers, labels, taps, commands, the present place's ear, the town's ear."""

from __future__ import annotations

import re
from dataclasses import replace

from canal.dialogue import commands, unknown
from canal.dialogue.cases import numbers
from canal.dialogue.citizen import Place
from canal.dialogue.messages import LANGUAGES, AskLocation, Media, Pin, Say, SharedContacts, Tap, Unsupported
from canal.dialogue.places import PLACES, menu, rules_of, screen_at
from canal.dialogue.scene import Scene, Screen, elsewhere
from canal.dialogue.turn import Understood
from canal.dialogue.understanding.reading import Reading
from canal.dialogue.understanding.text import fold

# What a label of ``understanding`` leads to, where the place has another name.
PLACE_OF_LABEL = {"opt_out": Place.SUBSCRIPTIONS, "emergency": Place.INCIDENT}

SURELY = 0.9  # the share of the best label from which several words leave the present place
MAX_CHOICE = 24  # characters of "la opció número 12, per favor"; longer texts are no choice
PLAIN_NUMBER = re.compile(r"[\s.,:;)(*#_-]*(\d+)[\s.,:;)(*#_\ufe0f\u20e3-]*")  # the last two make a key-cap of "1"


def open_tap(scene: Scene, tap: Tap) -> Screen:
    """A tap on any list or button, however old. One that leads nowhere is read as its label's words."""
    if scene.citizen.language is None and not tap.id.startswith(Place.LANGUAGE):
        scene = replace(scene, citizen=replace(scene.citizen, language=scene.town.language))
    return screen_at(scene, tap.id) or menu.gone(scene)


def number_in(scene: Scene, words: str) -> str:
    """The digits of "3", "3)", "*3*", "la 3" or "opció 3"; empty for anything else."""
    if len(words) > MAX_CHOICE:
        return ""
    found = PLAIN_NUMBER.fullmatch(words)
    if found:
        return found[1]
    said = fold(words).split()
    digits = [word for word in said if word.isdecimal()]
    if len(digits) != 1:
        return ""
    around = {fold(word) for code in LANGUAGES for word in scene.town.text("common.said_option", code).split(",")}
    return digits[0] if around.issuperset(word for word in said if word not in digits) else ""


def pick_number(scene: Scene, number: str) -> Screen:
    """The answer that was offered under ``number``; 0 is the menu; the nine options where none was offered."""
    offered = [answer.address for answer in scene.citizen.offered] or list(menu.addresses(scene))
    place = int(number[:6])
    if place == 0:
        return menu.main(scene)
    if place <= len(offered) and (screen := screen_at(scene, offered[place - 1])):
        return screen
    heard = hear_here(scene, number, Reading.nothing())
    return heard or unknown.no_such_number(scene, len(offered))


def choose_again(scene: Scene) -> Screen:
    """A number or a yes after a notice: whether it answers that or the screen before, nobody knows. Nothing is done,
    and the screen before is shown once more.
    """
    address = scene.citizen.trail[-1] if scene.citizen.trail else ""
    screen = (screen_at(scene, address) if address else None) or menu.main(scene)
    if not isinstance(screen.reply, Say | AskLocation):
        screen = menu.main(scene)
    assert isinstance(screen.reply, Say | AskLocation)
    body = f"{scene.text('common.choose_again')}\n\n{screen.reply.body}"
    return replace(screen, reply=replace(screen.reply, body=body), effects=())


def hear(scene: Scene, words: str, reading: Reading) -> Screen:
    """Typed words that are no number."""
    return (
        pick_label(scene, words)
        or commands.obey(scene, reading.command, words)
        or find_case(scene, words)
        or hear_out(scene, words, reading)
        or unknown.words(scene, words, reading)
    )


def pick_label(scene: Scene, words: str) -> Screen | None:
    """The answer that was offered with exactly these words, accents and case aside."""
    wanted = fold(words)
    for answer in scene.citizen.offered:
        if wanted and wanted in (fold(answer.label), fold(answer.short)):
            return screen_at(scene, answer.address)
    return None


def hear_out(scene: Scene, words: str, reading: Reading) -> Screen | None:
    """The present place first, for a word alone, one that it listens for or a name of its own; else whoever the words
    name.
    """
    called = rules_of(scene.citizen.place).called
    if called and (screen := called(scene, words)):
        return screen
    ears = [hear_here, hear_everywhere]
    if not rules_of(scene.citizen.place).listens and " " in fold(words) and names_another(scene, reading):
        ears.reverse()
    return next((screen for ear in ears if (screen := ear(scene, words, reading))), None)


def names_another(scene: Scene, reading: Reading) -> bool:
    """Whether the words surely mean another place than the present one; politeness is at home everywhere."""
    return elsewhere(scene, reading, SURELY) and reading.labels[0][0] != "smalltalk"


def hear_here(scene: Scene, words: str, reading: Reading) -> Screen | None:
    """What the present place makes of the words."""
    ear = rules_of(scene.citizen.place).hear
    return ear(scene, words, reading) if ear else None


def hear_everywhere(scene: Scene, words: str, reading: Reading) -> Screen | None:
    """What the town as a whole makes of them: the place that the best label names."""
    if not reading.sure:
        return None
    label = reading.labels[0][0]
    if label == "smalltalk":
        return understood(menu.small_talk(scene), reading)
    place = PLACE_OF_LABEL.get(label) or PLACES.get(label)
    if place is None:
        return None
    rules = rules_of(place)
    screen = (rules.hear(scene, words, reading) if rules.hear else None) or rules.show(scene, ())
    return understood(screen, reading) if screen else None


def understood(screen: Screen, reading: Reading) -> Screen:
    labels = tuple(label for label, _ in reading.labels[:3])
    return replace(screen, effects=(Understood(labels), *screen.effects))


def locate(scene: Scene, pin: Pin) -> Screen:
    """A pin: for the present place if it has a use for it, else the citizen says what it is for."""
    ear = rules_of(scene.citizen.place).locate
    return (ear(scene, pin) if ear else None) or unasked(scene, pin)


def take(scene: Scene, media: Media) -> Screen:
    """A photo, voice note or file: for the present place if it has a use for it, else we ask what it is for."""
    ear = rules_of(scene.citizen.place).take
    return (ear(scene, media) if ear else None) or unasked(scene, media)


def unasked(scene: Scene, content: Pin | Media | SharedContacts | Unsupported) -> Screen:
    """What no place asked for. Its module is loaded with the first of it: most conversations have none."""
    from canal.dialogue.places import attachment

    if isinstance(content, Pin | Media):
        return attachment.offer(scene, content)
    return attachment.cannot_use(scene, content)


def find_case(scene: Scene, words: str) -> Screen | None:
    """From every place: a message that is about nothing but the number of a case."""
    if not numbers.number_in(words):
        return None
    from canal.dialogue.places import my_cases

    return my_cases.anywhere(scene, words, listens=rules_of(scene.citizen.place).listens)
