"""What a person says of a model's input and answers, which no guess overrides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from models.formats.model_input import Fit, Framing, Interpolation, Layout, Order
from models.formats.model_output import AnswerKind

Range = tuple[float, float]  # of a pixel, the darkest and the lightest


@dataclass(frozen=True)
class Wanted:
    """``None`` and () stand for what was not said. ``range`` is that of the pixels that the model
    takes; with ``mean`` and ``std``, one number or one for each channel in the model's own order,
    of those from which the mean is taken. The layout "none" is that of a model that takes no
    picture. ``size`` is (height, width) where the model leaves them free, and ``classes`` are
    their names.
    """

    range: Range | None = None
    mean: tuple[float, ...] = ()
    std: tuple[float, ...] = ()
    layout: Layout | Literal["none"] | None = None
    order: Order | None = None
    size: tuple[int, int] | None = None
    fit: Fit | None = None
    interpolation: Interpolation | None = None
    framing: Framing | None = None
    answers: AnswerKind | None = None
    classes: tuple[str, ...] = ()


NOTHING = Wanted()
