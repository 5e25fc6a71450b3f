"""Files to send without having any: drawn photos, and a voice note that is silent but valid Ogg Opus."""

from __future__ import annotations

import struct
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).with_name("samples")
PHOTOS = ("streetlight", "sofa", "pothole")
VOICE_TYPE = "audio/ogg; codecs=opus"
SILENCE = bytes((0xF8, 0xFF, 0xFE))  # one Opus frame of 20 ms, mono, silent
FRAMES_A_SECOND = 50
SAMPLES_A_FRAME = 960  # at 48 kHz
FRAMES_A_PAGE = 50


def names() -> list[dict[str, str]]:
    return [*({"name": name, "kind": "image"} for name in PHOTOS), {"name": "voice", "kind": "audio"}]


def sample(name: str) -> tuple[bytes, str] | None:
    """The bytes and the MIME type of a sample; "voice:7" is a note of seven seconds."""
    kind, _, seconds = name.partition(":")
    if kind == "voice":
        return voice_note(min(int(seconds), 120) if seconds.isdecimal() else 4), VOICE_TYPE
    return (FOLDER.joinpath(f"{name}.jpg").read_bytes(), "image/jpeg") if name in PHOTOS else None


@cache
def voice_note(seconds: int) -> bytes:
    """An Ogg Opus file of silence (RFC 7845)."""
    head = b"OpusHead" + struct.pack("<BBHIhB", 1, 1, 0, 48_000, 0, 0)
    vendor = b"canal"
    tags = b"OpusTags" + struct.pack("<I", len(vendor)) + vendor + struct.pack("<I", 0)
    pages = [_page([head], 0, 0, first=True), _page([tags], 0, 1)]
    frames = max(seconds, 1) * FRAMES_A_SECOND
    for number, start in enumerate(range(0, frames, FRAMES_A_PAGE), start=2):
        end = min(start + FRAMES_A_PAGE, frames)
        packets = [SILENCE] * (end - start)
        pages.append(_page(packets, end * SAMPLES_A_FRAME, number, last=end == frames))
    return b"".join(pages)


def _page(packets: list[bytes], granule: int, number: int, *, first: bool = False, last: bool = False) -> bytes:
    """One Ogg page (RFC 3533); every packet here is shorter than 255 bytes."""
    flags = (2 if first else 0) | (4 if last else 0)
    lacing = bytes(len(packet) for packet in packets)
    head = struct.pack("<4sBBqIII", b"OggS", 0, flags, granule, 1, number, 0) + bytes((len(packets),)) + lacing
    page = head + b"".join(packets)
    return page[:22] + struct.pack("<I", _crc(page)) + page[26:]


def _crc(data: bytes) -> int:
    value = 0
    for byte in data:
        value = ((value << 8) & 0xFFFFFFFF) ^ _TABLE[(value >> 24) ^ byte]
    return value


def _table() -> list[int]:
    table = []
    for byte in range(256):
        value = byte << 24
        for _ in range(8):
            value = (value << 1) ^ (0x04C11DB7 if value & 0x80000000 else 0)
        table.append(value & 0xFFFFFFFF)
    return table


_TABLE = _table()
