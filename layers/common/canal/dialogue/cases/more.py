"""To add words, photos, voice or a place to a case of one's own.

What a citizen adds stays in their own case, so that it goes when they ask to be forgotten. Where that one follows
another, the other gets a line that says so, and goes on if it was waiting for an answer.
"""

from __future__ import annotations

from dataclasses import replace

from canal.dialogue.cases import adding, finding, view
from canal.dialogue.messages import Media, Pin
from canal.dialogue.pins import parse_pin, pin_text
from canal.dialogue.report.where import says_nothing
from canal.dialogue.scene import Scene, Screen, shortened
from canal.incidents import changes
from canal.incidents.case import Case, File
from canal.incidents.states import NotAllowed, State

NAME = 200  # UTF-16 units of a pin's name


def ask(scene: Scene, case: Case) -> Screen:
    """What to add; a case that is closed by now is shown instead, with what can still be done."""
    live = finding.followed(scene, case)
    if scene.citizen.blocked:
        return view.shown(scene, case, scene.text("my_cases.only_look"))
    if not live.open:
        return view.shown(scene, case, scene.text("my_cases.closed", case=case.id))
    key = "my_cases.ask_reply" if live.state == State.WAITING else "my_cases.ask_add"
    shown = adding_to(scene, case, scene.text(key, case=case.id))
    return replace(shown, notes={**shown.notes, **view.expecting(scene, case, live)})


def pin(scene: Scene, case: Case, place: Pin) -> Screen:
    """A pin becomes words: its name, and the degrees to look it up."""
    if says_nothing(place) or parse_pin(pin_text(place)) is None:
        return adding_to(scene, case, scene.text("my_cases.no_pin"))
    name = shortened(" ".join(f"{place.name} {place.address}".split()), NAME)
    return add(
        scene, case, scene.text("my_cases.pin", place=f"{name} ({pin_text(place)})" if name else pin_text(place))
    )


def file(scene: Scene, case: Case, media: Media) -> Screen:
    """A photo, a voice note, a document; of a handful that comes at once only the first is answered."""
    new = adding.sent(scene, media)
    return add(scene, case, media.caption, new, silently=adding.in_a_bunch(case, new))


def add(scene: Scene, case: Case, said: str, *files: File, silently: bool = False) -> Screen:
    """Added, and said so unless ``silently``; refused where it is closed, full or not for this citizen."""
    live = finding.followed(scene, case)
    if scene.citizen.blocked or not live.open:
        return ask(scene, case)
    after = adding.remarked(scene, case, said, files)
    if after is None:
        return view.shown(scene, case, scene.text("my_cases.full", case=case.id))
    changed = (after, *linked(scene, case, live))
    if silently:
        return adding.silent(scene, *changed)
    return adding.saying_so(adding_to(scene, after, scene.text("my_cases.added", case=case.id), said=True), *changed)


def linked(scene: Scene, case: Case, live: Case) -> tuple[Case, ...]:
    """The case that ``case`` follows, with the line that something was added there; none where there is no room."""
    if live.id == case.id:
        return ()
    try:
        return (changes.remarked(live, adding.moment(scene), "", details={"case": case.id}),)
    except NotAllowed:
        return ()


def adding_to(scene: Scene, case: Case, text: str, *, said: bool = False) -> Screen:
    """Whatever comes now is for ``case``; once something was ``said``, other wishes may leave."""
    items = (scene.item(f"my_cases:case:{case.id}", "my_cases.see"), *scene.named("menu"))
    notes = {"case": case.id, "step": "add"} | ({"said": "yes"} if said else {})
    shown = view.screen(scene, text, items, notes, f"my_cases:add:{case.id}")
    return replace(shown, address=None) if said else shown
