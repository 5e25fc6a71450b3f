"""What all steps of a report share: its category, its summary, and the screen that carries it along."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from canal.dialogue.citizen import Place
from canal.dialogue.draft import Draft
from canal.dialogue.messages import AskLocation, Reply, Say
from canal.dialogue.scene import Item, Scene, Screen, shortened

if TYPE_CHECKING:
    from canal.subjects.categories import Category

UNHEARD = "unheard"  # the note with words that nobody understood
OTHER = "-"  # the category of an incident that is none of the town's list
MAX_BODY = 1024  # of a message with options, in UTF-16 code units
SUMMARY = 80  # characters


def category_of(scene: Scene, draft: Draft) -> Category | None:
    """The category, as long as the content knows it."""
    return scene.town.incidents.category(draft.category) if draft.category else None


def categorised(scene: Scene, draft: Draft) -> bool:
    """Whether we know what it is about; a category that was removed since does not count."""
    return draft.category == OTHER or category_of(scene, draft) is not None


def name_of(scene: Scene, draft: Draft) -> str:
    """The category in words, else the kind."""
    category = category_of(scene, draft)
    return scene.pick(category.name) if category else scene.text(f"report.name_{draft.kind or 'incident'}")


def summary(scene: Scene, draft: Draft) -> str:
    """A report in one line: its first words, else what else is known of it."""
    if draft.words:
        return shortened(draft.words.replace("\n", " "), SUMMARY)
    known = [name_of(scene, draft)] if draft.category else []
    known += [files(scene, draft)] if draft.files else []
    known += [shortened(draft.address, SUMMARY)] if draft.address else []
    return " · ".join(known) or scene.text("report.pin")


def files(scene: Scene, draft: Draft) -> str:
    """How many files there are, in words."""
    number = len(draft.files)
    key = "report.no_files" if not number else "report.one_file" if number == 1 else "report.many_files"
    return scene.text(key, number=number)


def item(scene: Scene, kind: str, step: str, key: str = "") -> Item:
    """An answer that leads to ``step`` of a report of ``kind``; its words stand under report.``key`` or the step."""
    return scene.item(f"{kind}:{step}", f"report.{key or step}")


def screen(
    scene: Scene,
    draft: Draft,
    step: str,
    reply: Reply,
    items: tuple[Item, ...] = (),
    notes: dict[str, str] | None = None,
    address: str = "",
) -> Screen:
    """A step's screen: its place is the report's kind, its notes say what typed words mean now."""
    return Screen(
        Place(draft.kind),
        reply,
        address=address or f"{draft.kind}:{step}",
        items=items,
        notes={"step": step, **(notes or {})},
        draft=draft.since_now(scene.now),
    )


def headed(head: str, shown: Screen) -> Screen:
    """``shown`` with ``head`` above it, as far as WhatsApp's limit lets both through."""
    reply = shown.reply
    if not head or not isinstance(reply, Say | AskLocation):
        return shown
    body = f"{head}\n\n{reply.body}"
    return replace(shown, reply=replace(reply, body=body)) if units(body) <= MAX_BODY else shown


def units(text: str) -> int:
    """Length as WhatsApp counts it."""
    return len(text.encode("utf-16-le")) // 2
