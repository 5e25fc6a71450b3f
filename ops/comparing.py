"""The repository's templates beside those that Meta has: what differs, and what can be done about it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

Template = dict[str, Any]  # in Meta's shape: name, language, category, components; from Meta also id and status
Key = tuple[str, str]  # name, language

MISSING = "MISSING"  # not a status of Meta's: it has no such template
GOOD = frozenset({"APPROVED", "REINSTATED", "UNARCHIVED"})
WAITING = frozenset({"PENDING", "IN_APPEAL"})
EDITABLE = frozenset({"APPROVED", "REJECTED", "PAUSED"})  # the only states in which Meta takes a change
SAID_NOTHING = ("", "NONE", "None", "UNKNOWN")


class Action(StrEnum):
    """What ``submit`` does about a row."""

    NOTHING = ""
    CREATE = "hand in"
    EDIT = "change"
    LATER = "change later"  # the text differs, and Meta takes no change now
    REWRITE = "rewrite"  # refused as it is: handing it in again would end in the same way
    FOREIGN = "leave alone"  # Meta has it, the repository does not


@dataclass(frozen=True, slots=True)
class Row:
    """One language of one template."""

    name: str
    language: str
    status: str
    action: Action
    category: str = ""
    quality: str = ""
    reason: str = ""  # why it was rejected, in Meta's word
    notes: tuple[str, ...] = ()
    wanted: Template = field(default_factory=dict)
    id: str = ""

    @property
    def label(self) -> str:
        return f"{self.name}.{self.language}"

    @property
    def in_trouble(self) -> bool:
        """It cannot be sent, and waiting does not help. What Meta alone has is nobody's trouble here."""
        known = {MISSING, *GOOD, *WAITING}
        return self.action != Action.FOREIGN and self.status not in known

    @property
    def changes(self) -> Template:
        """What an edit sends. Only of what was rejected may the category change."""
        parts = {"components": self.wanted["components"]}
        return {**parts, "category": self.wanted["category"]} if self.status == "REJECTED" else parts


def compared(wanted: Iterable[Template], found: Iterable[Template]) -> list[Row]:
    """A row for every language of every template on either side, by name."""
    ours = {key_of(each): each for each in wanted}
    theirs = {key_of(each): each for each in found}
    return [_row(key, ours.get(key), theirs.get(key)) for key in sorted(ours.keys() | theirs.keys())]


def key_of(template: Mapping[str, Any]) -> Key:
    """Webhooks write en-US where lists write en_US."""
    return str(template.get("name")), str(template.get("language")).replace("-", "_")


def _row(key: Key, ours: Template | None, theirs: Template | None) -> Row:
    if theirs is None:
        wanted = ours or {}
        return Row(*key, MISSING, Action.CREATE, str(wanted.get("category", "")), wanted=wanted)
    status = str(theirs.get("status") or "")
    differing = shape(ours) != shape(theirs) if ours else False
    return Row(
        *key,
        status,
        _action(status, ours, theirs, differing=differing),
        category=str(theirs.get("category") or ""),
        quality=quality_of(theirs),
        reason=_said(theirs.get("rejected_reason")),
        notes=tuple(_notes(status, ours, theirs, differing=differing)),
        wanted=ours or {},
        id=str(theirs.get("id") or ""),
    )


def _action(status: str, ours: Template | None, theirs: Template, *, differing: bool) -> Action:
    if ours is None:
        return Action.FOREIGN
    moved = status != "APPROVED" and ours["category"] != theirs.get("category")
    if differing or (moved and status == "REJECTED"):
        return Action.EDIT if status in EDITABLE else Action.LATER
    return Action.REWRITE if status == "REJECTED" else Action.NOTHING


def _notes(status: str, ours: Template | None, theirs: Template, *, differing: bool) -> Sequence[str]:
    """What somebody should know, in a few words each."""
    found = []
    if reason := _said(theirs.get("rejected_reason")):
        found.append(f"rejected: {reason}")
    if ours is None:
        return [*found, "not in this repository"]
    if theirs.get("category") and theirs["category"] != ours["category"]:
        found.append(f"Meta counts it as {theirs['category']}, the repository says {ours['category']}")
    if differing:
        found.append("the text differs")
    if quality_of(theirs) in ("YELLOW", "RED"):
        found.append("people block or report it")
    if status == "PAUSED":
        found.append("Meta sends it again by itself after 3 to 6 hours; a third time it is switched off")
    return found


def quality_of(template: Mapping[str, Any]) -> str:
    """GREEN, YELLOW, RED; empty while Meta has none. It comes as an object or as a word."""
    score = template.get("quality_score")
    return _said(score.get("score") if isinstance(score, Mapping) else score)


def _said(value: object) -> str:
    word = str(value or "")
    return "" if word in SAID_NOTHING else word


def shape(template: Mapping[str, Any] | None) -> list[tuple[Any, ...]]:
    """What a reader sees of a template. Samples are for the reviewers, and Meta may give back others."""
    parts = (template or {}).get("components") or []
    return sorted(_part(each) for each in parts if isinstance(each, Mapping))


def _part(component: Mapping[str, Any]) -> tuple[Any, ...]:
    kind = str(component.get("type", "")).upper()
    buttons = component.get("buttons") or []
    labels = tuple((str(each.get("type", "")).upper(), str(each.get("text", ""))) for each in buttons)
    form = str(component.get("format") or "TEXT").upper() if kind == "HEADER" else ""
    return kind, form, str(component.get("text") or "").strip(), labels
