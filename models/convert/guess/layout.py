"""Which shapes are pictures, and which of their sizes are height, width and channels."""

from __future__ import annotations

from models.convert.guess import first_step, flat
from models.errors import ModelError
from models.formats.architecture.description import Description
from models.formats.labels import Facts
from models.formats.model_input import CHANNELS, DTYPES, Input, Layout
from models.formats.tensors import Tensor
from models.formats.wanted import Wanted

_LEAST_SIDE = 8
_LONGEST_GREY, _LONGEST = 2, 4  # times as long as the other side: beyond, it is a spectrogram
_USUAL_GREY, _USUAL = 28, 224
_RANKS: dict[Layout, int] = {"flat": 1, "HW": 2, "HWC": 3, "CHW": 3}
# Layers that go along the first axis, and what a graph has of them.
_ALONG = ("LSTM", "GRU", "RNN", "Conv1D", "Bidirectional", "TimeDistributed", "Attention")
_LOOPS = frozenset({"While", "StatelessWhile", "LoopCond", "TensorListFromTensor"})
_LOOKS_UP = frozenset({"Embedding", "Gather", "GatherV2", "ResourceGather"})


def taken(
    tensor: Tensor, description: Description | None, facts: Facts, wanted: Wanted
) -> tuple[Input | None, list[str]]:
    """The shape and layout of the picture that ``tensor`` takes, without free sizes and with all
    else as it usually is, None where it takes none; and what was guessed of that. Raises ModelError
    where the layout or the size that is wanted is not the model's.
    """
    if len(tensor.shape) == 1:
        return _of_row(tensor, description, facts, wanted)
    layout, said = _layout(tensor, description, wanted)
    if layout is None:
        return None, said
    shape, of_size = _sized(tensor, layout, facts, wanted)
    found = Input(shape, layout=layout, framing="none")
    if wanted.size is not None and found.size != wanted.size:
        own = f"{found.size[0]}x{found.size[1]}"
        raise ModelError(
            f"--size {wanted.size[0]}x{wanted.size[1]} does not fit: the model takes pictures of "
            f"{own}, and no others. Leave it out."
        )
    return found, said + of_size


def _of_row(
    tensor: Tensor, description: Description | None, facts: Facts, wanted: Wanted
) -> tuple[Input | None, list[str]]:
    (length,) = tensor.shape
    is_said = _said(tensor, wanted) is not None
    if not is_said and not _may_be(tensor, description):
        return None, []
    if length is None:
        if is_said:
            raise _left_open(tensor.shape, "flat")
        return None, []
    sides, said = (
        (flat.wanted(length, wanted), [])
        if is_said or wanted.size is not None
        else flat.guess(length, facts)
    )
    if sides is None:
        return None, said
    is_usual = sides == (sides[0], sides[0], 1)
    flattened = () if is_usual else sides
    return Input((length,), layout="flat", framing="none", flattened=flattened), said


def _layout(
    tensor: Tensor, description: Description | None, wanted: Wanted
) -> tuple[Layout | None, list[str]]:
    shape = tensor.shape
    if (layout := _said(tensor, wanted)) is not None:
        return layout, []
    if not _may_be(tensor, description):
        return None, []
    if len(shape) == 2:
        return _of_rows(shape, description)
    return _of_channels(shape) if len(shape) == 3 else (None, [])


def _said(tensor: Tensor, wanted: Wanted) -> Layout | None:
    """The layout that a person says. Raises ModelError where it cannot be the tensor's."""
    if wanted.layout is None or wanted.layout == "none":
        return None
    if len(tensor.shape) != _RANKS[wanted.layout]:
        raise ModelError(
            f"--layout {wanted.layout} is for {_RANKS[wanted.layout]} sizes; the model takes "
            f"{_words(tensor.shape)}."
        )
    if tensor.dtype not in DTYPES:
        raise ModelError(f"--layout is for pictures; the model takes {tensor.dtype}.")
    return wanted.layout


