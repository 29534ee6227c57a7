"""Pictures: of one digit or several, cut apart, or of anything, made as a model takes it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from models.dataset.collector import Collector
from models.dataset.dataset import Cut
from models.dataset.names import shown
from models.digit import picture, segmentation
from models.digit.digit import SIZE, Digit, from_ink, from_picture
from models.digit.picture_file import SUFFIXES, looks_like_one
from models.digit.segmentation import Piece
from models.errors import InputError

__all__ = ["SUFFIXES", "looks_like_one", "read"]

_PREVIEW = 480


def read(name: str, content: bytes | Path, collector: Collector) -> None:
    """Add a picture to the dataset: as the model takes it, or, where that is a digit, its digit, or
    its digits in reading order. Raises InputError.
    """
    options, target = collector.options, collector.options.target
    if options.only and shown(name) not in options.only:
        return
    collector.seen += 1
    image = picture.decode(name, content, collector.limits.pixels, target)
    if not target.is_digit:
        made = picture.as_input(image, target)
        if made is None:
            raise InputError(picture.NO_INK)
        collector.add(name, [name], made[None], named=True)
        return
    if options.framing == "none" and image.size == (SIZE, SIZE):
        grey = np.asarray(image.convert("L"), np.uint8)
        collector.add(name, [name], grey[None], named=True)
        return
    pieces = segmentation.cut(image) if options.cut else []
    collector.seen += max(0, len(pieces) - 1)
    digits = _framed(name, pieces, collector) if options.cut else [from_picture(image)]
    if all(digit.is_blank for digit in digits):
        raise InputError(picture.NO_INK)
    names = [name]
    if len(digits) > 1:
        names = [f"{name} #{number}" for number in range(1, len(digits) + 1)]
        collector.cut(_preview(name, image, [piece.box for piece in pieces]))
    pixels = np.stack([picture.levels(digit) for digit in digits])
    collector.add(name, names, pixels, named=len(names) == 1)


def _framed(name: str, pieces: Sequence[Piece], collector: Collector) -> list[Digit]:
    """The digits of pieces. Thousands of one shape make a small picture, which must not take long;
    of others it is told how far it is, or the process would be taken for one that stands still.
    """
    digits, known = list[Digit](), dict[tuple[tuple[int, ...], bytes], Digit]()
    for each in pieces:
        ink = each.ink
        key = ink.shape, hashlib.blake2b(ink.tobytes(), digest_size=16).digest()
        if key not in known:
            known[key] = from_ink(ink)
        digits.append(known[key])
        collector.report(name, len(digits))
    return digits


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
