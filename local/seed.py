"""``make seed``: fills the running local stack with demonstration cases, photos included.

The cases are always the same; a second run adds none. They carry no citizen, so that nobody is told of them, and are
marked in their words and in their rows. ``--subscribers N`` adds so many citizens who subscribed to notices instead.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from local import addresses
from local.subscribers import conversations, seed_subscribers, subscribers_summary
from local.whatsapp import samples

if TYPE_CHECKING:
    from canal.adapters.photo_store import PhotoStore
    from canal.dialogue.town import Town
    from canal.incidents.case import Case, File
    from canal.ports import Cases

COUNT = 300
WITH_PHOTO = 4  # of every ten
JPEG = "image/jpeg"


class Store(Protocol):
    """The bucket, as far as seeding needs it."""

    def put(self, key: str, content: bytes, mime_type: str) -> None: ...


def main(arguments: list[str]) -> int:
    asked = parsed(arguments)
    if not addresses.ENVIRONMENT.exists():
        print(
            f"Nothing runs on port {addresses.API_PORT}: start it with `make run` in another terminal.", file=sys.stderr
        )
        return 1
    os.environ.update(json.loads(addresses.ENVIRONMENT.read_text()))
    from canal.dialogue.town import Town, sections

    from local.demo.cases import demo_cases
    from local.demo.citizens import demo_citizens

    town, now = Town(sections(Path(os.environ["CANAL_CONTENT_FILE"]).read_bytes())), datetime.now(UTC)
    if asked.subscribers:
        wanted = demo_citizens(town, now, asked.subscribers)
        new = seed_subscribers(wanted, conversations(), lambda done: progress(done, asked.subscribers, "subscribers"))
        print(f"\r{subscribers_summary(new, town)}")
        return 0
    cases, store = outside()
    made = seed(demo_cases(town, now, COUNT), cases, store, lambda done: progress(done, COUNT, "cases"))
    print(f"\r{summary(made, town)}")
    return 0


def parsed(arguments: list[str]) -> argparse.Namespace:
    """What is asked for on the command line."""
    parser = argparse.ArgumentParser(prog="python -m local.seed", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--subscribers", type=int, default=0, metavar="N", help="citizens who subscribed, not cases")
    return parser.parse_args(arguments)


def seed(
    wanted: Iterable[Case], cases: Cases, store: Store, said: Callable[[int], None] = lambda done: None
) -> list[Case]:
    """Save ``wanted``, four of ten with a photo; gives those that were not there yet."""
    made = []
    for number, case in enumerate(wanted):
        if not cases.load(case.id):  # else it is there from another time
            photographed = case.position is not None and number % 10 < WITH_PHOTO
            made.append(cases.save(with_photo(case, number, store) if photographed else case))
        said(number + 1)
    return made


def with_photo(case: Case, number: int, store: Store) -> Case:
    """``case`` with one of the drawn photos, stored in both sizes as ``route`` stores them."""
    from canal.adapters.photo_store import new_key
    from canal.adapters.photos import prepared
    from canal.incidents.case import File

    name = samples.PHOTOS[number % len(samples.PHOTOS)]
    with (samples.FOLDER / f"{name}.jpg").open("rb") as drawn:
        photo = prepared(drawn)
    key, thumbnail = new_key(case.id), new_key(case.id)
    store.put(key, photo.full, JPEG)
    store.put(thumbnail, photo.thumbnail, JPEG)
    file = File("1", "image", "demonstration", case.created_at, JPEG, state="stored", key=key, thumbnail=thumbnail)
    return replace(case, files=(allowed_for_some(file, number),))


def allowed_for_some(file: File, number: int) -> File:
    """Every second photo may be seen by everybody, as if staff had looked at it."""
    return replace(file, public=number % 2 == 0)


def outside() -> tuple[Cases, PhotoStore]:
    """The table and the bucket of the running stack."""
    import botocore.session
    from canal.adapters.dynamo_cases import DynamoCases
    from canal.adapters.dynamo_models import Tables
    from canal.adapters.photo_store import PhotoStore
    from canal.adapters.signed import SignedCalls

    endpoint = os.environ["AWS_ENDPOINT_URL"]
    tables = Tables("", "", os.environ["CANAL_INCIDENTS_TABLE"], addresses.REGION, endpoint)
    calls = SignedCalls(botocore.session.Session(), addresses.REGION, endpoint)
    return DynamoCases(tables), PhotoStore(calls, os.environ["CANAL_PHOTOS_BUCKET"])


def progress(done: int, count: int, what: str) -> None:
    """On one line of a terminal; into a file nothing but the end."""
    if sys.stdout.isatty():
        print(f"\r  {done} of {count} {what} …", end="", flush=True)


def summary(made: list[Case], town: Town) -> str:
    """What was added, by state and by department."""
    if not made:
        return "  Nothing to add: the demonstration cases are there already."
    states = ", ".join(f"{count} {state}" for state, count in Counter(case.state.value for case in made).most_common())
    lines = [f"  {len(made)} demonstration cases: {states}."]
    for department, count in Counter(case.department for case in made).most_common():
        known = town.incidents.department(department)
        lines.append(f"    {known.name['ca'] if known else department or 'no department'}: {count}")
    now = datetime.now(UTC)
    late = sum(case.open and case.due_at is not None and case.due_at < now for case in made)
    lines.append(f"    {late} overdue, {sum(bool(case.files) for case in made)} with a photo")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
