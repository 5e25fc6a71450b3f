"""Incidents on one machine, from the phone to the department and back: nothing in between is faked."""

from __future__ import annotations

import json
import re
import time
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import requests
from PIL import Image

from tests.integration.stack import Stack, eventually, webhook, words

PHOTO = Path(__file__).resolve().parents[2] / "local" / "whatsapp" / "samples" / "streetlight.jpg"
# In the middle of the town; the second citizen of a report stands 40 metres from the first.
HERE = (39.1512, -0.4345)
NUMBER = re.compile(r"\b[2-9A-HJ-NP-Z]{8}\b")


# --- what a citizen sends -------------------------------------------------------------------------


def photo(stack: Stack, phone: str, user: str) -> None:
    """A photo from the phone, with the camera's data in it."""
    media = requests.post(
        f"{stack.graph}/_sim/media", data=PHOTO.read_bytes(), headers={"Content-Type": "image/jpeg"}, timeout=10
    ).json()
    send(stack, phone, user, "image", media)


def pin(stack: Stack, phone: str, user: str, place: tuple[float, float]) -> None:
    send(stack, phone, user, "location", {"latitude": place[0], "longitude": place[1]})


def tap(stack: Stack, phone: str, user: str, option: str) -> None:
    reply = {"type": "button_reply", "button_reply": {"id": option, "title": "x"}}
    send(stack, phone, user, "interactive", reply)


def send(stack: Stack, phone: str, user: str, kind: str, content: dict[str, Any]) -> None:
    """A message of any type, signed."""
    payload = json.loads(webhook("x", f"wamid.{kind}.{time.time_ns()}", phone, user))
    message = payload["entry"][0]["changes"][0]["value"]["messages"][0]
    del message["text"]
    message |= {"type": kind, kind: content}
    assert stack.post(json.dumps(payload).encode()).status_code == 200


def answered(stack: Stack, phone: str, before: int) -> str:
    """The words of what came after the first ``before`` replies."""
    eventually(lambda: len(stack.replies(phone)) > before)
    return "\n".join(words(reply) for reply in stack.replies(phone)[before:])


def choices(stack: Stack, phone: str) -> list[str]:
    """The ids that the last reply offers to tap."""
    return re.findall(r'"id": "([^"]+)"', json.dumps(stack.replies(phone)[-1].get("interactive", {})))


def started(stack: Stack, phone: str, user: str) -> None:
    for text in ("Hola", "1"):
        stack.converse(text, phone, user)


def report(stack: Stack, phone: str, user: str, place: tuple[float, float]) -> str:
    """Photo, pin and text, then whatever one tap confirms; the case's number. At most five messages."""
    for step in (
        partial(photo, stack, phone, user),
        partial(pin, stack, phone, user, place),
        partial(stack.say, "no funciona un fanal", phone=phone, user=user),
    ):
        before = len(stack.replies(phone))
        step()
        said = answered(stack, phone, before)
    for _ in range(2):
        if found := NUMBER.search(said):
            return found[0]
        before = len(stack.replies(phone))
        tap(stack, phone, user, choices(stack, phone)[0])
        said = answered(stack, phone, before)
    found = NUMBER.search(said)
    assert found, said
    return found[0]


# --- what staff see -------------------------------------------------------------------------------


def case_of(stack: Stack, number: str, headers: dict[str, str]) -> dict[str, Any]:
    response = requests.get(f"{stack.url}/api/cases/{number}", headers=headers, timeout=10)
    assert response.status_code == 200, response.text
    case: dict[str, Any] = response.json()
    return case


def move(stack: Stack, number: str, headers: dict[str, str], **body: str) -> requests.Response:
    """Move a case as it is seen just now."""
    address = f"{stack.url}/api/cases/{number}"
    seen = requests.get(address, headers=headers, timeout=10)
    condition = {"If-Match": seen.headers["ETag"]}
    return requests.post(f"{address}/moves", json=body, headers=headers | condition, timeout=10)


def moved(stack: Stack, number: str, headers: dict[str, str], **body: str) -> bool:
    """Whether it could be moved; while Canal is at work on the case somebody else may be first."""
    response = move(stack, number, headers, **body)
    assert response.status_code in (200, 412), response.text
    return response.status_code == 200


def routed(stack: Stack, number: str, headers: dict[str, str]) -> dict[str, Any] | None:
    """The case once ``route`` is done with its photo and its department."""
    case = case_of(stack, number, headers)
    return case if case["state"] == "routed" and all(file["state"] == "stored" for file in case["files"]) else None


@pytest.fixture(scope="module")
def admin(stack: Stack) -> dict[str, str]:
    return stack.signed_in("admin@canal.test")


