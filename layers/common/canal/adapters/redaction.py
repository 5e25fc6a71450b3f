"""Blackened copies of stored photos, for the staff API: Pillow and the bucket together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from canal.adapters.photo_store import PhotoStore, new_key
from canal.incidents.case import File

if TYPE_CHECKING:
    from canal.adapters.photos import Box

JPEG = "image/jpeg"


class StoredPhotos:
    """See ``desk.outside.Photos``."""

    def __init__(self, store: PhotoStore) -> None:
        self._store = store

    def blackened(self, case: str, file: File, boxes: Sequence[Box]) -> File:
        """``file`` with the keys of its new copies. If only one could be stored, it lies in the case's folder still
        and goes with the case; no case points to it.
        """
        from canal.adapters.photos import blacken  # Pillow: a start of the API need not wait for it

        photo = blacken(self._store.get(file.key), boxes)
        key, thumbnail = new_key(case), new_key(case)
        self._store.put(key, photo.full, JPEG)
        self._store.put(thumbnail, photo.thumbnail, JPEG)
        return replace(file, key=key, thumbnail=thumbnail, mime_type=JPEG)

    def drop(self, file: File) -> None:
        for key in (file.key, file.thumbnail):
            if key:
                self._store.delete(key)
