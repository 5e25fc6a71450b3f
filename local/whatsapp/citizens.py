"""The people with phones: who they are to WhatsApp, when they last wrote, and whom they blocked."""

from __future__ import annotations

import re
import secrets
import threading
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

USER_ID = re.compile(r"[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}")
WINDOW = 24 * 3600.0


@dataclass(frozen=True, slots=True)
class Citizen:
    """One person. ``phone`` has no "+"; it stays out of every webhook while ``phone_shown`` is false."""

    user_id: str
    phone: str
    name: str
    username: str = ""
    phone_shown: bool = True
    last_inbound: float | None = None  # None: the simulator does not know
    blocked: bool = False  # they blocked the town: 131026
    blocked_by_town: bool = False  # the town blocked them: 130403
    marketing_stopped: bool = False
    previous_ids: tuple[str, ...] = ()
    met: bool = True  # False: an address that was written to and never wrote through the simulator

    @property
    def key(self) -> str:
        return self.user_id or self.phone

    @property
    def wa_id(self) -> str | None:
        """The number that the town sees, if it sees one."""
        return self.phone if self.phone_shown and self.phone else None

    def window_is_open(self, now: float, strict: bool) -> bool:
        """Whether the town may write freely. Who never wrote here may have written elsewhere, unless ``strict``."""
        if self.last_inbound is None:
            return not strict
        return now - self.last_inbound < WINDOW

    def contact(self) -> dict[str, Any]:
        """The item of ``contacts`` in a webhook."""
        profile = {"name": self.name, **({"username": self.username} if self.username else {})}
        return {
            "profile": profile,
            **({"wa_id": self.wa_id} if self.wa_id else {}),
            **({"user_id": self.user_id} if self.user_id else {}),
        }

    def public(self, now: float) -> dict[str, Any]:
        """What ``/_sim/citizens`` tells."""
        return {
            "user_id": self.user_id,
            "phone": self.wa_id,
            "hidden_phone": None if self.phone_shown else self.phone,
            "name": self.name,
            "username": self.username,
            "last_inbound": self.last_inbound,
            "window_open": self.window_is_open(now, strict=False),
            "blocked": self.blocked,
            "blocked_by_town": self.blocked_by_town,
            "marketing_stopped": self.marketing_stopped,
            "previous_ids": list(self.previous_ids),
        }


FIRST_CITIZENS = (
    Citizen("ES.10000000000000000001", "34600000099", "Aina Prova"),
    Citizen("ES.10000000000000000002", "34600000098", "Vicent Exemple"),
    Citizen("ES.10000000000000000003", "34600000097", "Carmen Ficticia", "carmenficticia", phone_shown=False),
)


class Citizens:
    """The book of people, bounded: the one longest unused is forgotten first."""

    def __init__(self, keep: int) -> None:
        self._keep = keep
        self._lock = threading.RLock()
        self._people: OrderedDict[str, Citizen] = OrderedDict()
        self._names: dict[str, str] = {}  # every id and number by which somebody was ever known: their user id
        self.reset()

    def reset(self) -> None:
        with self._lock:
            self._people.clear()
            self._names.clear()
            for citizen in FIRST_CITIZENS:
                self.put(citizen)

    def __iter__(self) -> Iterator[Citizen]:
        with self._lock:
            return iter(list(self._people.values()))

    def find(self, key: str) -> Citizen | None:
        """By user id or number, with or without "+", also by a former one."""
        with self._lock:
            user_id = self._names.get(key.strip().removeprefix("+").replace(" ", ""))
            return self._people.get(user_id) if user_id else None

    def find_current(self, key: str) -> Citizen | None:
        """As Meta does when the town writes: a former id or number reaches nobody."""
        citizen = self.find(key)
        digits = key.removeprefix("+")
        return citizen if citizen and digits in (citizen.user_id, citizen.phone) else None

    def put(self, citizen: Citizen) -> Citizen:
        with self._lock:
            self._people[citizen.user_id] = citizen
            self._people.move_to_end(citizen.user_id)
            for name in (citizen.user_id, citizen.phone, *citizen.previous_ids):
                if name:
                    self._names[name] = citizen.user_id
            while len(self._people) > self._keep:
                _, forgotten = self._people.popitem(last=False)
                for name in (forgotten.user_id, forgotten.phone, *forgotten.previous_ids):
                    self._names.pop(name, None)
            return citizen

    def change(self, user_id: str, **changes: Any) -> Citizen:
        """Change somebody who is in the book, atomically."""
        with self._lock:
            return self.put(replace(self._people[user_id], **changes))

    def add(self, name: str = "", phone: str = "", user_id: str = "", **more: Any) -> Citizen:
        """Somebody new; what is not given is made up."""
        user_id = user_id or f"ES.{secrets.randbelow(10**19) + 10**19}"
        phone = phone.removeprefix("+").replace(" ", "") or self._free_phone()
        return self.put(Citizen(user_id, phone, name or f"Persona {phone[-3:]}", **more))

    def renumber(self, citizen: Citizen, phone: str) -> Citizen:
        """A new SIM: another number, and with it another user id."""
        with self._lock:
            self._people.pop(citizen.user_id, None)
            former = (*citizen.previous_ids, citizen.user_id, citizen.phone)
            user_id = f"ES.{secrets.randbelow(10**19) + 2 * 10**19}"
            phone = phone.removeprefix("+") or self._free_phone()
            renumbered = self.put(replace(citizen, user_id=user_id, phone=phone, previous_ids=former))
            self._names[phone] = user_id
            return renumbered

    def _free_phone(self) -> str:
        while (phone := f"34600{secrets.randbelow(900_000) + 100_000}") in self._names:
            pass
        return phone


def stranger(address: str) -> Citizen:
    """Somebody whom the simulator has not met: only the address that was written to is known."""
    if USER_ID.fullmatch(address):
        return Citizen(address, "", "", phone_shown=False, met=False)
    return Citizen("", address.removeprefix("+"), "", met=False)
