"""Whatever comes in as a picture: what goes out is a plain small JPEG, or a reason."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from typing import Any

import pytest
from canal.adapters.photos import FULL, THUMBNAIL, BadPhoto, Photo, blacken, prepared
from canal.errors import BadInput
from PIL import Image, ImageDraw
from PIL.ExifTags import GPS, Base

RED, BLUE = (200, 30, 30), (20, 40, 190)


def saved(picture: Image.Image, format: str, **how: Any) -> bytes:
    into = BytesIO()
    picture.save(into, format, **how)
    return into.getvalue()


def halves(size: tuple[int, int] = (400, 200), mode: str = "RGB") -> Image.Image:
    """Red on the left, blue on the right."""
    picture = Image.new("RGB", size, RED)
    ImageDraw.Draw(picture).rectangle((size[0] // 2, 0, *size), fill=BLUE)
    return picture.convert(mode)


def opened(jpeg: bytes) -> Image.Image:
    picture = Image.open(BytesIO(jpeg))
    picture.load()
    return picture


def pixel(picture: Image.Image, x: float, y: float) -> tuple[int, ...]:
    found = picture.getpixel((int(x * (picture.width - 1)), int(y * (picture.height - 1))))
    assert isinstance(found, tuple)
    return found


def near(found: tuple[int, ...], wanted: tuple[int, ...]) -> bool:
    return all(abs(a - b) < 30 for a, b in zip(found, wanted, strict=True))


def taken(content: bytes) -> Photo:
    return prepared(BytesIO(content))


def refusal(content: bytes) -> str:
    with pytest.raises(BadPhoto) as error:
        taken(content)
    return str(error.value)


def png_header(width: int, height: int) -> bytes:
    """A PNG that says it is that large, and holds next to nothing."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 100_000))
        + chunk(b"IEND", b"")
    )


