"""A picture's file, whatever it holds → pixels in memory, upright, no larger than is of use."""

from __future__ import annotations

import io
import re
from pathlib import Path

from PIL import ExifTags, Image, ImageOps

from models.errors import InputError

FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF", "PPM", "AVIF")
SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".jfif", ".webp", ".bmp", ".gif", ".tif", ".tiff"})
SUFFIXES |= {".pgm", ".ppm", ".pbm", ".pnm", ".avif", ".heic", ".heif"}
LARGEST_SIDE = 2400  # pixels: photographs have more, which tells nothing about a digit
_MAGIC = (b"\x89PNG", b"\xff\xd8\xff", b"BM", b"GIF8", b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_PNM = re.compile(rb"P[1-6][\s#]")
_AVIF = (b"avif", b"avis")
_HEIC = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")
_LONGEST_SIDE = 65_535  # as JPEG has it
_WHOLE = 16_000_000  # pixels with transparency that are averaged at once
_BAND = 64  # rows of the result


def looks_like_one(head: bytes) -> bool:
    """Whether these first bytes begin a picture."""
    return (
        head.startswith(_MAGIC)
        or (head[:4] == b"RIFF" and head[8:12] == b"WEBP")
        or (head[4:8] == b"ftyp" and head[8:12] in (*_AVIF, *_HEIC))
        or bool(_PNM.match(head))
    )


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
    formats = (*FORMATS, "HEIF") if _is_heic(name, content) else FORMATS
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


def _is_heic(name: str, content: bytes | Path) -> bool:
    """Whether a picture is an iPhone's, which a package of its own decodes. Raises InputError
    where that is missing.
    """
    head = _head(content)
    if head[4:8] != b"ftyp" or head[8:12] in _AVIF:
        return False
    try:
        import pillow_heif
    except ImportError as error:
        raise InputError(
            "It is a HEIC picture, which is read once its decoder is installed: "
            '`pip install "digit-parity[heic]"`. Or save it as JPEG; an iPhone does under '
            "Settings, Camera, Formats, Most Compatible."
        ) from error
    pillow_heif.register_heif_opener(thumbnails=False)
    return True


def _head(content: bytes | Path) -> bytes:
    if isinstance(content, bytes):
        return content[:256]
    with content.open("rb") as file:
        return file.read(256)


def _too_large(count: str, most: int) -> str:
    return (
        f"It has {count} pixels, more than the {most:,} that a picture may have. "
        "Scale it down first."
    )


def _no_picture(name: str, content: bytes | Path) -> str:
    suffix = Path(name).suffix
    head = _head(content)
    if looks_like_one(head):
        return (
            "It begins like a picture but breaks off, is damaged, or is too large to be decoded. "
            "Save or send it again, smaller."
        )
    kind = "holds text" if head.isascii() and b"\0" not in head else "holds something else"
    what = f"It is named {suffix} but {kind}." if suffix else f"It {kind}."
    return f"{what} Expected a picture: {', '.join(FORMATS)}."
