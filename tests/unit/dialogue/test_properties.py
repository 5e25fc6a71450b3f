"""Whatever a citizen sends, in whatever order: one reply at most, a valid place, and always a way out."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

from canal.adapters.whatsapp_rendering import outbound
from canal.dialogue.citizen import Citizen, Offered, Place
from canal.dialogue.engine import MAX_TRAIL, expects_an_answer
from canal.dialogue.messages import (
    Content,
    IdentityChanged,
    MarketingPreference,
    Media,
    Pin,
    Reaction,
    SharedContacts,
    Tap,
    Text,
    Unsupported,
)
from canal.dialogue.turn import ErasureRequested, FileKept, Turn
from hypothesis import given, settings
from hypothesis import strategies as st

from local.whatsapp.checks import World, check_message
from tests.builders import NOON, citizen, inbound, settled, stranger
from tests.noticeboard import a_subscription
from tests.towns import alzira

WORLD = World(media=lambda _: None, template=lambda *_: None)

SAID = """
Hola|1|2|3|9|16|17|0|112|016|024|sí|no|ok|gràcies|adéu|menú|arrere|volver|més|idioma|castellano|valencià|ajuda|persona
STOP|baixa|privacitat|les meues dades|esborra'm|farmàcia de guàrdia|autobús hospital|plaça major|on tire un sofà?|oli
vull empadronar-me|m'he mudat|teatre este cap de setmana|busque faena|cita prèvia|contribució|telèfon dels bombers|demà
hi ha foc a casa|no vull viure|m'ha pegat el meu home|hi ha un fanal trencat|tinc una queixa|com va la meua incidència
""".replace("\n", "|")
ADDRESSES = """
bus:stop:hospital|bus:line:1|bus:here|bus:map:hospital|bus:near:39.15,-0.435|bus:near:x|pharmacy:tomorrow|pharmacy:here
waste:pickup|waste:card|waste:item:sofa|taxes:ways|taxes:tax:ivtm|procedures:family:padro:2|procedures:show:padro_alta
jobs:page:2|jobs:offer:demo-12|culture:week|culture:event:none|privacy:erase|privacy:erase:yes|privacy:data|language:es
incident|incident:what|incident:where|incident:go|incident:new|incident:send|incident:review|incident:category:-|incident:x
subscriptions:leave:alerts|subscriptions:join:alerts|subscriptions:join:roads:vila:x|subscriptions:zone:alerts:vila
subscriptions:nozone:alerts:vila|subscriptions:town:alerts|subscriptions:often:jobs:each|subscriptions:leave:x
incident:pin:39.15,-0.435|incident:photos:none|incident:cancel:yes|complaint:words|question:pass|pickup|suggestion:send
language:ca|language:xx|subscriptions:stop|subscriptions:start|menu:more|welcome|attachment|phones:card:e112|phones:card:x
""".replace("\n", "|")

odd_words = st.text(max_size=60) | st.sampled_from(
    ["😀" * 4096, "\u202eolleh", "{town} {0}", "a" * 4096, "1️⃣", "<b>", ":"]
)
words = st.sampled_from([each for each in SAID.split("|") if each]) | odd_words
numbers = st.integers(0, 10**12).map(str)
addresses = (
    st.sampled_from([each for each in ADDRESSES.split("|") if each])
    | st.sampled_from([place.value for place in Place])
    | st.lists(st.text(max_size=8), min_size=1, max_size=4).map(":".join)
    | st.builds("{}:{}".format, st.sampled_from(list(Place)), st.text(max_size=12))
)
pins = st.builds(Pin, st.floats(-90, 90), st.floats(-180, 180))
media = st.builds(
    Media,
    st.sampled_from(["image", "video", "audio", "document", "sticker"]),
    st.integers(1, 12).map("media.{}".format),
    caption=words | st.just(""),
    voice=st.booleans(),
)
contents: st.SearchStrategy[Content] = st.one_of(
    words.map(Text),
    numbers.map(Text),
    addresses.map(Tap),
    pins,
    media,
    st.just(SharedContacts(("Vicent",), "34600000001")),
    st.sampled_from(["poll", "order", "too_large", "system", "revoke", "user_preferences", ""]).map(Unsupported),
    st.just(Reaction("👍", "wamid.OUT")),
    st.sampled_from([MarketingPreference("stop"), MarketingPreference("resume")]),
    st.just(IdentityChanged(("ES.1001",), "ES.2002", None)),
)
pauses = st.sampled_from(
    [timedelta(0), timedelta(seconds=5), timedelta(hours=2), timedelta(days=2), timedelta(days=400)]
)
conversations = st.lists(st.tuples(contents, pauses), max_size=8)
WANTED = {each: a_subscription(each, zones=("vila",)) for each in ("alerts", "agenda", "given_up")}
beginnings = st.sampled_from([stranger(), citizen("ca"), citizen("es"), citizen("es", subscriptions=WANTED)])


def check(before: Citizen, content: Content, turn: Turn) -> None:
    """What is true of every turn."""
    after = turn.citizen
    answered = len(turn.replies)
    assert answered == (1 if expects_an_answer(inbound(content)) else 0) or (
        not answered and in_a_handful(content, turn)
    )
    for reply in turn.replies:
        check_message(outbound(reply, after), WORLD)
    assert after.place in Place
    assert after.language == before.language or after.language is not None
    assert len(after.trail) <= MAX_TRAIL
    assert all(len(answer.address) <= 200 for answer in after.offered)
    assert (after.key, after.version) == (before.key, before.version)


def in_a_handful(content: Content, turn: Turn) -> bool:
    """A file that came right after another one is kept without a word."""
    return isinstance(content, Media) and any(isinstance(effect, FileKept) for effect in turn.effects)


def has_a_way_out(who: Citizen) -> bool:
    """0 leads to the menu, or to the question of the language while none is chosen."""
    out = settled(who, inbound("0", at=who.last_inbound_at or NOON), alzira(), who.last_inbound_at or NOON).citizen
    return out.place == (Place.MENU if who.language else Place.WELCOME)


@given(beginnings, conversations)
@settings(max_examples=150)
def test_any_conversation_stays_in_order(who: Citizen, said: list[tuple[Content, timedelta]]) -> None:
    now = NOON
    for content, pause in said:
        now += pause
        turn = settled(who, inbound(content, at=now), alzira(), now)
        check(who, content, turn)
        erased = any(isinstance(effect, ErasureRequested) for effect in turn.effects)
        who = stranger() if erased else turn.citizen
        assert has_a_way_out(who)
        assert stored(who) == who


def stored(who: Citizen) -> Citizen:
    """The citizen after a trip through JSON, as the database keeps the dialogue."""
    kept = json.loads(
        json.dumps(
            {
                "place": who.place,
                "offered": [[answer.address, answer.label, answer.short] for answer in who.offered],
                "trail": list(who.trail),
                "notes": dict(who.notes),
                "draft": dict(who.draft),
            }
        )
    )
    return replace(
        who,
        place=Place(kept["place"]),
        offered=tuple(Offered(*answer) for answer in kept["offered"]),
        trail=tuple(kept["trail"]),
        notes=kept["notes"],
        draft=kept["draft"],
    )


@given(beginnings, conversations, contents)
@settings(max_examples=50)
def test_the_same_message_to_the_same_citizen_is_the_same_turn(
    who: Citizen, said: list[tuple[Content, timedelta]], last: Content
) -> None:
    """The dialogue is pure: run again after a crash, it decides the same."""
    now = NOON
    for content, pause in said:
        now += pause
        who = settled(who, inbound(content, at=now), alzira(), now).citizen
    message = inbound(last, at=now)
    assert settled(who, message, alzira(), now) == settled(who, message, alzira(), now)


@given(beginnings, contents, st.integers(-10_000, 10_000))
@settings(max_examples=50)
def test_messages_of_any_age_are_answered(who: Citizen, content: Content, minutes: int) -> None:
    message = inbound(content, at=NOON + timedelta(minutes=minutes))
    check(who, content, settled(who, message, alzira(), NOON))


@given(st.sampled_from(list(Place)), contents, st.dictionaries(st.text(max_size=5), st.text(max_size=20), max_size=3))
@settings(max_examples=100)
def test_a_row_that_is_half_ours_is_served_all_the_same(place: Place, content: Content, notes: dict[str, str]) -> None:
    """Notes and trails of an older or newer release."""
    who = replace(
        citizen(), place=place, notes=notes, trail=("gone:1", "bus:stop:gone", ""), offered=(Offered("gone", ""),)
    )
    turn = settled(who, inbound(content), alzira(), NOON)
    check(who, content, turn)
    assert has_a_way_out(turn.citizen)
