"""A picture's ink → 28×28 pixels framed as MNIST frames them.

Dust is removed; the ink's box is cut out and scaled to 20 pixels; lines that would come out thinner
or thicker than a pen's are brought to a pen's width; the centre of mass moves to the middle.

SciPy is imported only for pictures: drawings do not need it, and a server starts sooner.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from models.digit import components
from models.digit.components import Components
from models.digit.grayscale import Grey
from models.lanes import Pixels

Mask = NDArray[np.bool_]

SIZE = 28
BOX = 20
MIDDLE = SIZE / 2  # where MNIST has the centre of mass: half a pixel beyond the picture's middle
THIN = 1.7  # pixels of the result: thinner lines are thickened to this, MNIST has hardly any
THICK = 3.4  # ... and thicker lines thinned to this, where the whole digit is as thick
_FINE = 4  # the digit is worked on at this many times the result's resolution
_INK = 0.4  # a pixel with more ink than this belongs to a line
_SPECK = 0.02  # of the largest component's pixels: less is dust
_STRIP = 0.2  # of the picture: a narrower strip along a side may not be ink
_BESIDE = 0.03  # of the picture: what is nearer to a side lies along it
_TIGHT = 0.9  # of the picture: ink that reaches further touches its edge as well
_NEAR = 0.15  # of the digit's size: small components nearer than this are kept
_LARGE = 400  # pixels: a digit larger than this is made smaller before anything is measured


def frame(strength: Grey, *, dust: bool = False, pen_width: bool = True) -> Pixels:
    """Frame ink (height, width) in [0, 1] → (28, 28) float32 in [0, 1]; zeros without ink.

    ``dust=True`` keeps specks; ``pen_width=False`` leaves lines as wide as they are. What each step
    is worth is measured by ``models.train.study.ablation``.
    """
    kept = strength if dust else without_dust(strength)
    rows, columns = (np.flatnonzero((kept > _INK).any(axis=axis)) for axis in (1, 0))
    if not len(rows):
        return np.zeros((SIZE, SIZE), np.float32)
    if kept.shape == (SIZE, SIZE) and _is_framed(kept):
        return kept
    cut = kept[max(0, rows[0] - 1) : rows[-1] + 2, max(0, columns[0] - 1) : columns[-1] + 2]
    if max(cut.shape) > _LARGE:
        cut = _smaller(cut)
    return _centre(_fit(np.pad(cut, 1), pen_width=pen_width))


def centre_of_mass(pixels: Grey) -> NDArray[np.float64]:
    """(x, y) of the ink in pixels: the first pixel's middle is (0, 0). Needs some ink."""
    mass = float(pixels.sum(dtype=np.float64))
    profiles = [pixels.sum(axis=axis, dtype=np.float64) for axis in (0, 1)]
    return np.array([profile @ np.arange(len(profile)) / mass for profile in profiles])


def _is_framed(kept: Grey) -> bool:
    """Whether 28×28 pixels are MNIST's own, so that resampling could only blur them."""
    sides = [int(np.ptp(np.flatnonzero((kept > _INK).any(axis=axis)))) + 1 for axis in (0, 1)]
    away = float(np.abs(centre_of_mass(kept) - MIDDLE).max())
    return abs(max(sides) - BOX) <= 1 and away < 0.75


def without_dust(strength: Grey) -> Grey:
    """Remove small components far from the largest, and the strips that ``edges`` finds."""
    from scipy import ndimage

    found = components.of(strength > _INK)
    if len(found) < 2:
        return strength
    inner = ~edges(found, strength.shape)
    if not inner.any():
        return strength
    largest = int(np.where(inner, found.sizes, 0).argmax())
    reach = _NEAR * (found.high[largest] - found.low[largest]).max()
    gaps = np.maximum(found.low - found.high[largest], found.low[largest] - found.high)
    speck = _SPECK * found.sizes[largest]
    near = (gaps.max(axis=1) <= reach) & (found.sizes > 0.2 * speck)
    keep = np.concatenate([[False], inner & ((found.sizes > speck) | near)])
    kept = keep[found.parts]
    # The pale rim around what is kept belongs to it.
    around = ndimage.binary_dilation(kept, np.ones((3, 3)), iterations=2)
    return np.where(around & (kept | (found.parts == 0)), strength, 0).astype(np.float32)


