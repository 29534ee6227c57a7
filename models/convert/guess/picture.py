"""Whether a model takes a picture, and how one becomes its input."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from models.convert.guess import numbers as files
from models.convert.guess import pixels
from models.convert.guess.layout import taken
from models.convert.guess.numbers import Numbers
from models.errors import ModelError
from models.formats import model_input
from models.formats.architecture.description import Description
from models.formats.labels import Facts
from models.formats.model_input import Fit, Framing, Input
from models.formats.tensors import Tensor
from models.formats.wanted import Wanted

_DIGITS = tuple(map(str, range(10)))


def guess(
    takes: Sequence[Tensor],
    description: Description | None,
    facts: Facts,
    wanted: Wanted,
    *,
    gives: Sequence[Tensor] = (),
    numbers: Numbers = files.unknown,
) -> tuple[Input | None, list[str]]:
    """How a picture becomes what the model ``takes``, None where it takes none, and a sentence for
    each thing that nobody said and no file says, with the option that changes it.

    ``gives`` are its outputs, ``numbers`` those of its file. Raises ModelError where what is wanted
    does not fit the model.
    """
    if wanted.layout == "none":
        return None, []
    if len(takes) != 1:
        _refuse_options(f"has {len(takes)} inputs", wanted)
        return None, []
    found, said = taken(takes[0], description, facts, wanted)
    if found is None:
        _refuse_options(f"takes {_shape(takes[0])}, which is no picture", wanted)
        return None, said
    used, of_pixels = pixels.wanted_range(wanted) or pixels.guess(
        takes[0], found, description, facts, numbers
    )
    scale, offset = pixels.affine(wanted, used, found.channels)
    framing, of_framing = _framing(found, gives, facts, wanted)
    if framing == "mnist":
        fit: Fit = wanted.fit or "stretch"
        of_fit: list[str] = []
    else:
        teachable = pixels.is_of_teachable_machine(description, facts)
        fit, of_fit = _fit(found.size, teachable, wanted)
    dtype = next(each for each in model_input.DTYPES if each == takes[0].dtype)
    made = replace(
        found,
        scale=scale,
        offset=offset,
        order=wanted.order or "rgb",
        fit=fit,
        interpolation=wanted.interpolation or "bilinear",
        framing=framing,
        dtype=dtype,
    )
    of_order = ["Colours are taken as red, green, blue; --order bgr changes it."]
    colours = made.channels > 1 and wanted.order is None
    return _checked(made), [
        *said,
        *of_pixels,
        *(of_order if colours else ()),
        *of_framing,
        *of_fit,
    ]


def sized(takes: Sequence[Tensor], picture: Input | None) -> tuple[Tensor, ...]:
    """The same tensors, with the sizes that were chosen for the picture where they were free."""
    if picture is None or len(takes) != 1 or None not in takes[0].shape:
        return tuple(takes)
    return (replace(takes[0], size=picture.shape),)


def _framing(
    found: Input, gives: Sequence[Tensor], facts: Facts, wanted: Wanted
) -> tuple[Framing, list[str]]:
    if wanted.framing is not None:
        height, width = found.size
        if wanted.framing == "mnist" and (found.channels, found.size) != (1, (28, 28)):
            raise ModelError(
                f"--framing mnist is for pictures of 28×28 in grey; the model takes "
                f"{height}×{width}, {found.channels} channel(s)."
            )
        return wanted.framing, []
    are_ten = bool(gives) and gives[0].shape == (10,)
    beside = facts.classes if len(facts.classes) == 10 else ()  # others are not used
    names = wanted.classes or beside or _DIGITS
    if (found.channels, found.size) != (1, (28, 28)) or not are_ten or names != _DIGITS:
        return "none", []
    return "mnist", [
        "Pictures are framed as MNIST frames digits, as it tells ten classes apart in 28×28 "
        "pixels; --framing none changes it."
    ]


def _fit(size: tuple[int, int], teachable: bool, wanted: Wanted) -> tuple[Fit, list[str]]:
    height, width = size
    if wanted.fit is not None:
        return wanted.fit, []
    if teachable:
        return "cover", [
            f"Of a picture of another shape the middle is taken, {height}×{width}, as Teachable "
            "Machine does; --fit stretch or contain changes it."
        ]
    return "stretch", [
        f"A picture of another size is stretched to {height}×{width}, as Keras's own loader does; "
        "--fit cover or contain and --interpolation change it."
    ]


def _checked(made: Input) -> Input:
    try:
        return model_input.checked(made)
    except ValueError as error:
        raise ModelError(f"The options do not fit the model: {error}.") from error


def _refuse_options(why: str, wanted: Wanted) -> None:
    """Raise ModelError where something is said of the picture of a model that takes none."""
    about = {
        "--range": wanted.range,
        "--mean": wanted.mean,
        "--std": wanted.std,
        "--layout": wanted.layout,
        "--order": wanted.order,
        "--size": wanted.size,
        "--fit": wanted.fit,
        "--interpolation": wanted.interpolation,
        "--framing": wanted.framing,
    }
    if given := next((option for option, value in about.items() if value), None):
        raise ModelError(f"The model {why}, so {given} does not go with it. Leave it out.")


def _shape(tensor: Tensor) -> str:
    return "×".join("?" if each is None else str(each) for each in tensor.shape) or "one number"
