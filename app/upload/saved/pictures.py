"""The small pictures in a report: PNG files of a stranger, of which the browser shows the bytes."""

from __future__ import annotations

import base64
import binascii
import io
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image

from app.frontend import report_values as values
from app.upload.results import downloads
from models.digit.digit import SIZE, Digit
from models.lanes import Lane

_SIGNATURE = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
_LONGEST = 4 * (downloads.PICTURE_BYTES // 3 + 1)  # as base64


@dataclass(frozen=True)
class Picture:
    """A picture, and how far each lane is from the reference on it."""

    png: bytes
    differs: Mapping[Lane, float]

    @property
    def digit(self) -> Digit | None:
        """Its pixels, where it is a grey one of 28×28, as digits are saved."""
        try:
            with Image.open(io.BytesIO(self.png), formats=["PNG"]) as image:
                if image.size != (SIZE, SIZE) or image.mode != "L":
                    return None
                pixels = np.asarray(image)
        except (OSError, ValueError, SyntaxError):  # as Pillow has it for damaged files
            return None
        return Digit(pixels.astype(np.float32) / np.float32(255))


def read(raw: Any, images: int) -> dict[int, Picture]:
    """The pictures by their places. Raises ValueError for what this page would not write."""
    found, room = dict[int, Picture](), downloads.PICTURE_BYTES
    for each in values.listed(raw, downloads.MOST_PICTURES, "pictures"):
        place = values.count(each["place"])
        if place >= images:
            raise ValueError("a picture of no image")
        png = _png(each["png"])
        if (room := room - len(png)) < 0:
            raise ValueError("its pictures are too large")
        differs = values.mapping(each["differs"], 64)
        found[place] = Picture(
            png,
            {Lane.parse(values.text(lane)): _share(far) for lane, far in differs.items()},
        )
    return found


def _png(raw: Any) -> bytes:
    if not isinstance(raw, str) or len(raw) > _LONGEST:
        raise ValueError("a picture is too large")
    try:
        content = base64.b64decode(raw, validate=True)
    except binascii.Error as error:
        raise ValueError("a picture is no base64") from error
    if not content.startswith(_SIGNATURE) or len(content) < len(_SIGNATURE) + 8:
        raise ValueError("a picture is no PNG")
    size = struct.unpack_from(">II", content, len(_SIGNATURE))
    if not 0 < min(size) <= max(size) <= downloads.PICTURE_SIDE:
        raise ValueError("a picture is too large")
    return content


def _share(raw: Any) -> float:
    if isinstance(raw, bool) or not isinstance(raw, int | float) or not 0 <= raw <= 1.001:
        raise ValueError("a difference is no share")
    return float(raw)
