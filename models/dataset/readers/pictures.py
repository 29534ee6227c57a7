"""Pictures, one digit each or several: PNG, JPEG, WebP, BMP, GIF, TIFF → digits."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from PIL import ExifTags, Image, ImageOps

from models.dataset.collector import Collector
from models.dataset.dataset import Cut
from models.dataset.limits import Limits
from models.dataset.value_range import to_bytes
from models.digit import segmentation
from models.digit.digit import SIZE, from_picture
from models.errors import InputError

FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF")
SUFFIXES = frozenset((".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif", ".tif", ".tiff"))
_MAGIC = (b"\x89PNG", b"\xff\xd8\xff", b"BM", b"GIF8", b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_PREVIEW = 480
_LARGEST_SIDE = 2400  # pixels: photographs have more, which tells nothing about a digit
_LONGEST_SIDE = 65_535  # as JPEG has it
_WHOLE = 16_000_000  # pixels with transparency that are averaged at once
_BAND = 64  # rows of the result


def looks_like_one(head: bytes) -> bool:
    """Whether these first bytes begin a picture."""
    return head.startswith(_MAGIC) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP")


def read(name: str, content: bytes | Path, collector: Collector) -> None:
    """Add a picture's digit, or its digits in reading order, to the dataset. Raises InputError."""
    collector.seen += 1
    image = decode(name, content, collector.limits)
    if collector.options.framing == "none" and image.size == (SIZE, SIZE):
        grey = np.asarray(image.convert("L"), np.uint8)
        collector.add(name, [name], grey[None], named=True)
        return
    pieces = segmentation.cut(image) if collector.options.cut else []
    if len(pieces) > 1:
        pictures = [piece.image for piece in pieces]
        names = [f"{name} #{number}" for number in range(1, len(pieces) + 1)]
        collector.cut(_preview(name, image, [piece.box for piece in pieces]))
    else:
        pictures, names = [image], [name]
    digits = [from_picture(picture) for picture in pictures]
    if all(digit.is_blank for digit in digits):
        raise InputError(
            "It holds no ink: all of it is paper, or of one colour. "
            "Expected one dark digit on light, or light on dark."
        )
    pixels = np.stack([to_bytes(digit.pixels) for digit in digits])
    collector.add(name, names, pixels, named=len(names) == 1)


def decode(name: str, content: bytes | Path, limits: Limits) -> Image.Image:
    """The first frame of a picture, upright, no side longer than needed. Raises InputError for
    anything else or too large.
    """
    source = io.BytesIO(content) if isinstance(content, bytes) else content
    try:
        image = Image.open(source, formats=FORMATS)
    except MemoryError:
        raise
    except Image.DecompressionBombError as error:
        raise InputError(_too_large("hundreds of millions of", limits)) from error
    except Exception as error:  # a decoder fed with any bytes raises any error
        raise InputError(_no_picture(name, content)) from error
    with image:
        pixels = image.width * image.height
        sides = f"{image.width:,} × {image.height:,}"
        if pixels > limits.pixels:
            raise InputError(_too_large(sides, limits))
        if max(image.size) > _LONGEST_SIDE:  # Pillow takes 8 bytes for each row, however short
            raise InputError(
                f"It has {sides} pixels; a side may have at most {_LONGEST_SIDE:,}. Cut it first."
            )
        try:
            # JPEG is decoded at a half, a quarter or an eighth where that is enough.
            image.draft(image.mode, (_LARGEST_SIDE, _LARGEST_SIDE))
            image.load()
            turned = image.getexif().get(ExifTags.Base.Orientation)
            small = reduced(image)
            if turned is not None:
                small.getexif()[ExifTags.Base.Orientation] = turned
            # A copy in any case: what decoded the picture may keep it several times as large.
            upright = ImageOps.exif_transpose(small)
        except MemoryError:
            raise
        except Exception as error:  # as above
            raise InputError(
                f"This {image.format} picture breaks off or is damaged ({error}). "
                "Save or send it again."
            ) from error
    return upright


def reduced(image: Image.Image) -> Image.Image:
    """The picture with no side longer than needed, its pixels averaged; it may change in place."""
    if max(image.size) <= _LARGEST_SIDE:
        return image
    if image.mode == "1":
        image = image.convert("L")
    elif image.mode in ("P", "PA"):  # palette indices have no average
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    elif image.mode in ("RGBA", "LA") and image.width * image.height > _WHOLE:
        image = _averaged(image)
    image.thumbnail((_LARGEST_SIDE, _LARGEST_SIDE), Image.Resampling.BOX)
    return image


def _averaged(image: Image.Image) -> Image.Image:
    """The picture reduced by a whole number, in bands: where there is transparency, Pillow makes a
    second copy to average the colours. Closes ``image``.
    """
    times = -(-max(image.size) // _LARGEST_SIDE)
    small = Image.new(image.mode, (-(-image.width // times), -(-image.height // times)))
    for top in range(0, image.height, _BAND * times):
        bottom = min(top + _BAND * times, image.height)
        band = image.crop((0, top, image.width, bottom)).reduce(times)
        small.paste(band, (0, top // times))
    image.close()  # frees its pixels, whoever has it still
    return small


def _too_large(count: str, limits: Limits) -> str:
    return (
        f"It has {count} pixels, more than the {limits.pixels:,} that a picture may have. "
        "Scale it down first."
    )


def _no_picture(name: str, content: bytes | Path) -> str:
    suffix = Path(name).suffix
    head = content[:256] if isinstance(content, bytes) else b""
    if isinstance(content, Path):
        with content.open("rb") as file:
            head = file.read(256)
    if looks_like_one(head):
        return (
            "It begins like a picture but breaks off, is damaged, or is too large to be decoded. "
            "Save or send it again, smaller."
        )
    kind = "holds text" if head.isascii() and b"\0" not in head else "holds something else"
    return (
        f"It is named {suffix or 'like a picture'} but {kind}. "
        f"Expected a picture: {', '.join(FORMATS)}."
    )


def _preview(name: str, image: Image.Image, boxes: list[tuple[int, int, int, int]]) -> Cut:
    """A small copy of the picture with the boxes in its own pixels."""
    small = image.convert("RGB").convert("L")
    small.thumbnail((_PREVIEW, _PREVIEW))
    scale = small.width / image.width
    scaled = tuple(
        (round(left * scale), round(top * scale), round(right * scale), round(bottom * scale))
        for left, top, right, bottom in boxes
    )
    return Cut(name, np.asarray(small, np.uint8), scaled)
