"""One message, one turn: ``step`` decides and never does. No clock, no network, no logger.

The order of the questions, first come first served:

1. What needs no answer (reactions, stickers) gets none.
2. Danger is answered before everything, then the rest of the message.
3. A citizen without a language is asked for it; what they wrote first is kept and answered afterwards.
4. A number or label that was offered, or a tap on any list, old or new, opens its screen.
5. A command counts as a whole message: menu, back, language, help, a person, stop, privacy.
6. The present place hears the words; then the town as a whole; then we say what we did not understand.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from canal.dialogue import alarm, routing
from canal.dialogue.citizen import Citizen, Offered, Place
from canal.dialogue.messages import (
    Content,
    IdentityChanged,
    Inbound,
    MarketingPreference,
    Media,
    Pin,
    Reaction,
    SharedContacts,
    Tap,
    Text,
    Unsupported,
)
from canal.dialogue.places import welcome
from canal.dialogue.questions import Question, Wanted
from canal.dialogue.scene import Scene, Screen
from canal.dialogue.town import Town
from canal.dialogue.turn import Effect, NotUnderstood, OptedIn, OptedOut, ScreenShown, Turn, WindowOpened
from canal.dialogue.understanding.commands import Command
from canal.dialogue.understanding.reading import read

MAX_TRAIL = 8
LONGEST_CHOICE = 2  # digits; longer numbers may be telephones of help
NO_QUESTION = frozenset({"system", "revoke", "user_preferences"})  # news of WhatsApp's, not words of a citizen's


def step(
    citizen: Citizen, inbound: Inbound, town: Town, now: datetime, answers: Mapping[Question[Any], Any] | None = None
) -> Turn:
    """What ``inbound`` leads to: the citizen afterwards, at most one reply, and what happened.

    ``now`` is aware. A message may be hours old: its own time moves the window, ``now`` answers "open now?".
    Where something must be known first that is not among ``answers``, the Turn only asks for it.
    """
    present = awake(citizen, town, now)
    if isinstance(inbound.content, MarketingPreference):
        return preference(present, inbound.content, town, inbound.at)
    if not expects_an_answer(inbound):
        return Turn(citizen)
    interrupted = is_interrupted(present, inbound.at)
    present = heard_at(present, inbound.at)
    scene = Scene(present, town, town.local(now), inbound.id, inbound.at, answers or {}, interrupted)
    try:
        turn = settle(scene, answer_first(scene, answer(scene, inbound.content)))
    except Wanted as missing:
        return Turn(citizen, asks=missing.question)
    return released(turn)


def released(turn: Turn) -> Turn:
    """News of the citizen's cases that waited for the window to open may go out now."""
    if not turn.citizen.held:
        return turn
    return replace(turn, citizen=replace(turn.citizen, held=False), effects=(*turn.effects, WindowOpened()))


def expects_an_answer(inbound: Inbound) -> bool:
    """Reactions, stickers, news about identities and deleted messages are not questions."""
    match inbound.content:
        case Reaction() | IdentityChanged() | MarketingPreference():
            return False
        case Unsupported(kind=kind) if kind in NO_QUESTION:
            return False
        case Media(kind="sticker"):
            return False
        case _:
            return True


def awake(citizen: Citizen, town: Town, now: datetime) -> Citizen:
    """The citizen as they return: after the town's session time they stand at the menu, language kept."""
    if citizen.language is None or citizen.last_inbound_at is None:
        return citizen
    if now - citizen.last_inbound_at <= town.session:
        return citizen
    return replace(citizen, place=Place.MENU, offered=(), trail=(), notes={}, missed=0)


def heard_at(citizen: Citizen, at: datetime) -> Citizen:
    """The window runs from the newest message, also when an older one arrives later."""
    newest = max(at, citizen.last_inbound_at) if citizen.last_inbound_at else at
    return replace(citizen, last_inbound_at=newest, since=citizen.since or at, told_at=None)


def is_interrupted(citizen: Citizen, at: datetime) -> bool:
    """Whether a notice came between the citizen's last message and the one of ``at``."""
    told, wrote = citizen.told_at, citizen.last_inbound_at
    return told is not None and told < at and (wrote is None or wrote < told)


def preference(citizen: Citizen, wish: MarketingPreference, town: Town, at: datetime) -> Turn:
    """WhatsApp's own switch for marketing messages: obeyed, not answered."""
    from canal.dialogue.subscribing import changes  # few ever touch it: the others need not wait for it to load

    return changes.switched_off(citizen, town, at) if wish.value == "stop" else changes.switched_on(citizen, at)


