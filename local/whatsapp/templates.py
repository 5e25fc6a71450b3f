"""The templates of the account: what the town writes beforehand and Meta approves."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from local.whatsapp.template import Template
from local.whatsapp.template_rules import check_components, check_new, refusal

EDITABLE = ("APPROVED", "REJECTED", "PAUSED")
DAY = 24 * 3600.0
COUNT = 250


class Templates:
    """By name and language. Deleted names stay blocked for 30 days, as at Meta."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._by_id: dict[str, Template] = {}
        self._blocked: dict[tuple[str, str], float] = {}

    def reset(self) -> None:
        with self._lock:
            self._by_id.clear()
            self._blocked.clear()

    def all(self) -> list[Template]:
        with self._lock:
            return list(self._by_id.values())

    def find(self, name: str, language: str) -> Template | None:
        return next((item for item in self.all() if (item.name, item.language) == (name, language)), None)

    def by_id(self, template_id: str) -> Template | None:
        return self._by_id.get(template_id)

    def create(self, body: Mapping[str, Any], now: float, status: str = "PENDING") -> Template:
        check_new(body)
        name, language = body["name"], body["language"]
        if self.find(name, language):
            raise refusal(2388024, f"Content in this language already exists for {name}.")
        if self._blocked.get((name, language), 0) > now:
            raise refusal(2388023, f"{name} was deleted in {language}: the name is free again after 30 days.")
        if len(self._by_id) >= COUNT:
            raise refusal(2388019, f"The limit of {COUNT} templates is reached.")
        with self._lock:
            template = Template(
                id=str(594_425_479_000_000 + next(self._numbers)),
                name=name,
                language=language,
                category=body["category"],
                status=status,
                components=_normal(body["components"]),
                parameter_format=str(body.get("parameter_format", "POSITIONAL")).upper(),
            )
            self._by_id[template.id] = template
            return template

    def edit(self, template: Template, body: Mapping[str, Any], now: float) -> Template:
        """All components are replaced, and Meta reviews it again."""
        if template.status not in EDITABLE:
            raise refusal(2388039, f"A template that is {template.status} cannot be edited.")
        if "category" in body and body["category"] != template.category and template.status == "APPROVED":
            raise refusal(2388025, "The category of an approved template cannot be changed.")
        recent = [at for at in template.edited_at if now - at < 30 * DAY]
        if template.status == "APPROVED" and (len(recent) >= 10 or any(now - at < DAY for at in recent)):
            raise refusal(2388003, "An approved template can be edited once in 24 hours and 10 times in 30 days.")
        if "components" in body:
            check_components(body["components"])
        return self._put(
            replace(
                template,
                components=_normal(body.get("components", template.components)),
                category=body.get("category", template.category),
                status="PENDING",
                edited_at=(*recent, now),
            )
        )

    def set_status(self, template: Template, status: str, reason: str = "NONE") -> Template:
        return self._put(replace(template, status=status, reason=reason))

    def set_category(self, template: Template, category: str) -> Template:
        return self._put(replace(template, category=category))

    def set_quality(self, template: Template, quality: str) -> Template:
        return self._put(replace(template, quality=quality))

    def delete(self, name: str, template_id: str | None, now: float) -> bool:
        with self._lock:
            gone = [item for item in self._by_id.values() if item.name == name and template_id in (None, item.id)]
            for item in gone:
                del self._by_id[item.id]
                self._blocked[item.name, item.language] = now + 30 * DAY
            return bool(gone)

    def _put(self, template: Template) -> Template:
        with self._lock:
            self._by_id[template.id] = template
            return template


def _normal(components: Any) -> tuple[dict[str, Any], ...]:
    return tuple({**item, "type": str(item["type"]).upper()} for item in components)