def _may_be(tensor: Tensor, description: Description | None) -> bool:
    """Whether its numbers may be pixels, and not words, or what a table lists."""
    first = None if description is None else first_step.first(description)
    looks_up = first is not None and first.kind in _LOOKS_UP
    is_listed = tensor.dtype == "int32" and len(tensor.shape) < 3
    return tensor.dtype in DTYPES and not looks_up and not is_listed


def _of_rows(
    shape: tuple[int | None, ...], description: Description | None
) -> tuple[Layout | None, list[str]]:
    height, width = shape
    if height is None or width is None or min(height, width) < _LEAST_SIDE:
        return None, []
    words = f"{height} rows of {width} values"
    along = description is not None and _goes_along(description)
    if max(height, width) > _LONGEST_GREY * min(height, width) or (
        along and shape != (_USUAL_GREY, _USUAL_GREY)  # MNIST's rows, one after another
    ):
        why = "a layer goes through them one by one" if along else "they are far from a square"
        return None, [
            f"{words} are taken for a sequence and no picture, as {why}; --layout HW changes it."
        ]
    return "HW", [f"{words} are taken for a grey picture; --layout none changes it."]


def _of_channels(shape: tuple[int | None, ...]) -> tuple[Layout | None, list[str]]:
    first, last = shape[0], shape[-1]
    layout: Layout | None = (
        "HWC" if last in CHANNELS else "CHW" if first in CHANNELS and len(shape) == 3 else None
    )
    if layout is None:
        return None, []
    sides = shape[:2] if layout == "HWC" else shape[1:]
    known = [each for each in sides if each is not None]
    if min(known, default=_LEAST_SIDE) < _LEAST_SIDE:
        return None, []
    if len(known) == 2 and max(known) > _LONGEST * min(known):
        return None, [
            f"{_words(shape)} values are taken for no picture, as one side is more than {_LONGEST} "
            f"times as long as the other; --layout {layout} changes it."
        ]
    if layout == "HWC":
        return layout, []
    return layout, [
        f"{_words(shape)} values are taken for a picture with its channels first; --layout HWC or "
        "none changes it."
    ]


def _goes_along(description: Description) -> bool:
    if description.format == "graph":
        return any(each.kind in _LOOPS for each in description.operations)
    first = first_step.first(description)
    return first is not None and any(part in first.kind for part in _ALONG)


def _sized(
    tensor: Tensor, layout: Layout, facts: Facts, wanted: Wanted
) -> tuple[tuple[int, ...], list[str]]:
    """The shape with a size for each that is free."""
    shape = tensor.shape
    if None not in shape:
        return tensor.whole, []
    channels = {"HWC": shape[-1], "CHW": shape[0]}.get(layout, 1)
    if channels is None:
        raise _left_open(shape, layout)
    at = 1 if layout == "CHW" else 0
    usual = _USUAL_GREY if channels == 1 else _USUAL
    chosen = wanted.size or facts.size or (usual, usual)
    sides = [own or size for own, size in zip(shape[at : at + 2], chosen, strict=True)]
    whole = {"HW": (*sides,), "HWC": (*sides, channels), "CHW": (channels, *sides)}[layout]
    if wanted.size is not None:
        return whole, []
    why = "as the file beside it says" if facts.size else "as most of its kind take"
    return whole, [
        f"The model takes pictures of any size; {sides[0]}×{sides[1]} was chosen, {why}; --size "
        "HEIGHTxWIDTH changes it."
    ]


def _left_open(shape: tuple[int | None, ...], layout: Layout) -> ModelError:
    return ModelError(
        f"The model takes {_words(shape)}, which leaves open how many channels or pixels a "
        f"picture has as {layout}. Save it with that size fixed."
    )


def _words(shape: tuple[int | None, ...]) -> str:
    return "×".join("?" if each is None else str(each) for each in shape)
