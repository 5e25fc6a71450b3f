"""What a citizen is told of a case, and of the cases that theirs was joined to: by free text, by template, or later.

Inside WhatsApp's window free text goes; outside it only the approved template; where that cannot be sent, the news is
held: noted on the event and on the citizen, and told when they write again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from canal.dialogue import news
from canal.dialogue.citizen import Citizen
from canal.dialogue.messages import LANGUAGES, Language
from canal.dialogue.town import Town
from canal.errors import NoTemplate, Permanent, WindowClosed
from canal.incidents.case import Case, Event, Telling, What
from canal.incidents.changes import told
from canal.ports import Cases, Citizens
from canal.services.channel import Channel
from canal.services.progress import Change

TEMPLATE = "case_update"
WINDOW = timedelta(hours=24) - timedelta(minutes=5)  # a message on its way must not arrive after the end
MOST_RECIPIENTS = 500
ONLY_THE_SENDERS = frozenset({What.FILE_REFUSED, What.FILE_LOST})  # others never saw the file

SENT, BY_TEMPLATE, HELD, FAILED = "sent", "template", "held", "failed"


class Teller:
    """Tells one event to one citizen."""

    def __init__(self, cases: Cases, citizens: Citizens, channel: Channel) -> None:
        self._cases = cases
        self._citizens = citizens
        self._channel = channel

    def recipients(self, case: Case, event: Event) -> list[Case]:
        """The cases whose citizens are to be told: the case itself, and whatever follows it, each citizen once."""
        found, citizens = [], set[str]()
        for each in [case] if event.what in ONLY_THE_SENDERS else self._followers(case):
            if each.citizen and each.citizen not in citizens:
                citizens.add(each.citizen)
                found.append(each)
        return found

    def tell(self, town: Town, case: Case, event: Event, recipient: Case, now: datetime) -> str:
        """Tell it, and say how; the answer goes into ``told``. Raises Temporary or Stopped."""
        citizen = self._citizens.load(recipient.citizen)
        if citizen is None:
            return f"{FAILED}: unknown"
        try:
            return self._told(town, case, event, recipient, citizen, now)
        except Permanent as error:
            return f"{FAILED}: {reason(error)}"

    def _told(self, town: Town, case: Case, event: Event, recipient: Case, citizen: Citizen, now: datetime) -> str:
        language, reference = language_of(citizen, recipient, town), f"case#{recipient.id}#{event.id}"
        if in_window(citizen, now):
            try:
                self._channel.write(news.news(town, language, case, event, recipient), citizen, reference)
                return SENT
            except WindowClosed:
                pass  # WhatsApp's clock counts
        values = news.template_parameters(town, language, case, event, recipient)
        try:
            payloads = news.template_payloads(recipient)
            self._channel.fill_in(TEMPLATE, language, values, payloads, citizen, reference)
            return BY_TEMPLATE
        except NoTemplate:
            self._citizens.hold(citizen.key)
            return HELD

    def _followers(self, case: Case) -> Iterator[Case]:
        """The case and all that follow it, over any number of steps, the nearest first."""
        waiting, seen = [case], {case.id}
        while waiting and len(seen) <= MOST_RECIPIENTS:
            yield (each := waiting.pop(0))
            new = [other for other in self._cases.following(each.id) if other.id not in seen]
            seen |= {other.id for other in new}
            waiting += new


def untold(case: Case) -> tuple[Event, ...]:
    """The events that somebody is still to be told of, in their order."""
    return tuple(event for event in case.history if event.telling == Telling.PENDING)


def noted(event: Event, results: Mapping[str, str], *, done: bool = False) -> Change:
    """What became of telling, as a change of the case."""
    return lambda case: told(case, event.id, results, done=done)


def in_window(citizen: Citizen, now: datetime) -> bool:
    return citizen.last_inbound_at is not None and now - citizen.last_inbound_at < WINDOW


def language_of(citizen: Citizen, case: Case, town: Town) -> Language:
    """As they chose, else as they wrote the case, else the town's."""
    if citizen.language:
        return citizen.language
    return next((code for code in LANGUAGES if code == case.language), town.language)


def reason(error: Exception) -> str:
    """WhatsApp's code where there is one: its words may quote what a citizen sent."""
    code = getattr(error.args[0], "code", None) if error.args else None
    return str(code) if code is not None else type(error).__name__.lower()
