"""Any picture → one grey value a pixel: its brightness, or the colours' main difference."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageOps

from models.errors import InputError

Grey = NDArray[np.float32]

MAX_PIXELS = 50_000_000
_ROWS = 256


def grey(image: Image.Image) -> Grey:
    """(height, width) float32 in [0, 1]: brightness, or the direction in which the colours differ.

    Transparent parts become paper: as grey as the opaque part where most is opaque, else black or
    white, whichever is further from the opaque part. Raises InputError for a picture without pixels
    or with more than ``MAX_PIXELS``.
    """
    if not 0 < image.width * image.height <= MAX_PIXELS:
        raise InputError(
            f"The picture has {image.width} × {image.height} pixels. "
            f"Expected at least one and at most {MAX_PIXELS:,} in all."
        )
    if image.getexif().get(ExifTags.Base.Orientation, 1) != 1:
        image = ImageOps.exif_transpose(image)
    if image.mode.startswith(("I", "F")):
        return deep(np.asarray(image, np.float32))
    if image.mode in ("1", "L"):
        levels = np.asarray(image.convert("L"))
        # A mask of 0 and 1 is black and white.
        return levels.astype(np.float32) if levels.max() == 1 else _shares(levels)
    transparent = image.has_transparency_data
    colours = np.asarray(image.convert("RGBA" if transparent else "RGB"))
    filled = _one_channel(colours)
    if not transparent:
        return filled
    alpha = _shares(colours[..., 3])
    visible = alpha > 0.5
    if not visible.any():
        return np.zeros_like(alpha)
    under = float(np.median(filled[visible]))
    if visible.mean() < 0.7:  # the ink itself is what is opaque
        under = float(under < 0.5)
    filled *= alpha
    filled += under * (1 - alpha)
    return filled


def _shares(levels: NDArray[np.uint8]) -> Grey:
    """Levels of 0 to 255 as shares of 255."""
    shares = levels.astype(np.float32)
    shares /= 255
    return shares


def deep(values: Grey) -> Grey:
    """Shares of white in 16-bit, 32-bit and floating-point pictures, whose range is guessed from
    the largest value.
    """
    values = np.nan_to_num(values, posinf=0, neginf=0)
    top = float(values.max())
    scale = next((limit for limit in (1.0, 255.0, 65535.0) if top <= limit), max(top, 1.0))
    clipped: Grey = np.clip(values / scale, 0, 1).astype(np.float32)
    return clipped


def _one_channel(colours: NDArray[np.uint8]) -> Grey:
    """(height, width, 3 or 4) → (height, width): along the line on which the colours differ most.

    For black on white that is brightness; red on green or yellow on white differ along others.
    """
    height, width = colours.shape[:2]
    step = max(1, min(height, width) // 64)
    axis, low, spread = _axis(_shares(colours[::step, ::step])[..., :3].reshape(-1, 3))
    result = np.empty((height, width), np.float32)
    # Some rows at a time: as floats, all colours would take 16 bytes a pixel.
    for top in range(0, height, _ROWS):
        result[top : top + _ROWS] = _shares(colours[top : top + _ROWS])[..., :3] @ axis
    result -= low
    result /= spread
    return result


def _axis(sample: Grey) -> tuple[NDArray[np.float32], float, float]:
    """The direction in which colours (n, 3) differ; what black gives on it; the way to white."""
    luma = np.array([0.299, 0.587, 0.114], np.float32)
    if np.ptp(sample, axis=1).max() < 0.05:
        return luma, 0.0, 1.0
    _, axes = np.linalg.eigh(np.cov(sample.T) + np.outer(luma, luma) * 1e-6)
    axis = axes[:, -1] * np.sign(axes[:, -1] @ luma or 1)
    low, spread = float(np.minimum(axis, 0).sum()), float(np.abs(axis).sum())
    return axis.astype(np.float32), low, spread