# --- what is kept ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("format", "mode"),
    [
        ("JPEG", "RGB"),
        ("JPEG", "L"),
        ("JPEG", "CMYK"),
        ("PNG", "RGB"),
        ("PNG", "RGBA"),
        ("PNG", "P"),
        ("PNG", "L"),
        ("PNG", "LA"),
        ("PNG", "1"),
        ("WEBP", "RGB"),
        ("WEBP", "RGBA"),
        ("GIF", "P"),
    ],
)
def test_every_kind_of_picture_becomes_two_rgb_jpegs(format: str, mode: str) -> None:
    photo = taken(saved(halves(mode=mode), format))
    full, thumbnail = opened(photo.full), opened(photo.thumbnail)
    assert {(each.format, each.mode) for each in (full, thumbnail)} == {("JPEG", "RGB")}
    assert (full.size, thumbnail.size) == ((400, 200), (THUMBNAIL, THUMBNAIL // 2))
    if mode in ("RGB", "RGBA", "P", "CMYK"):
        assert near(pixel(full, 0.2, 0.5), RED)
        assert near(pixel(full, 0.8, 0.5), BLUE)


def test_a_large_picture_becomes_smaller_and_a_small_one_no_larger() -> None:
    large = opened(taken(saved(halves((4000, 3000)), "JPEG")).full)
    assert large.size == (FULL, FULL * 3 // 4)
    small = taken(saved(halves((64, 48)), "PNG"))
    assert opened(small.full).size == opened(small.thumbnail).size == (64, 48)


def test_sixteen_bits_of_grey_keep_their_shades() -> None:
    picture = Image.new("I;16", (100, 50), 0x8000)
    found = opened(taken(saved(picture, "PNG")).full)
    assert near(pixel(found, 0.5, 0.5), (128, 128, 128))


def test_what_is_transparent_becomes_white_with_a_palette_too() -> None:
    clear = Image.new("RGBA", (100, 100), (0, 0, 0, 0))
    ImageDraw.Draw(clear).rectangle((0, 0, 49, 99), fill=(*RED, 255))
    palette = saved(clear.quantize(8), "PNG", transparency=0)
    for content in (saved(clear, "PNG"), palette, saved(clear, "WEBP", lossless=True)):
        found = opened(taken(content).full)
        assert near(pixel(found, 0.2, 0.5), RED)
        assert near(pixel(found, 0.8, 0.5), (255, 255, 255))


def test_an_animation_becomes_its_first_frame() -> None:
    frames = [Image.new("RGB", (50, 50), colour) for colour in (RED, BLUE, (0, 0, 0))]
    for format in ("GIF", "WEBP"):
        content = saved(frames[0], format, save_all=True, append_images=frames[1:])
        assert near(pixel(opened(taken(content).full), 0.5, 0.5), RED)


@pytest.mark.parametrize(("orientation", "left"), [(1, RED), (3, BLUE), (2, BLUE)])
def test_a_picture_is_turned_upright(orientation: int, left: tuple[int, ...]) -> None:
    exif = Image.Exif()
    exif[Base.Orientation] = orientation
    assert near(pixel(opened(taken(saved(halves(), "JPEG", exif=exif)).full), 0.1, 0.5), left)


def test_a_picture_taken_upright_is_higher_than_wide() -> None:
    exif = Image.Exif()
    exif[Base.Orientation] = 6
    assert opened(taken(saved(halves(), "JPEG", exif=exif)).full).size == (200, 400)


def test_exif_that_nobody_can_read_turns_nothing() -> None:
    broken = saved(halves(), "JPEG", exif=b"Exif\0\0MM\0*\xff\xff\xff\xff")
    assert opened(taken(broken).full).size == (400, 200)


# --- what is gone ---------------------------------------------------------------------------------


def test_of_everything_but_the_pixels_nothing_is_left() -> None:
    exif = Image.Exif()
    exif[Base.Make] = "SECRETPHONE"
    exif.get_ifd(0x8825).update({GPS.GPSLatitudeRef: "N", GPS.GPSLatitude: (39.0, 9.0, 3.0)})
    content = saved(
        halves(),
        "JPEG",
        exif=exif,
        comment=b"SECRETCOMMENT",
        icc_profile=b"SECRETPROFILE" * 20,
        xmp=b"<x:xmpmeta>SECRETXMP</x:xmpmeta>",
        dpi=(300, 300),
    )
    assert content.count(b"SECRET") >= 4
    photo = taken(content + b"SECRETTAIL")
    for jpeg in (photo.full, photo.thumbnail):
        assert b"SECRET" not in jpeg
        assert not opened(jpeg).getexif()
        assert not {"exif", "icc_profile", "comment", "xmp", "photoshop", "dpi"} & opened(jpeg).info.keys()
        assert set(segments(jpeg)) <= {0xE0, 0xDB, 0xC0, 0xC4}  # JFIF, and what the pixels need


def segments(jpeg: bytes) -> list[int]:
    """The markers before the pixels."""
    at, found = 2, []
    while jpeg[at + 1] != 0xDA:
        found.append(jpeg[at + 1])
        at += 2 + struct.unpack(">H", jpeg[at + 2 : at + 4])[0]
    return found


def test_texts_inside_a_png_are_gone() -> None:
    from PIL.PngImagePlugin import PngInfo

    told = PngInfo()
    told.add_text("Author", "SECRETAUTHOR")
    assert b"SECRET" not in taken(saved(halves(), "PNG", pnginfo=told)).full


# --- what is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xd8", b"%PDF-1.7", b"<svg/>", b"<html>", b"BM" + b"\0" * 100, b"GIF89a", bytes(range(256)) * 9],
)
def test_what_is_no_picture_is_not_an_image(content: bytes) -> None:
    assert refusal(content) in ("not_an_image", "unreadable")


def test_a_kind_of_picture_that_is_not_taken_is_not_an_image() -> None:
    assert refusal(saved(halves(), "TIFF")) == "not_an_image"


@pytest.mark.parametrize("size", [(20_000, 20_000), (65_535, 65_535), (1_000_000, 1_000), (5_001, 5_000)])
def test_a_bomb_is_refused_by_what_its_header_says(size: tuple[int, int], memory: Any) -> None:
    assert refusal(png_header(*size)) == "too_many_pixels"
    assert memory() < 20_000_000


def test_a_webp_as_large_as_the_format_allows_is_refused_and_takes_no_memory(memory: Any) -> None:
    tiny = bytearray(saved(Image.new("RGB", (16, 16)), "WEBP", lossless=True))
    at = tiny.index(b"VP8L") + 9
    tiny[at : at + 4] = (16_382 | 16_382 << 14).to_bytes(4, "little")
    assert refusal(bytes(tiny)) in ("too_many_pixels", "unreadable", "not_an_image")
    assert memory() < 20_000_000


def test_a_gif_frame_larger_than_its_screen_is_refused() -> None:
    content = bytearray(saved(Image.new("P", (8, 8)), "GIF"))
    at = content.index(b",\0\0\0\0")
    content[at + 5 : at + 9] = struct.pack("<HH", 60_000, 60_000)
    assert refusal(bytes(content)) in ("too_many_pixels", "unreadable")


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "GIF"])
def test_a_picture_that_was_cut_short_is_unreadable(format: str) -> None:
    content = saved(Image.effect_noise((300, 300), 90).convert("RGB"), format)
    assert refusal(content[: len(content) // 2]) in ("unreadable", "not_an_image")


def test_a_picture_with_any_byte_changed_is_taken_or_refused_and_never_anything_else() -> None:
    for format in ("JPEG", "PNG", "WEBP", "GIF"):
        good = saved(halves((40, 20)), format)
        for at in range(0, len(good), 3):
            broken = good[:at] + bytes([good[at] ^ 0xFF]) + good[at + 1 :]
            try:
                taken(broken)
            except BadPhoto:
                continue


# --- redaction ------------------------------------------------------------------------------------


def test_a_box_is_black_in_both_sizes_and_the_rest_stays() -> None:
    photo = blacken(taken(saved(halves((1600, 800)), "JPEG")).full, [(0.5, 0.0, 0.25, 0.5)])
    for jpeg in (photo.full, photo.thumbnail):
        picture = opened(jpeg)
        assert near(pixel(picture, 0.6, 0.25), (0, 0, 0))
        assert near(pixel(picture, 0.9, 0.25), BLUE)
        assert near(pixel(picture, 0.1, 0.9), RED)


def test_a_box_over_the_edge_is_black_up_to_the_edge() -> None:
    stored = taken(saved(halves(), "JPEG")).full
    picture = opened(blacken(stored, [(-1.0, -1.0, 1.2, 9.0), (0.99, 0.99, 5.0, 5.0)]).full)
    assert near(pixel(picture, 0.0, 0.0), (0, 0, 0))
    assert near(pixel(picture, 1.0, 1.0), (0, 0, 0))
    assert near(pixel(picture, 0.4, 0.5), RED)


def test_the_thinnest_box_still_blackens_the_pixels_that_it_touches() -> None:
    stored = taken(saved(Image.new("RGB", (100, 100), "white"), "JPEG")).full
    blackened = opened(blacken(stored, [(0.501, 0.0, 0.0001, 1.0)]).full)
    assert near(pixel(blackened, 0.506, 0.5), (0, 0, 0))


@pytest.mark.parametrize(
    "box",
    [
        (0.1, 0.1, 0.0, 0.5),
        (0.1, 0.1, -0.2, 0.5),
        (1.5, 0.0, 0.1, 0.1),
        (0.0, -3.0, 0.1, 0.1),
        (float("nan"), 0.0, 0.1, 0.1),
        (0.0, 0.0, float("inf"), 0.1),
    ],
)
def test_a_box_that_is_none_is_refused(box: tuple[float, float, float, float]) -> None:
    stored = taken(saved(halves(), "JPEG")).full
    with pytest.raises(BadInput):
        blacken(stored, [box])


def test_a_stored_picture_that_is_broken_is_refused() -> None:
    with pytest.raises(BadPhoto):
        blacken(b"nothing", [(0, 0, 1, 1)])


@pytest.fixture
def memory() -> Any:
    """Bytes that this process holds more than at the start of the test."""
    from pathlib import Path

    def held() -> int:
        return int(Path("/proc/self/statm").read_text().split()[1]) * 4096

    before = held()
    return lambda: held() - before