def answer_first(scene: Scene, screen: Screen) -> Screen:
    """The screen for what was written before the language was chosen, once it is chosen."""
    if screen.language is None or not new(scene):
        return screen
    speaking = replace(scene.citizen, language=screen.language, place=Place.MENU, notes={})
    rest = welcome.answer_kept(replace(scene, citizen=speaking), scene.citizen.notes, answer_words)
    if rest is None:
        return screen
    return replace(rest, language=screen.language, effects=(*screen.effects, *rest.effects))


def answer(scene: Scene, content: Content) -> Screen:
    """The screen for any kind of content."""
    match content:
        case Text(body=body):
            return answer_words(scene, body)
        case Tap() as tap:
            return routing.open_tap(scene, tap)
        case Pin() as pin:
            return welcome.ask(scene, first=pin) if new(scene) else routing.locate(scene, pin)
        case Media(caption=caption) as media:
            return answer_media(scene, media, caption)
        case SharedContacts() | Unsupported() as other:
            return welcome.ask(scene) if new(scene) else routing.unasked(scene, other)
        case silent:
            raise TypeError(f"{type(silent).__name__} is never answered")


def answer_media(scene: Scene, media: Media, caption: str) -> Screen:
    """A photo's caption may be a cry for help; otherwise the photo is what counts."""
    danger = read(caption, scene.town.lexicon).danger if caption else None
    rest = welcome.ask(scene, first=media) if new(scene) else routing.take(scene, media)
    return alarm.before(scene, danger, rest) if danger else rest


def answer_words(scene: Scene, words: str) -> Screen:
    """Typed words: a short number is looked up at once; anything else (016, 112) is read, for danger first."""
    number = routing.number_in(scene, words)
    if number and len(number) <= LONGEST_CHOICE:
        return choose_number(scene, number)
    reading = read(words, scene.town.lexicon)
    if number and not reading.danger:
        return choose_number(scene, number)
    if scene.interrupted and scene.citizen.notes and reading.command in (Command.YES, Command.NO):
        return routing.choose_again(scene)
    rest = welcome.choose(scene, words, reading) if new(scene) else routing.hear(scene, words, reading)
    return alarm.before(scene, reading.danger, rest) if reading.danger else rest


def choose_number(scene: Scene, number: str) -> Screen:
    if new(scene):
        return welcome.choose_number(scene, number)
    return routing.choose_again(scene) if scene.interrupted else routing.pick_number(scene, number)


def new(scene: Scene) -> bool:
    return scene.citizen.language is None


def settle(scene: Scene, screen: Screen) -> Turn:
    """The citizen after ``screen``, and the turn that tells of it."""
    before = scene.citizen
    effects: tuple[Effect, ...] = screen.effects
    if screen.address:
        effects = (*effects, ScreenShown(screen.address))
    missed = any(isinstance(effect, NotUnderstood) for effect in effects)
    after = replace(
        before,
        language=screen.language or before.language,
        place=screen.place,
        offered=before.offered if screen.keep_offered else offered(screen),
        trail=walked(before.trail, screen.address) if screen.reply else before.trail,
        notes=screen.notes,
        draft=before.draft if screen.draft is None else screen.draft.as_notes(),
        missed=before.missed + 1 if missed else 0,
        wants_marketing=wish(before.wants_marketing, effects),
        subscriptions=before.subscriptions if screen.subscriptions is None else screen.subscriptions,
    )
    return Turn(after, (screen.reply,) if screen.reply else (), effects)


def wish(before: bool, effects: tuple[Effect, ...]) -> bool:
    """Whether the citizen wants notices, after what just happened."""
    for effect in effects:
        if isinstance(effect, OptedIn | OptedOut):
            before = isinstance(effect, OptedIn)
    return before


def offered(screen: Screen) -> tuple[Offered, ...]:
    return tuple(Offered(item.address, item.title or item.label, item.label) for item in screen.items)


def walked(trail: tuple[str, ...], address: str | None) -> tuple[str, ...]:
    """The trail after ``address``; coming back to a screen cuts what lay beyond it.

    An answer without an address is an empty step, so that "back" leads to the screen before it.
    """
    behind = tuple(step for step in trail if step)
    if address in behind:
        return behind[: behind.index(address) + 1]
    return (*behind, address or "")[-MAX_TRAIL:]