def edges(found: Components, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Which components (n,) are not ink: a shadow, or the table beside the paper.

    They are narrow strips along a whole side. Where other ink reaches as far, the picture is cut
    close to its digits, and the strip is a 1.
    """
    not_ink = np.zeros(len(found), np.bool_)
    if min(shape) <= SIZE:
        return not_ink
    lengths = found.high - found.low
    for axis, across in ((0, 1), (1, 0)):
        side = shape[across]
        beside = (found.low[:, across] <= _BESIDE * side) | (
            found.high[:, across] >= (1 - _BESIDE) * side
        )
        narrow = lengths[:, across] < _STRIP * side
        strips = (lengths[:, axis] == shape[axis]) & narrow & beside
        if lengths[~strips, axis].max(initial=0) <= _TIGHT * shape[axis]:
            not_ink |= strips
    return not_ink


def _smaller(cut: Grey) -> Grey:
    """At most ``_LARGE`` pixels a side; the darkest of each block where lines would grow pale."""
    block = -(-max(cut.shape) // _LARGE)
    padded = np.pad(cut, [(0, -side % block) for side in cut.shape])
    rows, columns = padded.shape[0] // block, padded.shape[1] // block
    blocks = padded.reshape(rows, block, columns, block)
    thin = line_width(cut > _INK) < 2 * block
    smaller: Grey = blocks.max(axis=(1, 3)) if thin else blocks.mean(axis=(1, 3))
    return smaller


def line_width(mask: Mask) -> float:
    """The mean width of the lines in pixels: twice the area divided by the length of the edge.

    The pixels' sides overstate the length of an edge that runs in all directions by 4 / π.
    """
    padded = np.pad(mask, 1)
    sides = sum(int((padded != np.roll(padded, 1, axis)).sum()) for axis in (0, 1))
    return 2 * int(mask.sum()) / max(1.0, sides * np.pi / 4)


def _fit(cut: Grey, *, pen_width: bool) -> Grey:
    """Scale to ``BOX`` at ``_FINE`` times the resolution, lines between ``THIN`` and ``THICK``."""
    from scipy import ndimage

    mask = cut > _INK
    rows, columns = (np.flatnonzero(mask.any(axis=axis)) for axis in (1, 0))
    longer = float(max(rows[-1] - rows[0], columns[-1] - columns[0]) + 1)
    width = line_width(mask)
    wanted = float(np.clip(width * BOX / longer, THIN, THICK))
    # Each edge moves by ``grow``, which changes the box too: both are solved for at once.
    grow = (wanted * longer / BOX - width) / (2 * (1 - wanted / BOX))
    if wanted == THICK:
        # Parts thinner than the rest must not vanish.
        depth = ndimage.distance_transform_edt(mask)
        ridge = depth[(depth == ndimage.maximum_filter(depth, 3)) & mask]
        grow = max(grow, 1.0 - float(np.percentile(ridge, 20)), -0.2 * longer)
        grow = min(grow, 0.0)
    if abs(grow) * BOX / longer < 0.15 or not pen_width:  # too little to show
        grow = 0.0
    scale = _FINE * BOX / (longer + 2 * grow)
    if grow:
        inside = ndimage.distance_transform_edt(_padded(mask, grow))
        outside = ndimage.distance_transform_edt(~_padded(mask, grow))
        edge = np.where(inside > 0, inside - 0.5, 0.5 - outside)
        cut = np.clip(edge + grow + 0.5, 0, 1).astype(np.float32)
    size = [max(1, round(side * scale)) for side in (cut.shape[1], cut.shape[0])]
    scaled = Image.fromarray(cut).resize((size[0], size[1]), Image.Resampling.BILINEAR)
    return np.asarray(scaled, np.float32)


def _padded(mask: Mask, grow: float) -> Mask:
    return np.pad(mask, max(1, int(np.ceil(grow)) + 1))


def _centre(fine: Grey) -> Pixels:
    """Move the centre of mass to the middle, keep all ink inside, and average to 28×28."""
    side = SIZE * _FINE
    beyond = max(side, *fine.shape)  # enough paper around for any start
    canvas = np.zeros((side + 2 * beyond, side + 2 * beyond), np.float32)
    goal = _FINE * MIDDLE + (_FINE - 1) / 2
    starts = []
    for axis, centre in enumerate(centre_of_mass(fine)[::-1]):
        inked = np.flatnonzero(fine.max(axis=1 - axis) > _INK)
        first, last = (inked[0], inked[-1]) if len(inked) else (0, fine.shape[axis] - 1)
        start = round(goal - float(centre))
        start = min(max(start, -int(first)), max(side - 1 - int(last), -int(first)))
        starts.append(beyond + start)
    top, left = starts
    canvas[top : top + fine.shape[0], left : left + fine.shape[1]] = fine
    middle = canvas[beyond : beyond + side, beyond : beyond + side]
    pixels: Pixels = middle.reshape(SIZE, _FINE, SIZE, _FINE).mean(axis=(1, 3))
    return np.clip(pixels, 0, 1)
