"""To talk to a person: the request is recorded for staff at once; more words join the same request."""

from __future__ import annotations

from hashlib import blake2b

from canal.dialogue.citizen import Place
from canal.dialogue.scene import PlaceRules, Scene, Screen, elsewhere
from canal.dialogue.turn import PersonRequested
from canal.dialogue.understanding.reading import Reading

MAX_WORDS = 20_000  # characters of a request: several messages at WhatsApp's full length
PLAINLY = 0.97  # the share from which words are a question to the town, and no part of the request
FOR_A_PERSON = frozenset({"smalltalk", "incident", "complaint", "suggestion", "my_cases", "emergency"})
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # nothing that is read or heard as something else


def show(scene: Scene, path: tuple[str, ...]) -> Screen:
    return record(scene, said_here(scene), "person.recorded")


def said_here(scene: Scene) -> str:
    """The words of the request so far; none when one comes from elsewhere."""
    return scene.citizen.notes.get("words", "") if scene.citizen.place == Place.PERSON else ""


def hear(scene: Scene, words: str, reading: Reading) -> Screen | None:
    """In this place, words are the request; coming from elsewhere, they open it.

    Once it says something, words that plainly mean another place go there.
    """
    if scene.citizen.place != Place.PERSON:
        return record(scene, words, "person.recorded")
    leaves = elsewhere(scene, reading, PLAINLY) and reading.labels[0][0] not in FOR_A_PERSON
    if leaves and said_here(scene):
        return None
    return record(scene, f"{said_here(scene)}\n{words}".strip(), "person.added")


def record(scene: Scene, words: str, key: str) -> Screen:
    """The request as it stands now, under the number it got when it was first made."""
    notes = scene.citizen.notes if scene.citizen.place == Place.PERSON else {}
    case = notes.get("case") or case_number(scene.message_id)
    since = notes.get("since") or scene.now.isoformat()
    kept = words[:MAX_WORDS]
    items = (scene.item("menu", "menu.menu"), scene.item("phones", "menu.phones"))
    return Screen(
        Place.PERSON,
        scene.say(scene.text(key, case=case, hours=office(scene)), items),
        items=items,
        notes={"case": case, "since": since, "words": kept},
        effects=(PersonRequested(case, kept, since),),
    )


def office(scene: Scene) -> str:
    """Who answers and when, and what we do not know of it."""
    office = scene.town.facts["person"]
    known = [scene.pick(office[part]) for part in ("about", "hours", "unknown") if part in office]
    return " ".join([*known, office.get("phone", "")]).strip()


def case_number(message_id: str) -> str:
    """Eight characters that follow from the message alone, so that a repeated message is the same case."""
    number = int.from_bytes(blake2b(message_id.encode(), digest_size=5).digest())
    return "".join(ALPHABET[number >> shift & 31] for shift in range(35, -1, -5))


RULES = PlaceRules(show=show, hear=hear, listens=True)
