"""The words that a citizen agrees to, and a mark of them: a button shown long ago may have stood under others."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b

from canal.dialogue.messages import LANGUAGES, Language
from canal.dialogue.scene import Scene
from canal.subjects.notices import Topic

LONGEST_ADDRESS = 200  # of a row of a WhatsApp list
MARK = "~"  # begins the last part of an address that joins


def consent(scene: Scene, topic: Topic, language: Language | None = None) -> str:
    """What a citizen agrees to with a yes to ``topic``: shown before the yes, kept with the subscription."""
    spoken = language or scene.language
    name = topic.name.get(spoken) or scene.pick(topic.name)
    return scene.town.text("subscriptions.consent", spoken, town=scene.town.name, topic=name)


def mark(scene: Scene, topic: Topic) -> str:
    """Short, and another one as soon as the words change in any language."""
    words = "\n".join(consent(scene, topic, language) for language in LANGUAGES)
    return MARK + blake2b(words.encode(), digest_size=3).hexdigest()


def join(scene: Scene, topic: Topic, choices: Sequence[str] = ()) -> str:
    """The address of a yes below the words of today. ``choices``: ids of zones, or how often."""
    head, tail = f"subscriptions:join:{topic.id}", mark(scene, topic)
    address = ":".join([head, *choices, tail])
    return address if len(address) <= LONGEST_ADDRESS else f"{head}:{tail}"


def outdated(scene: Scene, topic: Topic, choices: Sequence[str]) -> bool:
    """Whether the yes was shown below other words than today's."""
    return any(each.startswith(MARK) and each != mark(scene, topic) for each in choices)
