"""Any picture → the picture that a model takes: its size, in grey or in colour.

What becomes of the pixels then, their range, layout and order of colours, is ``Input.tensor``'s.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from models.digit import picture_file, segmentation
from models.digit.digit import LEVELS, Digit, from_ink, from_levels, from_picture
from models.digit.grayscale import deep
from models.errors import InputError
from models.formats.model_input import Input

Levels = NDArray[np.uint8]

NO_INK = (
    "It holds no ink: all of it is paper, or of one colour. "
    "Expected one dark digit on light, or light on dark."
)
_MOST_PIXELS = 25_000_000  # of one that is decoded where others wait: 100 MB in memory,
_SIDE = 1_200  # ... and looked at in a copy of such sides: twice as long take four times the time
_LARGER = 4  # times as large as the input: what a JPEG has beyond that is not decoded
_METHODS = {
    "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
    "nearest": Image.Resampling.NEAREST,
    "area": Image.Resampling.BOX,
}
_MODES = {1: "L", 3: "RGB", 4: "RGBA"}


def from_image(content: bytes, target: Input) -> Digit:
    """The picture that a model with the input ``target`` is given of an image file, as a test set
    has it too, but that ink is looked for in a smaller copy. Raises InputError for what is no
    picture, too large, damaged, or of no ink where ink is framed.
    """
    try:
        image = decode("picture", content, _MOST_PIXELS, target, _SIDE)
        made = _one_digit(image) if target.is_digit else as_input(image, target)
    except MemoryError as error:
        raise InputError(
            "The picture takes more memory than there is. Scale it down first."
        ) from error
    if made is None:
        raise InputError(NO_INK)
    return from_levels(made.tobytes(), made.shape)


def _one_digit(image: Image.Image) -> Levels | None:
    """A picture's digit, (28, 28) uint8; of a few in it, all as one. None without ink. Raises
    InputError for a sheet.
    """
    pieces = segmentation.cut(image)
    if len(pieces) >= segmentation.SHEET:
        raise InputError(
            f"This looks like a sheet of about {len(pieces):,} digits. "
            "The Upload page cuts it apart."
        )
    digit = from_ink(pieces[0].ink) if len(pieces) == 1 else from_picture(image)
    return None if digit.is_blank else levels(digit)


def decode(
    name: str,
    content: bytes | Path,
    most: int,
    target: Input,
    side: int = picture_file.LARGEST_SIDE,
) -> Image.Image:
    """A picture of at most ``most`` pixels, as large as ``target`` can use it; no side is longer
    than ``side`` where ink is looked for. Raises InputError as ``picture_file.decode`` does.
    """
    if target.framing == "mnist":
        return picture_file.decode(name, content, most, side)
    height, width = target.size
    longest = max(picture_file.LARGEST_SIDE, _LARGER * max(target.size))
    return picture_file.decode(name, content, most, longest, (_LARGER * width, _LARGER * height))


def as_input(image: Image.Image, target: Input) -> Levels | None:
    """A picture as ``target`` takes it, (h, w) or (h, w, c) uint8: framed as MNIST frames digits
    where it says so, else made to fit. None without ink to frame. Raises InputError as
    ``from_picture`` and ``fitted`` do.
    """
    if target.framing != "mnist":
        return fitted(image, target)
    digit = from_picture(image)
    if digit.is_blank:
        return None
    return fitted(Image.fromarray(levels(digit)), target)


def levels(digit: Digit) -> Levels:
    """A digit's pixels in 255ths."""
    return np.frombuffer(digit.levels, np.uint8).reshape(digit.pixels.shape)


def fitted(image: Image.Image, target: Input) -> Levels:
    """A picture at the size of ``target``, (h, w) or (h, w, c) uint8; one of that size stays as is.

    ``target.fit``: *stretch* changes its proportions; *cover* fills the input and crops what
    sticks out, as much on either side; *contain* shows all of it in the middle of black (of
    nothing, where there is transparency). ``target.interpolation`` is Pillow's, which averages
    what it makes smaller; *area* is its ``BOX``. Grey is ITU-R 601's luminance. Transparent parts
    lie on white, but where the input has a channel for them. Raises InputError for a colour space
    that Pillow cannot turn into these.
    """
    plain = _in_mode(image, target.channels)
    height, width = target.size
    method = _METHODS[target.interpolation]
    if plain.size == (width, height):
        return np.array(plain, np.uint8)
    across, down = width / plain.width, height / plain.height
    if target.fit == "contain":
        share = min(across, down)
        inner = [max(1, round(side * share)) for side in plain.size]
        small = plain.resize((inner[0], inner[1]), method)
        whole = Image.new(plain.mode, (width, height))
        whole.paste(small, ((width - inner[0]) // 2, (height - inner[1]) // 2))
        return np.array(whole, np.uint8)
    box = (0.0, 0.0, float(plain.width), float(plain.height))
    if target.fit == "cover":
        share = max(across, down)
        left, top = (plain.width - width / share) / 2, (plain.height - height / share) / 2
        box = (max(left, 0.0), max(top, 0.0), plain.width - left, plain.height - top)
    return np.array(plain.resize((width, height), method, box), np.uint8)


def _in_mode(image: Image.Image, channels: int) -> Image.Image:
    """The picture in grey, in colour on white, or in colour with transparency, 8 bits each."""
    try:
        if image.mode.startswith("I;16"):
            image = _of_shares(np.asarray(image, np.float32) / np.float32(65535))
        elif image.mode.startswith(("I", "F")):
            image = _of_shares(deep(np.asarray(image, np.float32)))
        if channels != 4 and image.has_transparency_data:
            image = image.convert("RGBA")
            image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
        return image.convert(_MODES[channels])
    except ValueError as error:
        raise InputError(
            f"Its colours are of the kind {image.mode}, which cannot be read. Save it in RGB."
        ) from error


def _of_shares(shares: NDArray[np.float32]) -> Image.Image:
    return Image.fromarray(np.rint(shares * LEVELS).astype(np.uint8))