@pytest.fixture(scope="module")
def filed(stack: Stack, admin: dict[str, str]) -> dict[str, Any]:
    """A case that came from a phone, as the API shows it once it is routed."""
    started(stack, "34600000601", "ES.601")
    number = report(stack, "34600000601", "ES.601", HERE)
    case = eventually(lambda: routed(stack, number, admin), seconds=60)
    assert case is not None
    return case


def test_a_report_from_the_phone_has_its_department_its_date_and_its_place(filed: dict[str, Any]) -> None:
    assert filed["department"]
    assert filed["due_at"]
    assert filed["latitude"] == pytest.approx(HERE[0], abs=1e-4)


def test_its_photo_is_kept_in_two_sizes_without_anything_of_the_camera(filed: dict[str, Any]) -> None:
    (file,) = filed["files"]
    for link in (file["url"], file["thumbnail_url"]):
        picture = Image.open(BytesIO(requests.get(link, timeout=10).content))
        assert picture.format == "JPEG"
        assert not picture.getexif()


def test_its_department_is_written_to_without_the_citizens_words_or_number(stack: Stack, filed: dict[str, Any]) -> None:
    def mail() -> list[dict[str, Any]]:
        kept: list[dict[str, Any]] = requests.get(f"{stack.url}/_local/mail.json", timeout=5).json()
        return [each for each in kept if filed["id"] in each["subject"] + each["text"]]

    (written,) = eventually(mail)
    assert "34600000601" not in json.dumps(written)
    assert "no funciona un fanal" not in json.dumps(written)
    assert filed["id"] in requests.get(f"{stack.url}/_local/mail", timeout=5).text


def test_a_move_by_staff_reaches_the_phone(stack: Stack, filed: dict[str, Any], admin: dict[str, str]) -> None:
    before = len(stack.replies("34600000601"))
    eventually(partial(moved, stack, filed["id"], admin, state="in_progress"))
    assert filed["id"] in answered(stack, "34600000601", before)


@pytest.mark.parametrize("header", [None, "Bearer x", "Bearer a.b.c"])
def test_nobody_sees_a_case_without_a_token(stack: Stack, filed: dict[str, Any], header: str | None) -> None:
    headers = {"Authorization": header} if header else {}
    assert requests.get(f"{stack.url}/api/cases/{filed['id']}", headers=headers, timeout=5).status_code == 401


def test_communications_may_see_a_case_and_not_move_it(stack: Stack, filed: dict[str, Any]) -> None:
    headers = stack.signed_in("comunicacio@canal.test")
    assert case_of(stack, filed["id"], headers)["id"] == filed["id"]
    assert move(stack, filed["id"], headers, state="resolved").status_code == 403


def test_another_password_signs_nobody_in(stack: Stack) -> None:
    body = {"email": "admin@canal.test", "password": "guessed"}
    assert requests.post(f"{stack.url}/_local/sign-in", json=body, timeout=10).status_code == 401


def test_a_second_citizen_near_by_joins_in_one_tap_and_both_are_told(stack: Stack, admin: dict[str, str]) -> None:
    phones = (("34600000611", "ES.611"), ("34600000612", "ES.612"))
    place = (HERE[0] + 0.006, HERE[1])
    for phone, user in phones:
        started(stack, phone, user)
    number = report(stack, *phones[0], place)
    eventually(lambda: routed(stack, number, admin), seconds=60)
    second = report(stack, *phones[1], (place[0] + 0.00036, place[1]))
    eventually(lambda: case_of(stack, second, admin)["duplicate_of"] == number)
    counted = [len(stack.replies(phone)) for phone, _ in phones]
    for state in ("in_progress", "resolved"):
        eventually(partial(moved, stack, number, admin, state=state, words="Fet"))
    for (phone, _), before in zip(phones, counted, strict=True):
        eventually(partial(told_twice, stack, phone, before))


def told_twice(stack: Stack, phone: str, before: int) -> bool:
    return len(stack.replies(phone)) >= before + 2


def test_the_public_service_answers_in_xml_and_json(stack: Stack) -> None:
    base = f"{stack.url}/open311/v2"
    services = requests.get(f"{base}/services.json", timeout=10).json()
    assert {"service_code", "service_name"} <= services[0].keys()
    assert requests.get(f"{base}/services.xml", timeout=10).text.lstrip().startswith("<?xml")


def test_the_sweep_can_be_fired_by_hand(stack: Stack) -> None:
    assert requests.post(f"{stack.url}/_local/schedules/sweep", timeout=30).status_code == 202
    assert requests.post(f"{stack.url}/_local/schedules/none", timeout=30).status_code == 404
