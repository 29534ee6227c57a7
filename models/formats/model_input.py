"""How a picture becomes a model's input: shape, layout, range of values, order of colours."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from models.errors import InputError
from models.lanes import Pixels

Layout = Literal["HWC", "CHW", "HW", "flat"]
Order = Literal["rgb", "bgr"]
Fit = Literal["stretch", "cover", "contain"]
Interpolation = Literal["bilinear", "bicubic", "nearest", "area"]
Framing = Literal["mnist", "none"]
Dtype = Literal["float32", "float64", "float16", "uint8", "int32"]
LAYOUTS: tuple[Layout, ...] = get_args(Layout)
ORDERS: tuple[Order, ...] = get_args(Order)
FITS: tuple[Fit, ...] = get_args(Fit)
INTERPOLATIONS: tuple[Interpolation, ...] = get_args(Interpolation)
FRAMINGS: tuple[Framing, ...] = get_args(Framing)
DTYPES: tuple[Dtype, ...] = get_args(Dtype)
CHANNELS = (1, 3, 4)
_MOST_PIXELS = 1 << 24  # of one input


@dataclass(frozen=True)
class Input:
    """What a picture goes through. ``shape`` is the tensor's, without the batch; sizes that the
    model leaves free are chosen. A value v in [0, 1] of channel c becomes ``scale[c] · v +
    offset[c]``; one number holds for all channels. ``order`` is that of colours, ``fit`` and
    ``interpolation`` say how a picture of another size becomes one of this, and ``framing`` whether
    ink is framed as MNIST frames digits. ``dtype`` is the tensor's; whole numbers are rounded.
    ``flattened`` is (height, width, channels) of a flat one, () for a square in grey.
    """

    shape: tuple[int, ...] = (28, 28, 1)
    scale: tuple[float, ...] = (1.0,)
    offset: tuple[float, ...] = (0.0,)
    layout: Layout = "HWC"
    order: Order = "rgb"
    fit: Fit = "stretch"
    interpolation: Interpolation = "bilinear"
    framing: Framing = "mnist"
    dtype: Dtype = "float32"
    flattened: tuple[int, ...] = ()

    @property
    def channels(self) -> int:
        """1 for grey, 3 for colours, 4 with transparency."""
        if self.flattened:
            return self.flattened[2]
        return {"HWC": self.shape[-1], "CHW": self.shape[0]}.get(self.layout, 1)

    @property
    def size(self) -> tuple[int, int]:
        """Height and width."""
        if self.flattened:
            return self.flattened[0], self.flattened[1]
        if self.layout == "flat":
            return math.isqrt(self.shape[0]), math.isqrt(self.shape[0])
        at = 1 if self.layout == "CHW" else 0
        return self.shape[at], self.shape[at + 1]

    @property
    def picture(self) -> tuple[int, ...]:
        """The shape of a picture: (height, width), or (height, width, channels) in colour."""
        return self.size if self.channels == 1 else (*self.size, self.channels)

    @property
    def is_digit(self) -> bool:
        """Whether it takes digits as MNIST has them: 28×28, grey, framed."""
        return self.picture == (28, 28) and self.framing == "mnist"

    def tensor(self, pictures: Pixels) -> NDArray[Any]:
        """Pictures (n, *picture) in [0, 1] → what the model takes, (n, *shape) of its dtype.

        Every lane computes the same float32 from them, and converts that. Raises InputError for
        other pictures.
        """
        given = np.asarray(pictures, np.float32)
        if given.ndim < 2 or given[:1].size != len(given[:1]) * math.prod(self.picture):
            raise InputError(
                f"Pixels of shape {given.shape} were given. Expected (n, "
                f"{', '.join(map(str, self.picture))})."
            )
        values = given.reshape(-1, *self.size, self.channels)
        if self.order == "bgr":
            values = np.concatenate([values[..., 2::-1], values[..., 3:]], axis=-1)
        if set(self.scale) != {1.0}:
            values = values * np.array(self.scale, np.float32)
        if set(self.offset) != {0.0}:
            values = values + np.array(self.offset, np.float32)
        if self.layout == "CHW":
            values = values.transpose(0, 3, 1, 2)
        return self._of_dtype(np.ascontiguousarray(values.reshape(-1, *self.shape)))

    def _of_dtype(self, values: NDArray[np.float32]) -> NDArray[Any]:
        if self.dtype in ("uint8", "int32"):  # 29 / 255 · 255 is 28.999998, which would be cut off
            within = np.iinfo(self.dtype)
            values = np.clip(np.rint(values), within.min, within.max)
        return values.astype(self.dtype, copy=False)

    def stored(self) -> dict[str, Any]:
        """As a manifest stores it: shape and scale, and what is not as for most models."""
        usual = asdict(DIGITS)
        mine = {key: _number(value) for key, value in asdict(self).items()}
        return {k: v for k, v in mine.items() if k in ("shape", "scale") or v != _number(usual[k])}


DIGITS = Input()


def parse(stored: Mapping[str, Any]) -> Input:
    """What ``stored`` wrote. Raises ValueError, KeyError or TypeError."""
    found = Input(
        tuple(map(int, stored["shape"])),
        _numbers(stored["scale"]),
        _numbers(stored.get("offset", 0.0)),
        *(_one_of(stored, name, allowed) for name, allowed in _CHOICES),
    )
    return checked(replace(found, flattened=tuple(map(int, stored.get("flattened", ())))))


def checked(found: Input) -> Input:
    """The same. Raises ValueError, in words, where it does not fit together."""
    shape, dimensions = found.shape, {"HWC": 3, "CHW": 3, "HW": 2, "flat": 1}[found.layout]
    if len(shape) != dimensions or min(shape) < 1 or math.prod(shape) > _MOST_PIXELS:
        raise ValueError(f"an input of the shape {shape}, as {found.layout}")
    sides = found.flattened
    if sides and (len(sides) != 3 or min(sides) < 1 or found.layout != "flat"):
        raise ValueError(f"an input of {sides} sides, as {found.layout}")
    if found.channels not in CHANNELS or math.prod(found.picture) != math.prod(shape):
        raise ValueError(f"an input of the shape {shape} is no picture of 1, 3 or 4 channels")
    if (
        not all(0 < abs(each) < math.inf for each in found.scale)
        or not np.isfinite(found.offset).all()
    ):
        raise ValueError(f"an input times {found.scale} plus {found.offset}")
    if {len(found.scale), len(found.offset)} - {1, found.channels}:
        raise ValueError(f"{found.channels} channels, times {found.scale} plus {found.offset}")
    if found.framing == "mnist" and found.channels != 1:
        raise ValueError("a picture in colour is not framed as MNIST frames digits")
    return found


_CHOICES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("layout", LAYOUTS),
    ("order", ORDERS),
    ("fit", FITS),
    ("interpolation", INTERPOLATIONS),
    ("framing", FRAMINGS),
    ("dtype", DTYPES),
)


def _one_of(stored: Mapping[str, Any], name: str, allowed: tuple[str, ...]) -> Any:
    value = stored.get(name, getattr(DIGITS, name))
    if value not in allowed:
        raise ValueError(f"{name} {value!r}")
    return value


def _number(value: Any) -> Any:
    """One number in place of a tuple of one, as manifests of older versions have it."""
    is_single = isinstance(value, tuple) and len(value) == 1 and isinstance(value[0], float)
    return value[0] if is_single else value


def _numbers(value: Any) -> tuple[float, ...]:
    return tuple(map(float, value)) if isinstance(value, list) else (float(value),)
