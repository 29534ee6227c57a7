"""Ink against paper: any picture → how much ink each of its pixels holds.

Light may fall unevenly, paper may be grey, ink may be the lighter of the two. The steps: one grey
value a pixel (``models.digit.grayscale``), the paper's brightness around each place, which side of
it the ink is on, the paper again but more closely, then how far each pixel is from paper to full
ink.

SciPy is imported only for pictures: drawings do not need it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from models.digit import resolution
from models.digit.framing import line_width
from models.digit.grayscale import Grey, grey
from models.digit.tone import light, polarity
from models.digit.tone.otsu import otsu, separability

_COARSE = 48  # the paper's brightness is found on a copy with sides of at most this
_FINE = 144  # parts of a side; grain is smoothed over one part, narrower than lines
_COPY = 400  # pixels a side: distances in a larger picture take seconds
_FLAT = 0.33  # of the way from paper to ink: when most of the paper varies less, light is even
_SAME = 0.1  # of the picture's range: closer values count as one brightness
_OVER_RULING = 1.5  # times as deep as the paper's printed lines: ink
_LEAST_OVER_NOISE = 5.0  # ... and in standard deviations of the paper's grain
_TWO_GROUPS = 0.76  # of the variance lies between ink and paper; in grain alone, less

_FAINT = 0.25  # contrast of a picture that is evened though it is small
_LEAST_EVENED = 0.03  # contrast of its ink, then

LEAST_CONTRAST = 0.06
"""Between ink and paper, where black to white is 1: a picture with less is blank."""


def ink(image: Image.Image) -> Grey:
    """How much ink each pixel holds: (height, width) float32 in [0, 1], 0 paper, 1 full ink.

    Any mode and size; EXIF rotation is applied. A picture of one colour, or of paper alone, gives
    zeros. Raises InputError for a picture without pixels or with more than
    ``grayscale.MAX_PIXELS``.
    """
    return from_grey(grey(image))


def from_grey(picture: Grey) -> Grey:
    """``ink`` for a picture that is grey already: (height, width) in [0, 1]."""
    from scipy import ndimage

    strength = _above_grain(picture)
    if strength.any() or max(picture.shape) <= resolution.TINY:
        return strength
    # Grain that drowns single pixels does not drown a line: over a few of them it averages out.
    side = max(3, max(picture.shape) // _FINE | 1)
    return _above_grain(ndimage.uniform_filter(picture, side, mode="nearest"))


def _above_grain(picture: Grey) -> Grey:
    """The ink that stands out from the paper's grain; zeros where none does."""
    if float(np.ptp(picture)) < LEAST_CONTRAST:
        return np.zeros_like(picture)
    coarse, block = resolution.reduced(picture, _COARSE)
    least = LEAST_CONTRAST
    if is_faint(picture):
        # Lines as pale as this are no darker than the light's slope across a small picture.
        lit = light.surface(picture, 1)
        if lit is not None:
            picture = coarse = picture - lit + np.float32(np.median(lit))
            least = _LEAST_EVENED
    signed = _from_even_paper(picture, coarse, block)
    if signed is None and (lit := light.surface(coarse)) is not None:
        whole = light.evened(picture, resolution.enlarged(lit, block, *picture.shape))
        signed = _from_even_paper(whole, light.evened(coarse, lit), block)
    if signed is None:
        signed = _from_paper_around(picture, coarse, block)
    return _normalise(signed, least)


def is_faint(picture: Grey) -> bool:
    """Whether it is small, and its lines may be no darker than light's slope across it."""
    return max(picture.shape) <= _COARSE and float(np.ptp(picture)) < _FAINT


def _from_even_paper(picture: Grey, coarse: Grey, block: int) -> Grey | None:
    """How far each pixel is from paper that is as bright everywhere; None where it is not."""
    threshold = otsu(picture)
    sign = polarity.by_shares(coarse, threshold)
    # Measured in the copy, where grain, which is not uneven light, has averaged out.
    bare = coarse[(coarse - threshold) * sign <= 0]
    low, even, high = (float(np.percentile(bare, share)) for share in (20, 50, 80))
    depth = abs(float(np.median(picture[(picture - threshold) * sign > 0])) - even)
    is_even = high - low < _FLAT * depth and not _has_dark_side((coarse - threshold) * sign)
    if block == 1 or is_even:  # too small for shadows, or without any
        return resolution.finer((picture - np.float32(even)) * sign)
    return None


def _from_paper_around(picture: Grey, coarse: Grey, block: int) -> Grey:
    """How far each pixel is from the paper around it."""
    around = _local_median(coarse)
    sign = polarity.by_strength(coarse - around)
    rough = _paper((coarse - around) * -sign) * -sign + around
    paper = _between_lines(coarse, rough, sign)
    signed: Grey = (picture - resolution.enlarged(paper, block, *picture.shape)) * sign
    return signed


def _local_median(coarse: Grey) -> Grey:
    """The paper's brightness around each pixel: ink covers less than half of any neighbourhood.

    It follows a shadow's edge, which no smooth surface does.
    """
    from scipy import ndimage

    side = max(3, round(min(coarse.shape) * 0.4)) | 1
    middle: Grey = ndimage.median_filter(coarse, side, mode="nearest")
    return middle


