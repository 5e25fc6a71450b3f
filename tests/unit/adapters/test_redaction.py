"""Blackened copies: new keys in the case's folder, the old objects untouched until they are dropped."""

from __future__ import annotations

from io import BytesIO
from typing import cast

import pytest
from canal.adapters.photo_store import PhotoStore
from canal.adapters.redaction import StoredPhotos
from canal.errors import BadInput, Permanent, Temporary
from canal.incidents.case import File
from PIL import Image

from tests.builders import NOON

FILE = File("f1", "image", "m1", NOON, state="stored", key="files/A/full", thumbnail="files/A/small")


class FakeStore:
    """Objects by key; ``puts`` left before the bucket stops answering."""

    def __init__(self, puts: int = 9) -> None:
        self.objects: dict[str, bytes] = {FILE.key: white(), FILE.thumbnail: white()}
        self.puts = puts

    def get(self, key: str) -> bytes:
        if key not in self.objects:
            raise Permanent("S3: there is no such object")
        return self.objects[key]

    def put(self, key: str, content: bytes, mime_type: str, filename: str = "") -> None:
        if not self.puts:
            raise Temporary("S3: 503")
        self.puts -= 1
        self.objects[key] = content

    def delete(self, key: str) -> None:
        self.objects.pop(key, None)


def white() -> bytes:
    into = BytesIO()
    Image.new("RGB", (200, 100), "white").save(into, "JPEG")
    return into.getvalue()


def photos(store: FakeStore) -> StoredPhotos:
    return StoredPhotos(cast(PhotoStore, store))


def brightness(jpeg: bytes, at: tuple[float, float]) -> int:
    picture = Image.open(BytesIO(jpeg)).convert("L")
    return cast(int, picture.getpixel((int(at[0] * picture.width), int(at[1] * picture.height))))


def test_the_box_is_black_in_both_copies_and_the_rest_as_it_was() -> None:
    store = FakeStore()
    black = photos(store).blackened("A", FILE, [(0.0, 0.0, 0.5, 1.0)])
    assert black.id == FILE.id
    assert not {black.key, black.thumbnail} & {FILE.key, FILE.thumbnail}
    for key in (black.key, black.thumbnail):
        assert key.startswith("files/A/")
        assert brightness(store.objects[key], (0.2, 0.5)) < 20
        assert brightness(store.objects[key], (0.8, 0.5)) > 235


def test_what_was_there_before_is_dropped_and_a_second_drop_does_nothing() -> None:
    store = FakeStore()
    for _ in range(2):
        photos(store).drop(FILE)
    assert store.objects == {}


@pytest.mark.parametrize("puts", [0, 1])
def test_a_bucket_that_stops_answering_leaves_the_old_photo(puts: int) -> None:
    store = FakeStore(puts)
    with pytest.raises(Temporary):
        photos(store).blackened("A", FILE, [(0.0, 0.0, 1.0, 1.0)])
    assert {FILE.key, FILE.thumbnail} <= store.objects.keys()


def test_what_is_no_photo_or_not_there_is_refused() -> None:
    store = FakeStore()
    store.objects[FILE.key] = b"%PDF-1.7"
    with pytest.raises(BadInput):
        photos(store).blackened("A", FILE, [(0.0, 0.0, 1.0, 1.0)])
    store.objects.clear()
    with pytest.raises(Permanent):
        photos(store).blackened("A", FILE, [(0.0, 0.0, 1.0, 1.0)])
