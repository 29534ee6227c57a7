"""On which scale a model takes its pixels: what its file tells of that, or what most take."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from models.convert.guess import first_step
from models.convert.guess.first_step import Step
from models.convert.guess.numbers import Numbers
from models.errors import ModelError
from models.formats.architecture.description import Description, Layer
from models.formats.labels import Facts
from models.formats.model_input import Input
from models.formats.tensors import Tensor
from models.formats.wanted import Range, Wanted

UNIT, GREY, SIGNED = (0.0, 1.0), (0.0, 255.0), (-1.0, 1.0)
_FAR = 16.0  # a mean, or a deviation, of values from 0 to 255; of other ranges both are below 1
_BEYOND = 1.5  # a mean beyond this is of no range of these
_SMALL = 0.02  # a mean this near to 0 tells no range from another
_PHOTO = 96  # pixels of a side; MobileNets are trained on more


def guess(
    tensor: Tensor,
    found: Input,
    description: Description | None,
    facts: Facts,
    numbers: Numbers,
) -> tuple[Range, list[str]]:
    """The range of the pixels of the picture ``found`` that ``tensor`` takes, and a sentence that
    says why.
    """
    step = None if description is None else first_step.find(description, numbers)
    told = None if step is None else _told(step)
    if tensor.dtype in ("uint8", "int32"):
        return _because(GREY, "the model takes whole numbers")
    if told is not None and step is not None:
        return _because(told, f"the model scales them by itself ({step.what})")
    if is_of_teachable_machine(description, facts):
        return _because(SIGNED, "Teachable Machine trains on these")
    if step is not None and step.factor is not None and _is_beyond(step):
        return _because(UNIT, f"{step.what} fits no usual range: the model's own may be another")
    if found.channels > 1 and min(found.size) >= _PHOTO and _has_relu6(description):
        return _because(SIGNED, "MobileNets take these, whose ReLU6 layers the model has")
    return _because(UNIT, "nothing in the file says otherwise")


def affine(
    wanted: Wanted, taken: Range, channels: int
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """``Input.scale`` and ``Input.offset`` for pixels in this range, less a mean and divided by a
    standard deviation where a person says so. Raises ModelError for another number of these than
    there are channels.
    """
    for option, values in (("--mean", wanted.mean), ("--std", wanted.std)):
        if len(values) not in (0, 1, channels):
            raise ModelError(
                f"{option} has {len(values)} numbers, where a picture has {channels} "
                f"channel{'' if channels == 1 else 's'}. Give one number, or one for each."
            )
    low, high = taken
    count = max(len(wanted.mean), len(wanted.std), 1)
    mean, std = (
        values * (count // len(values)) for values in (wanted.mean or (0.0,), wanted.std or (1.0,))
    )
    scale = tuple((high - low) / deviation for deviation in std)
    offset = tuple((low - middle) / deviation for middle, deviation in zip(mean, std, strict=True))
    return scale, offset


def wanted_range(wanted: Wanted) -> tuple[Range, list[str]] | None:
    """The range that a person gives, or that a given mean and deviation are of."""
    if wanted.range is not None:
        return wanted.range, []
    if not (wanted.mean or wanted.std):
        return None
    grey = max(map(abs, (*wanted.mean, *wanted.std))) > _BEYOND
    taken, other = (GREY, UNIT) if grey else (UNIT, GREY)
    return taken, [
        f"The mean and deviation are taken to be of pixels from {shown(taken)}, as the numbers "
        f"are {'large' if grey else 'small'}; {option(other)} changes it."
    ]


def is_of_teachable_machine(description: Description | None, facts: Facts) -> bool:
    """Whether the file beside it or the layers are Teachable Machine's: two Sequentials in one, the
    first around a MobileNet, the second a head that ends without a bias.
    """
    if facts.teachable or description is None or description.format == "graph":
        return facts.teachable
    top = [each for each in description.layers if not each.inside and each.kind != "InputLayer"]
    last = next(_dense_from_the_end(description), None)
    return (
        [each.kind for each in top] == ["Sequential", "Sequential"]
        and last is not None
        and last.config.get("use_bias") is False
        and _has_relu6(description)
    )


def shown(taken: Range) -> str:
    """As a sentence has it."""
    return f"{taken[0]:g} to {taken[1]:g}".replace("-", "−")  # a minus


def option(taken: Range) -> str:
    """As the command line has it."""
    return f"--range {taken[0]:g}..{taken[1]:g}"


def _because(taken: Range, why: str) -> tuple[Range, list[str]]:
    others = " or ".join(option(each) for each in (UNIT, GREY, SIGNED) if each != taken)
    return taken, [f"Pixels are taken from {shown(taken)}, as {why}; {others} changes it."]


def _told(step: Step) -> Range | None:
    """The range of v for which ``factor`` · v + ``offset`` is about as large as networks like it,
    which is between −1 and 1, or around 0 with a deviation of 1.
    """
    if step.factor is None or step.offset is None:
        return None
    factor = float(np.exp(np.log(np.abs(step.factor)).mean()))
    middle = float((-step.offset / step.factor).mean())  # what becomes 0
    if factor <= 1 / _FAR or abs(middle) >= _FAR:
        return GREY
    if abs(middle) > _BEYOND:
        return None
    if middle < -_SMALL:
        return SIGNED
    return UNIT if middle > _SMALL or factor >= 2 else None


def _is_beyond(step: Step) -> bool:
    """Whether the step tells a range, but none of those."""
    if step.factor is None or step.offset is None:
        return False
    return bool(np.abs(step.offset / step.factor).mean() > _BEYOND)


def _has_relu6(description: Description | None) -> bool:
    if description is None:
        return False
    if description.format == "graph":
        return any(
            each.kind == "Relu6" or "Relu6" in (each.settings.get("fused_ops") or ())
            for each in description.operations
        )
    return any(_caps_at_6(each) for each in description.layers)


def _caps_at_6(layer: Layer) -> bool:
    activation = layer.config.get("activation")
    named = activation.get("config") if isinstance(activation, dict) else activation
    return layer.config.get("max_value") == 6 or "relu6" in (named, layer.kind.lower())


def _dense_from_the_end(description: Description) -> Iterator[Layer]:
    return (each for each in reversed(description.layers) if each.kind == "Dense")
