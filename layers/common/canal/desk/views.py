"""What staff are given: the shapes of the answers, as OpenAPI describes them. ``present.py`` fills them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field


class Both(BaseModel):
    """Words in both languages."""

    ca: str
    es: str


class Problem(BaseModel):
    """Where a request goes wrong."""

    field: str = ""
    reason: str = ""
    allowed: list[str] = []


class Row(BaseModel):
    """A case in the list."""

    id: str
    kind: str
    state: str
    category: str
    department: str
    zone: str
    words: str
    words_hidden: bool
    address: str
    latitude: float | None
    longitude: float | None
    position_source: str  # "demo" where it is made up
    language: str
    channel: str
    created_at: datetime
    updated_at: datetime | None
    due_at: datetime | None
    closed_at: datetime | None
    overdue: bool
    escalated: int
    rating: int
    duplicate_of: str
    demo: bool


class Rows(BaseModel):
    """A page of the list; with a cursor there is more, even where this page holds few or none."""

    cases: list[Row]
    cursor: str


class EventView(BaseModel):
    """One line of the history. ``told``: who was to be told (by case number) and what became of it."""

    id: str
    at: datetime
    what: str
    by: str
    state: str
    department: str
    words: str
    hidden: bool
    details: dict[str, str]
    telling: str
    told: dict[str, str]


class FileView(BaseModel):
    """``url`` and ``thumbnail_url`` are good for a quarter of an hour; empty until the file is fetched."""

    id: str
    kind: str
    state: str
    mime_type: str
    caption: str
    sent_at: datetime
    public: bool
    reason: str
    url: str
    thumbnail_url: str


class Window(BaseModel):
    """How an answer would reach the citizen: as it is written while ``open``, else as a ``template``, else not."""

    open: bool
    until: datetime | None = None
    template: bool


class CaseView(Row):
    """A case with all that staff may know. ``version`` is its ETag and the If-Match of the next change."""

    version: str
    history: list[EventView]
    files: list[FileView]
    followers: int = Field(description="How many others brought the same and are told what happens")
    contact: dict[str, str]
    citizen: Literal["known", "none"] = Field(description="Whether there is somebody at WhatsApp to be told")
    blocked: bool
    window: Window
    moves: list[str] = Field(description="The states that it may go to")
    may: list[str] = Field(description="What whoever asks may do to it")


class RefusalView(BaseModel):
    """Any refusal."""

    error: str
    message: Both
    details: list[Problem] = []


class ErrorView(RefusalView):
    """A refusal of the cases. ``case`` and ``changed`` (who was last, and when) come with changed_meanwhile."""

    case: CaseView | None = None
    changed: EventView | None = None


class Me(BaseModel):
    name: str
    role: str
    departments: list[str]
    may: list[str]


class Named(BaseModel):
    id: str
    name: Both


class DepartmentView(Named):
    mine: bool


class CategoryView(Named):
    group: str
    department: str
    days: int
    private: bool


class StateView(Named):
    open: bool
    moves: list[str]
    needs_words: bool


class DeskView(BaseModel):
    """All that a page needs to draw itself."""

    town: str
    me: Me
    departments: list[DepartmentView]
    groups: list[Named]
    categories: list[CategoryView]
    zones: list[Named]
    kinds: list[Named]
    states: list[StateView]


class Point(BaseModel):
    type: Literal["Point"] = "Point"
    coordinates: list[float]  # longitude, latitude


class Feature(BaseModel):
    type: Literal["Feature"] = "Feature"
    id: str
    geometry: Point | None
    properties: dict[str, Any]


class FeatureCollection(BaseModel):
    """GeoJSON (RFC 7946)."""

    type: Literal["FeatureCollection"] = "FeatureCollection"
    features: list[Feature]
