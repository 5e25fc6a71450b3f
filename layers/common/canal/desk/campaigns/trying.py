"""Send to me first: the very message, to one person who has written to the town. It counts nowhere."""

from __future__ import annotations

import re

from canal.broadcasts.campaign import Campaign
from canal.broadcasts.delivery import TEMPLATE, TEXT
from canal.broadcasts.message import free_text, template_payloads, template_values
from canal.desk.campaigns.allowed import Act
from canal.desk.campaigns.changing import current
from canal.desk.campaigns.outside import Room
from canal.desk.campaigns.requests import Trial
from canal.desk.campaigns.views import TestView
from canal.desk.refusals import Refusal, Unfit
from canal.desk.roles import Person
from canal.dialogue.citizen import Citizen
from canal.dialogue.messages import Language
from canal.errors import NoTemplate, Permanent, Stopped, WindowClosed
from canal.services.logged import told
from canal.services.notices.audience import language_of, mode_of
from canal.services.notices.objections import of_words

REFERENCE = "trial#"  # no delivery's: its statuses change nothing
PHONE = re.compile(r"(?:\+|00)?([1-9][0-9]{6,14})")
NATIONAL, COUNTRY = re.compile(r"[6-9][0-9]{8}"), "34"  # how Spain writes a phone without its prefix, and the prefix


def test(room: Room, person: Person, identifier: str, if_match: str | None, wanted: Trial) -> TestView:
    """Send it now. Raises a Refusal that says why it cannot be."""
    campaign = current(room, person, identifier, if_match, Act.TEST)
    if wrong := [
        {"field": ".".join(("words", values["language"])), "reason": code.rpartition(".")[2]}
        for code, values in of_words(campaign)
    ]:
        raise Refusal("not_ready", wrong)
    citizen = found(room, wanted.to)
    language = wanted.language or language_of(room.town, citizen)
    try:
        return TestView(mode=_sent(room, campaign, citizen, language), language=language)
    except NoTemplate as error:
        raise Refusal("template_refused", [{"field": "template", "reason": told(error)}]) from error
    except Permanent as error:
        raise Refusal("not_reached", [{"field": "to", "reason": told(error)}]) from error
    except Stopped as error:
        raise Refusal("account_stopped", [{"field": "account", "reason": told(error)}]) from error


def _sent(room: Room, campaign: Campaign, citizen: Citizen, language: Language) -> str:
    """How it went out: TEXT or TEMPLATE."""
    reference = f"{REFERENCE}{campaign.id}"
    if mode_of(citizen, room.clock()) == TEXT:
        try:
            room.channel.write(free_text(room.town, language, campaign), citizen, reference)
            return TEXT
        except WindowClosed:
            pass  # WhatsApp's clock counts
    values, payloads = template_values(campaign, language), template_payloads(campaign)
    room.channel.fill_in(campaign.template, language, values, payloads, citizen, reference)
    return TEMPLATE


def found(room: Room, who: str) -> Citizen:
    """Whoever wrote to the town under that phone or id. Raises Unfit for somebody who never did."""
    citizen = known(room, key_of(who))
    if citizen is None:
        raise Unfit("to", "never_wrote", "never_wrote")
    return citizen


def known(room: Room, key: str) -> Citizen | None:
    """Whoever stands under a key of ``key_of``; for a phone else whose phone it is, since most stand under an id."""
    found = room.people.load_many([key]).get(key)
    if found or not PHONE.fullmatch(key):
        return found
    owner = room.people.known_by(key)
    return room.people.load_many([owner]).get(owner) if owner else None


def key_of(who: str) -> str:
    """A citizen's key as staff write it: a phone loses plus, noughts and spaces, and gets its prefix if it has none."""
    bare = re.sub(r"[\s().-]", "", who)
    if NATIONAL.fullmatch(bare):
        return f"{COUNTRY}{bare}"
    phone = PHONE.fullmatch(bare)
    return phone[1] if phone else who.strip()
