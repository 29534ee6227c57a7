"""A picture's file, whatever it holds → pixels in memory, upright, no larger than is of use."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import ExifTags, Image, ImageOps

from models.digit import picture_kinds
from models.digit.picture_kinds import FORMATS, SUFFIXES, looks_like_one
from models.errors import InputError

__all__ = ["FORMATS", "LARGEST_SIDE", "SUFFIXES", "decode", "looks_like_one", "reduced"]

LARGEST_SIDE = 2400  # pixels: photographs have more, which tells nothing about a digit
_LONGEST_SIDE = 65_535  # as JPEG has it
_WHOLE = 16_000_000  # pixels with transparency that are averaged at once
_IN_PYTHON = 250_000  # pixels that Pillow decodes one by one, while others wait
_BAND = 64  # rows of the result


def decode(
    name: str,
    content: bytes | Path,
    most: int,
    side: int = LARGEST_SIDE,
    enough: tuple[int, int] | None = None,
) -> Image.Image:
    """The first frame of a picture of at most ``most`` pixels, upright, no side longer than
    ``side``. A JPEG of twice ``enough`` (width, height), ``side`` unless given, is decoded at a
    half, a quarter or an eighth. Raises InputError for anything else or too large.
    """
    source = io.BytesIO(content) if isinstance(content, bytes) else content
    formats = picture_kinds.formats(content)
    try:
        image = Image.open(source, formats=formats)
    except MemoryError:
        raise
    except Image.DecompressionBombError as error:
        raise InputError(_too_large("hundreds of millions of", most)) from error
    except Exception as error:  # a decoder fed with any bytes raises any error
        raise InputError(_no_picture(name, content)) from error
    with image:
        sides = f"{image.width:,} × {image.height:,}"
        if image.width * image.height > most:
            raise InputError(_too_large(sides, most))
        if max(image.size) > _LONGEST_SIDE:  # Pillow takes 8 bytes for each row, however short
            raise InputError(
                f"It has {sides} pixels; a side may have at most {_LONGEST_SIDE:,}. Cut it first."
            )
        tiles = getattr(image, "tile", None)  # which types-Pillow does not know
        decoder = tiles[0][0] if tiles else ""
        if decoder in ("ppm", "ppm_plain") and image.width * image.height > _IN_PYTHON:
            raise InputError(
                f"It has {sides} pixels as text, or in 16 bits and colour, which takes long to "
                "read. Save it as PNG."
            )
        try:
            image.draft(image.mode, enough or (side, side))
            image.load()
            turned = image.getexif().get(ExifTags.Base.Orientation)
            small = reduced(image, side)
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


def reduced(image: Image.Image, side: int = LARGEST_SIDE) -> Image.Image:
    """The picture with no side longer than that, its pixels averaged; it may change in place."""
    if max(image.size) <= side:
        return image
    if image.mode == "1":
        image = image.convert("L")
    elif image.mode in ("P", "PA"):  # palette indices have no average
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    elif image.mode in ("RGBA", "LA") and image.width * image.height > _WHOLE:
        image = _averaged(image, side)
    image.thumbnail((side, side), Image.Resampling.BOX)
    return image


def _averaged(image: Image.Image, side: int) -> Image.Image:
    """The picture reduced by a whole number, in bands: where there is transparency, Pillow makes a
    second copy to average the colours. Closes ``image``.
    """
    times = -(-max(image.size) // side)
    small = Image.new(image.mode, (-(-image.width // times), -(-image.height // times)))
    for top in range(0, image.height, _BAND * times):
        bottom = min(top + _BAND * times, image.height)
        band = image.crop((0, top, image.width, bottom)).reduce(times)
        small.paste(band, (0, top // times))
    image.close()  # frees its pixels, whoever has it still
    return small


def _too_large(count: str, most: int) -> str:
    return (
        f"It has {count} pixels, more than the {most:,} that a picture may have. "
        "Scale it down first."
    )


def _no_picture(name: str, content: bytes | Path) -> str:
    suffix = Path(name).suffix
    head = picture_kinds.first_bytes(content)
    if looks_like_one(head):
        return (
            "It begins like a picture but breaks off, is damaged, or is too large to be decoded. "
            "Save or send it again, smaller."
        )
    kind = "holds text" if head.isascii() and b"\0" not in head else "holds something else"
    what = f"It is named {suffix} but {kind}." if suffix else f"It {kind}."
    return f"{what} Expected a picture: {', '.join(FORMATS)}."