def _paper(dark: Grey) -> Grey:
    """The paper under dark ink: closing removes what is narrower than a fifth of the picture."""
    from scipy import ndimage

    side = max(3, round(min(dark.shape) * 0.3)) | 1
    closed = ndimage.grey_closing(dark, size=(side, side), mode="nearest")
    smooth: Grey = ndimage.uniform_filter(closed, max(1, side // 2) | 1, mode="nearest")
    return smooth


def _between_lines(coarse: Grey, rough: Grey, sign: float) -> Grey:
    """The paper as the mean of the pixels around each that are not ink, judged by ``rough``.

    ``rough`` itself is the brightest of the paper's grain, not its mean.
    """
    from scipy import ndimage

    away = np.maximum((coarse - rough) * sign, 0)
    threshold = otsu(away)
    bare = (away <= threshold).astype(np.float32)
    width = 0.08 * max(coarse.shape)
    # Relative to the rough surface, so that light that falls off is not flattened at the edges.
    total = ndimage.gaussian_filter((coarse - rough) * bare, width, mode="nearest")
    share = ndimage.gaussian_filter(bare, width, mode="nearest")
    paper: Grey = rough + total / np.maximum(share, 1e-3)
    return paper


def _has_dark_side(away: Grey) -> bool:
    """Whether a sixth of the picture along a whole side is above 0: a shadow, or the table.

    The bar of a digit cut close may be such a sixth; but it is as deep as the rest of the ink, and
    is connected to the opposite side.
    """
    rows, columns = (max(1, side // 6) for side in away.shape)
    sides = (away[:rows], away[-rows:], away[:, :columns], away[:, -columns:])
    rests = (away[rows:], away[:-rows], away[:, columns:], away[:, :-columns])
    dark = [float((side > 0).mean()) > 0.9 for side in sides]
    if sum(dark) != 1:
        return any(dark)
    at = dark.index(True)
    if not _spans(away > 0)[at // 2]:
        return True
    bar, rest = (float(np.median(each[each > 0])) for each in (sides[at], rests[at]))
    return abs(bar - rest) > _SAME * float(np.ptp(away))


def _normalise(signed: Grey, least: float) -> Grey:
    """Distance from paper → ink in [0, 1]: the paper's grain to 0, the ink's usual depth to 1."""
    away = np.maximum(signed, 0)
    if float(away.max()) < least:
        return np.zeros_like(away)
    threshold = otsu(away)
    grain = _grain(signed, away <= threshold)
    depth = float(np.median(away[away > threshold]))
    if depth < least:
        return np.zeros_like(away)
    # A digit cut close leaves little paper but its own pale rims, which are not grain.
    if depth < _LEAST_OVER_NOISE * grain and separability(signed) < _TWO_GROUPS:
        return np.zeros_like(away)
    low = min(max(0.12 * depth, 2.5 * grain), threshold)
    if min(away.shape) > _COARSE and any(_spans(away > threshold)):
        low, depth = _above_ruling(away, threshold) or (low, depth)
    result: Grey = np.clip((away - low) / (depth - low), 0, 1)
    return result


def _grain(signed: Grey, bare: NDArray[np.bool_]) -> float:
    """The standard deviation of the grain of ``bare`` paper, which is about normally distributed.

    The larger of two measures: paper as bright or as dark as possible clips the lower half of its
    grain, and with it most of the first measure; the second compares pixels with neighbours.
    """
    from scipy import ndimage

    values = signed[bare]
    away = np.abs(values - np.median(values))
    above = (signed - ndimage.uniform_filter(signed, 3, mode="nearest"))[bare]
    upper = np.percentile(above, 84.1) - np.median(above)
    return max(1.4826 * float(np.median(away)), float(upper))


def _above_ruling(away: Grey, threshold: float) -> tuple[float, float] | None:
    """On ruled or squared paper: where the ink begins above the printed lines, and its depth.

    None where nothing is clearly deeper than the lines, where the deeper part spans the paper too,
    and where most of the paler part lies within a line's width of the deeper.
    """
    darker = otsu(away[away > threshold])
    inked, ruled = away > darker, (away > threshold) & (away <= darker)
    if not inked.any() or not ruled.any():
        return None
    lines, depth = float(np.median(away[ruled])), float(np.median(away[inked]))
    if depth < _OVER_RULING * lines or any(_spans(inked)):
        return None
    # A digit cut close spans its picture as well; its pale parts lie beside its dark ones.
    if _beside(ruled, inked) > 0.5:
        return None
    return lines + 0.3 * (depth - lines), depth


def _beside(pale: NDArray[np.bool_], dark: NDArray[np.bool_]) -> float:
    """The share of ``pale`` within a dark line's width of ``dark``, in a smaller copy."""
    from scipy import ndimage

    pale, dark = (
        resolution.reduced(mask.astype(np.float32), _COPY)[0] > 0 for mask in (pale, dark)
    )
    near = ndimage.distance_transform_edt(~dark) <= line_width(dark)
    return float(near[pale].mean())


def _spans(inked: NDArray[np.bool_]) -> tuple[bool, bool]:
    """Whether something runs through the picture from top to bottom, and from left to right."""
    from scipy import ndimage

    parts, _ = ndimage.label(inked, np.ones((3, 3)))
    down = np.intersect1d(parts[0], parts[-1])
    across = np.intersect1d(parts[:, 0], parts[:, -1])
    return bool(down.any()), bool(across.any())  # 0 is the background
