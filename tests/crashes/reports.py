"""Somebody who reports a broken street light: two photos at once, a pin, words, "send"."""

from __future__ import annotations

import os
from typing import Any

import boto3
from canal.adapters.dynamo_cases import DynamoCases
from canal.adapters.dynamo_models import Tables
from canal.incidents.case import Case

from local.template import ROOT
from tests.crashes.world import World

SAMPLE = ROOT / "local" / "whatsapp" / "samples" / "streetlight.jpg"
# Everybody in the middle of a geohash cell of their own: near nobody, and as many cells to be asked for each.
CORNER = (39.08, -0.47)
CELL = (180 / 2**15, 360 / 2**15)  # degrees
COLUMNS = 15


class Reporter:
    """One citizen, their phone, and what the town knows of them."""

    def __init__(self, world: World, number: int) -> None:
        self.world = world
        self.phone = f"3460001{number:04}"
        self.user = f"ES.{20_000 + number}"
        self._sent = 0

    # --- what they do -------------------------------------------------------------------------------

    def choose_the_language(self) -> None:
        self.say({"type": "text", "text": {"body": "Hola"}})
        self.say({"type": "text", "text": {"body": "1"}})

    def report(self, photos: int) -> None:
        self.say(*(self.photo() for _ in range(photos)))
        self.say({"type": "location", "location": self.here()})
        self.say({"type": "text", "text": {"body": "fanal trencat, no fa llum"}})
        self.say(self.tap("incident:send"))

    def here(self) -> dict[str, float]:
        row, column = divmod(int(self.phone[-4:]), COLUMNS)
        latitude, longitude = CORNER[0] + row * CELL[0], CORNER[1] + column * CELL[1]
        return {"latitude": centred(latitude, CELL[0]), "longitude": centred(longitude, CELL[1])}

    def say(self, *messages: dict[str, Any]) -> None:
        """Messages in one webhook, and everything that follows from them."""
        self.world.post(self._webhook(messages))
        self.world.settle()

    def photo(self) -> dict[str, Any]:
        file = self.world.graph.simulator.citizens_file(SAMPLE.read_bytes(), "image/jpeg")
        return {"type": "image", "image": {"id": file["id"], "mime_type": "image/jpeg", "sha256": "x"}}

    def tap(self, address: str) -> dict[str, Any]:
        reply = {"type": "button_reply", "button_reply": {"id": address, "title": "x"}}
        return {"type": "interactive", "interactive": reply}

    def _webhook(self, messages: tuple[dict[str, Any], ...]) -> dict[str, Any]:
        now = str(int(self.world.now().timestamp()))
        people = {"profile": {"name": "Aina"}, "wa_id": self.phone, "user_id": self.user}
        sent = []
        for message in messages:
            self._sent += 1
            who = {"from": self.phone, "from_user_id": self.user, "timestamp": now}
            sent.append({**who, "id": f"wamid.{self.phone}.{self._sent}", **message})
        value = {
            "messaging_product": "whatsapp",
            "metadata": {"display_phone_number": "34600000001", "phone_number_id": "200000000000002"},
            "contacts": [people],
            "messages": sent,
        }
        entry = {"id": "100000000000001", "changes": [{"field": "messages", "value": value}]}
        return {"object": "whatsapp_business_account", "entry": [entry]}

    # --- what came of it ----------------------------------------------------------------------------

    def rows(self) -> list[Case]:
        """Their cases as they are stored."""
        names = [os.environ[f"CANAL_{name}_TABLE"] for name in ("CITIZENS", "TURNS", "INCIDENTS")]
        region, host = os.environ["AWS_REGION"], os.environ["AWS_ENDPOINT_URL"]
        cases = DynamoCases(Tables(names[0], names[1], names[2], region, host))
        found = (cases.load(case.id) for case in cases.of(self.user))
        return [case for case in found if case is not None]

    def objects(self, case: str) -> list[str]:
        """The keys of the bucket that belong to the case."""
        listed = boto3.client("s3").list_objects_v2(Bucket=os.environ["CANAL_PHOTOS_BUCKET"], Prefix=f"files/{case}/")
        return [each["Key"] for each in listed.get("Contents", [])]

    def replies(self) -> list[str]:
        """The words of everything that reached their phone."""
        sent = self.world.sent()
        mine = [each for each in sent if each.get("to") == f"+{self.phone}"]
        return [str((each.get("interactive") or each.get("text") or {}).get("body")) for each in mine]


def centred(degrees: float, size: float) -> float:
    """The middle of the cell in which ``degrees`` lies."""
    return (degrees // size + 0.5) * size
