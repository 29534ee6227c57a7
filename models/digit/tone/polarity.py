"""Which side of a picture's brightness the ink is on: +1 when it is lighter than paper, else -1."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.digit.grayscale import Grey

_DOUBT = 0.15  # from one half: nearer shares do not decide
_MORE_WHOLE = 0.2  # the side whose largest piece has this much more of it is ink


def by_shares(coarse: Grey, threshold: float) -> float:
    """Decide by areas, split by a threshold: most of a picture is paper.

    So is most of its edge, and above all its corners. In doubt, as where a fat digit is cut close,
    ink is the side that hangs together: it cuts the paper into pieces.
    """
    dark = coarse < threshold
    edge = np.concatenate([dark[0], dark[-1], dark[:, 0], dark[:, -1]])
    rows, columns = (max(1, side // 7) for side in dark.shape)
    corners = [dark[:rows, :columns], dark[:rows, -columns:], dark[-rows:, :columns]]
    corners.append(dark[-rows:, -columns:])
    shares = [dark.mean(), edge.mean(), np.mean([corner.mean() for corner in corners])]
    is_dark_paper = float(np.mean(shares)) - 0.5
    # A row of digits is in pieces itself, and wider than high.
    if abs(is_dark_paper) < _DOUBT and dark.shape[1] <= dark.shape[0]:
        more_whole = _whole(~dark) - _whole(dark)
        if abs(more_whole) > _MORE_WHOLE:
            is_dark_paper = more_whole
    return 1.0 if is_dark_paper > 0 else -1.0


def by_strength(away: Grey) -> float:
    """Decide by distances from the paper's brightness: ink is where they are largest.

    Ink seldom lies on the picture's edge.
    """
    edge = np.concatenate([away[0], away[-1], away[:, 0], away[:, -1]])
    inner = away - float(np.median(edge))
    strength = np.abs(inner) ** 2 * np.sign(inner)
    return 1.0 if float(strength.sum()) > 0 else -1.0


def _whole(mask: NDArray[np.bool_]) -> float:
    """The share of the mask that lies in its largest piece."""
    from scipy import ndimage

    parts, _ = ndimage.label(mask, np.ones((3, 3)))
    sizes = np.bincount(parts.reshape(-1))[1:]
    return float(sizes.max(initial=0) / max(1, sizes.sum()))
