"""Images, audio, video, documents and stickers that the town sends, alone or as a header."""

from __future__ import annotations

from local.whatsapp.checks.fields import Json, an_object, only, optional_text, web_address
from local.whatsapp.checks.world import World
from local.whatsapp.errors import GraphError
from local.whatsapp.media import SENDABLE

CAPTION = 1024
KEYS = {
    "image": ("id", "link", "caption"),
    "video": ("id", "link", "caption"),
    "document": ("id", "link", "caption", "filename"),
    "audio": ("id", "link", "voice"),
    "sticker": ("id", "link"),
}


def check_media(message: Json, kind: str, where: str, world: World) -> None:
    """``message[kind]`` names a file by ``id`` or by ``link``, and just one of them."""
    media = an_object(message, kind, where)
    only(media, KEYS[kind], where)
    if ("id" in media) == ("link" in media):
        raise GraphError(131009 if "id" in media else 131008, f"Either {where}.id or {where}.link is required.")
    if "link" in media:
        web_address(media, "link", f"{where}.link")
    else:
        _check_file(media["id"], kind, where, world)
    optional_text(media, "caption", f"{where}.caption", CAPTION)
    optional_text(media, "filename", f"{where}.filename", 240)


def _check_file(media_id: object, kind: str, where: str, world: World) -> None:
    media = world.media(media_id) if isinstance(media_id, str) else None
    if media is None:
        raise GraphError(100, f"Param {where}['id'] is not a valid whatsapp business account media attachment ID.")
    if media.base_type not in SENDABLE[kind][0]:
        raise GraphError(131053, f"A file of type {media.base_type} cannot be sent as {kind}.")
