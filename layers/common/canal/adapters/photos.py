"""Citizens' pictures, made safe: whatever comes in, what goes out is our own plain JPEG. The only user of Pillow.

What the sender claims does not matter: the bytes say what they are. Nothing is decoded before its size in pixels is
known, and the picture that is kept is drawn anew, so that nothing else that was in the file (where and with what it
was taken, comments, profiles, what stands behind its end) is kept with it.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO

from PIL import Image, ImageDraw, ImageOps, UnidentifiedImageError

from canal.errors import BadInput

FULL, THUMBNAIL = 1_600, 320  # pixels of the longer side
QUALITY = 82
# JPEG is decoded at a fraction of its size, all else whole: 24 million pixels with transparency are 96 MB, and a
# second copy while they are made smaller. A phone's photo has 12 to 50 million and reaches WhatsApp as JPEG.
MAX_PIXELS = 24_000_000
MAX_JPEG_PIXELS = 60_000_000
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")  # each decoder more is one more that can be attacked

Image.MAX_IMAGE_PIXELS = MAX_JPEG_PIXELS  # also for a frame that is larger than the picture says it is

Box = tuple[float, float, float, float]  # left, top, width, height, as fractions of the picture


class BadPhoto(BadInput):
    """It cannot be used; the words are a code: not_an_image, too_many_pixels, unreadable."""


@dataclass(frozen=True, slots=True)
class Photo:
    """Two JPEGs without any metadata, at most FULL and THUMBNAIL pixels long."""

    full: bytes
    thumbnail: bytes


def prepared(source: BinaryIO) -> Photo:
    """The picture in ``source``, upright, of an animation the first frame. Raises BadPhoto."""
    with _opened(source) as picture:
        return _photo(_drawn(picture))


def blacken(jpeg: bytes, boxes: Sequence[Box]) -> Photo:
    """A stored picture with ``boxes`` filled in black for good. Raises BadPhoto, BadInput for a box of no size."""
    with _opened(BytesIO(jpeg)) as picture:
        drawn = _drawn(picture)
    pen = ImageDraw.Draw(drawn)
    for box in boxes:
        pen.rectangle(_pixels(box, drawn.size), fill="black")
    return _photo(drawn)


@contextmanager
def _opened(source: BinaryIO) -> Iterator[Image.Image]:
    """The picture, its header read and its size checked; whatever its decoder raises is a BadPhoto."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of odd EXIF, which is thrown away
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(source, formats=FORMATS) as picture:
                _check(picture)
                yield picture
    except BadInput:
        raise
    except UnidentifiedImageError:
        raise BadPhoto("not_an_image") from None
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise BadPhoto("too_many_pixels") from None
    except Exception as error:  # decoders of bytes that anybody may have made raise anything
        raise BadPhoto("unreadable") from error


def _check(picture: Image.Image) -> None:
    most = MAX_JPEG_PIXELS if picture.format in ("JPEG", "MPO") else MAX_PIXELS
    if picture.width * picture.height > most:
        raise BadPhoto("too_many_pixels")


def _drawn(picture: Image.Image) -> Image.Image:
    """The picture in RGB on white, upright and at most FULL pixels long, with nothing but its pixels."""
    picture.draft("RGB", (FULL, FULL))  # decoded at the smallest fraction that is not smaller; JPEG only
    picture.load()
    small = _with_plain_pixels(picture)
    small.thumbnail((FULL, FULL), Image.Resampling.LANCZOS, reducing_gap=3.0)
    with suppress(Exception):  # EXIF that cannot be read turns nothing
        small = ImageOps.exif_transpose(small)
    clean = Image.new("RGB", small.size, "white")
    clean.paste(small.convert("RGB"), mask=small.getchannel("A") if small.mode == "RGBA" else None)
    return clean


def _with_plain_pixels(picture: Image.Image) -> Image.Image:
    """In a mode that can be made smaller: grey, RGB or RGBA."""
    if picture.mode.startswith("I;16"):  # sixteen bits of grey: the upper eight
        return picture.point(lambda value: value / 256).convert("L")
    if picture.mode in ("P", "PA", "LA", "La", "RGBa") or "transparency" in picture.info:
        return picture.convert("RGBA")
    return picture if picture.mode in ("L", "RGB", "RGBA") else picture.convert("RGB")


def _photo(picture: Image.Image) -> Photo:
    full = _jpeg(picture)
    picture.thumbnail((THUMBNAIL, THUMBNAIL), Image.Resampling.LANCZOS)
    return Photo(full, _jpeg(picture))


def _jpeg(picture: Image.Image) -> bytes:
    into = BytesIO()
    picture.save(into, "JPEG", quality=QUALITY, optimize=True)
    return into.getvalue()


def _pixels(box: Box, size: tuple[int, int]) -> tuple[int, int, int, int]:
    """The first and the last pixels that a box touches."""
    left, top, width, height = box
    right, bottom = min(left + width, 1.0), min(top + height, 1.0)
    left, top = max(left, 0.0), max(top, 0.0)
    if not all(map(math.isfinite, box)) or right <= left or bottom <= top:
        raise BadInput("a box needs a size and a place on the picture")
    across, down = size
    first = math.floor(left * across), math.floor(top * down)
    return *first, math.ceil(right * across) - 1, math.ceil(bottom * down) - 1
