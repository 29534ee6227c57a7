"""Change a picture's resolution: coarser to find its paper, finer where it is tiny."""

from __future__ import annotations

import numpy as np
from PIL import Image

from models.digit.grayscale import Grey

TINY = 20  # pixels a side: in smaller pictures lines, and their gaps, are a pixel or two wide
_FINER = 48  # ... so they are enlarged to about this many


def own(picture: Grey) -> Grey:
    """Undo an enlargement by repeated pixels → (height, width) as before.

    Nothing is lost: every block has one value.
    """
    rows = (picture[1:] != picture[:-1]).any(axis=1)
    columns = (picture[:, 1:] != picture[:, :-1]).any(axis=0)
    changes = [np.flatnonzero(changed) + 1 for changed in (rows, columns)]
    step = int(np.gcd.reduce(np.concatenate([*changes, picture.shape])))
    return picture[::step, ::step]


def finer(signed: Grey) -> Grey:
    """Enlarge a tiny picture and pad it with paper, which is 0; leave others as they are.

    In a picture of 8×8 pixels greys, not whole pixels, tell a line's place and width.
    """
    longer = max(signed.shape)
    if longer > TINY:
        return signed
    times = -(-_FINER // longer)
    padded = Image.fromarray(np.pad(signed, 1).astype(np.float32))
    size = (padded.width * times, padded.height * times)
    return np.asarray(padded.resize(size, Image.Resampling.LANCZOS))


def reduced(picture: Grey, side: int) -> tuple[Grey, int]:
    """Means of square blocks, at most ``side`` of them along a side; and the side of a block."""
    block = -(-max(picture.shape) // side)
    if block == 1:
        return picture, 1
    height, width = picture.shape
    padded = np.pad(picture, ((0, -height % block), (0, -width % block)), mode="edge")
    rows, columns = padded.shape[0] // block, padded.shape[1] // block
    return padded.reshape(rows, block, columns, block).mean(axis=(1, 3)), block


def enlarged(coarse: Grey, block: int, height: int, width: int) -> Grey:
    """Enlarge what ``reduced`` returned to (height, width), smoothly."""
    rows, columns = coarse.shape
    # Pillow resizes a float picture in C; the box leaves out what padding added.
    smooth = Image.fromarray(coarse.astype(np.float32))
    box = (0, 0, min(columns, width / block), min(rows, height / block))
    return np.asarray(smooth.resize((width, height), Image.Resampling.BILINEAR, box))
