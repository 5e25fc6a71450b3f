"""What a citizen is told when something happens to a case that they follow. Pure.

Nobody asked for it just now, so it carries no numbered answers (they would mean what was offered before): it can be
tapped, and the case's number typed opens it from everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence

from canal.dialogue.cases import saying
from canal.dialogue.citizen import Citizen
from canal.dialogue.messages import Language, Say
from canal.dialogue.report.parts import MAX_BODY, units
from canal.dialogue.scene import Item, Scene, as_option, row, shortened
from canal.dialogue.times import long_day
from canal.dialogue.town import Town
from canal.incidents.case import Case, Event, What
from canal.incidents.states import State

MAX_TEXT = 4_096  # UTF-16 units of a message without options
IN_TEMPLATE = 480  # of the news in a template, whose whole body has 1,024
OF_EACH = 300  # of staff's words, where several things are told at once
MOST_ROWS = 9

HeldNews = tuple[Case, Event, Case]  # the case, what happened to it, and the citizen's own case, often the same
BY_WHAT = {
    What.ANSWERED: "news.answered",
    What.MERGED: "news.duplicate",
    What.REOPENED: "news.reopened",
    What.FILE_LOST: "news.file_lost",
}
OF_FILES = frozenset({What.FILE_REFUSED, What.FILE_LOST})
KINDS_OF_FILES = frozenset({"image", "video", "audio", "document"})


def news(town: Town, language: Language, case: Case, event: Event, recipient: Case) -> Say:
    """What happened to ``case``, told to the citizen of ``recipient``: that very case, or one that follows it."""
    scene = _scene(town, language, event, recipient)
    parts = [saying.heading(scene, recipient), headline(scene, case, event)]
    if words := _words(event):
        parts += ["", words]
    return _said(scene, parts, recipient.id, _options(scene, case, event, recipient))


def digest(town: Town, language: Language, waiting: Sequence[HeldNews]) -> Say:
    """All that waited for one citizen in one message, the oldest first; ``waiting`` holds at least one."""
    if len(waiting) == 1:
        (case, event, recipient) = waiting[0]
        return news(town, language, case, event, recipient)
    scene = _scene(town, language, waiting[-1][1], waiting[-1][2])
    own = {recipient.id: recipient for _, _, recipient in waiting}
    parts = [scene.text("news.digest")]
    for number, recipient in own.items():
        parts += ["", saying.heading(scene, recipient)]
        parts += [_line(scene, case, event) for case, event, of in waiting if of.id == number]
    if len(own) == 1:
        case, event, recipient = waiting[-1]
        return _said(scene, parts, recipient.id, _options(scene, case, event, recipient))
    seen = [row(f"my_cases:case:{each.id}", saying.subject(scene, each), label=f"{each.id}") for each in own.values()]
    return _said(scene, parts, waiting[-1][2].id, tuple(seen[:MOST_ROWS]))


def template_parameters(
    town: Town, language: Language, case: Case, event: Event, recipient: Case | None = None
) -> dict[str, str]:
    """The variables of the template ``case_update``: each one line, none of them empty."""
    own = recipient or case
    scene = _scene(town, language, event, own)
    told = f"{headline(scene, case, event)} {_words(event)}"
    return {"case": own.id, "subject": _line_of(saying.subject(scene, own)), "news": _line_of(told)}


def template_payloads(recipient: Case) -> tuple[str, ...]:
    """What the template's button leads to."""
    return (f"my_cases:case:{recipient.id}",)


def headline(scene: Scene, case: Case, event: Event) -> str:
    """What happened, in a sentence or two of our own."""
    if event.what == What.ROUTED:
        return _routed(scene, case, event)
    if event.what in OF_FILES:
        return _file(scene, event)
    return scene.text(BY_WHAT.get(event.what) or f"news.{event.state}")


def _routed(scene: Scene, case: Case, event: Event) -> str:
    name = saying.department(scene, event.department)
    known = scene.text("news.routed_to", department=name) if name else scene.text("news.routed")
    if not case.due_at:
        return known
    by = scene.text("news.due", day=long_day(scene, scene.town.local(case.due_at).date()))
    return f"{known} {by}"


def _file(scene: Scene, event: Event) -> str:
    """A photo that is not there, so that it can be sent again."""
    kind = event.details.get("kind", "")
    name = scene.text(f"cases.file_{kind if kind in KINDS_OF_FILES else 'other'}")
    too_large = event.what == What.FILE_REFUSED and event.details.get("reason") == "too_large"
    refused = "news.file_too_large" if too_large else "news.file_refused"
    return scene.text(BY_WHAT.get(event.what, refused), file=name)


def _words(event: Event) -> str:
    """Staff's words for the citizen. What Canal writes down about a file is for staff."""
    return "" if event.hidden or event.what in OF_FILES else event.words.strip()


def _line(scene: Scene, case: Case, event: Event) -> str:
    return f"• {headline(scene, case, event)} {shortened(' '.join(_words(event).split()), OF_EACH)}".strip()


def _options(scene: Scene, case: Case, event: Event, recipient: Case) -> tuple[Item, ...]:
    """What can be done now, at most three: as the case stands, not as it stood then."""
    number = recipient.id
    see = scene.item(f"my_cases:case:{number}", "my_cases.see")
    if case.open:
        asks = event.what == What.ANSWERED or case.state == State.WAITING
        if asks:
            return (scene.item(f"my_cases:add:{number}", "my_cases.reply"), see)
        return (scene.item(f"my_cases:add:{number}", "my_cases.add"), see) if event.what in OF_FILES else (see,)
    if case.state == State.DUPLICATE:
        return (see,)
    reopen = scene.item(f"my_cases:reopen:{number}", "my_cases.reopen")
    rate = (scene.item(f"my_cases:rate:{number}", "my_cases.rate"),) if case.state == State.RESOLVED else ()
    return (*rate, reopen, see)


def _said(scene: Scene, parts: list[str], number: str, items: tuple[Item, ...]) -> Say:
    """With what can be tapped, as long as there is room for it; else text alone, its end cut where it must be."""
    how = scene.text("news.how_to_see", case=number)
    text = "\n".join(parts)
    whole = f"{text}\n\n{how}"
    if units(whole) > MAX_BODY:
        return Say(f"{shortened(text, MAX_TEXT - units(how) - 2)}\n\n{how}")
    options = tuple(as_option(item, tappable=True) for item in items)
    return Say(whole, options, list_button=scene.text("common.list_button"), footer=scene.text("common.footer"))


def _line_of(text: str) -> str:
    """One line without marks of style, as a template's variable must be."""
    return shortened(" ".join(text.replace("*", "").split()), IN_TEMPLATE) or "…"


def _scene(town: Town, language: Language, event: Event, recipient: Case) -> Scene:
    """The words of the town in the citizen's language, on the day of the event."""
    return Scene(Citizen(key=recipient.citizen, language=language), town, town.local(event.at))
