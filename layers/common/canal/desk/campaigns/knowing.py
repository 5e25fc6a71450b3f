"""What somebody who writes notices needs to know: topics, templates, the account, and who agreed to what."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import unquote

from canal.broadcasts.outside import Health
from canal.broadcasts.states import State
from canal.broadcasts.subscription import Consent
from canal.desk.bilingual import both, words
from canal.desk.campaigns.changing import runner
from canal.desk.campaigns.known import (
    AccountView,
    ConsentsView,
    ConsentView,
    TemplatesView,
    TemplateView,
    TopicsView,
    TopicView,
)
from canal.desk.campaigns.outside import Room
from canal.desk.campaigns.trying import key_of, known
from canal.desk.refusals import Missing
from canal.desk.roles import Person
from canal.desk.views import Both, Named
from canal.dialogue.town import Town
from canal.services.notices.objections import APPROVED

NO_REASON = frozenset({"", "NONE"})  # as WhatsApp writes that there is none


def topics(room: Room, person: Person) -> TopicsView:
    town = room.town
    return TopicsView(
        topics=[
            TopicView(
                id=each.id,
                name=both(each.name),
                about=both(each.about),
                kind=each.kind,
                template=each.template,
                opens=each.opens,
                zones=each.zones,
                frequencies=list(each.frequencies),
                marketing=each.marketing,
                second_person_from=town.notices.second_person_from.get(each.kind),
            )
            for each in town.notices.topics
        ],
        zones=[Named(id=each.id, name=both(each.name)) for each in town.municipality.zones],
        states=[Named(id=state, name=words(town, f"notices.state.{state}")) for state in State],
        may_write=person.runs_notices,
    )


def templates(room: Room) -> TemplatesView:
    town = room.town
    found = sorted(room.account.templates(), key=lambda each: (each.name, each.language))
    return TemplatesView(templates=[template(town, each) for each in found])


def template(town: Town, health: Health) -> TemplateView:
    why = f"notices.template_reasons.{health.reason.lower()}"
    return TemplateView(
        name=health.name,
        language=health.language,
        status=health.status,
        status_name=named(town, f"notices.template_status.{health.status.lower()}", health.status),
        usable=health.status.upper() == APPROVED,
        category=health.category,
        quality=health.quality,
        reason=None if health.reason.upper() in NO_REASON else named(town, why, health.reason),
        at=health.at,
    )


def named(town: Town, key: str, word: str) -> Both:
    """WhatsApp's word in plain words; a word that it has newly invented stands for itself."""
    return words(town, key) if town.has_text(key) else Both(ca=word, es=word)


def account(room: Room) -> AccountView:
    limits = room.account.limits()
    return AccountView(
        tier=limits.tier,
        used=room.allowance.used(room.clock()),
        quality=limits.quality,
        known=limits.known,
        at=limits.at,
        messages_per_second=room.per_second,
    )


def consents(room: Room, person: Person, who: str) -> ConsentsView:
    """What somebody agreed to and withdrew, the newest first. Raises Missing where nobody is known."""
    runner(person)
    key = key_of(unquote(who))  # API Gateway passes paths on as they came
    citizen = known(room, key)
    own = citizen.key if citizen else key
    keys = dict.fromkeys([own, key])  # what somebody withdrew by asking to be forgotten may stand under the phone
    found = [each for one in keys for each in room.subscribers.consents(one)]
    if citizen is None and not found:
        raise Missing("no_such_citizen")
    return ConsentsView(consents=[consent(room.town, each) for each in sorted(found, key=given, reverse=True)])


def given(kept: Consent) -> datetime:
    return kept.given_at


def consent(town: Town, kept: Consent) -> ConsentView:
    topic = town.notices.topic(kept.topic)
    return ConsentView(
        topic=kept.topic,
        topic_name=both(topic.name) if topic else None,
        given_at=kept.given_at,
        wamid=kept.wamid,
        wording=kept.wording,
        withdrawn_at=kept.withdrawn_at,
        withdrawn_wamid=kept.withdrawn_wamid,
        withdrawn_how=kept.withdrawn_how,
    )
