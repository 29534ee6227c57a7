"""The types that the whole project shares: a lane, its answer and its times."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

Format = Literal["keras", "graph", "layers"]
Backend = Literal["cpu", "wasm", "webgl", "webgpu"]
Weights = Literal["float32", "float16", "uint8"]
Pixels = NDArray[np.float32]
Probabilities = NDArray[np.float32]

FORMATS: tuple[Format, ...] = get_args(Format)
CONVERTED: tuple[Format, Format] = ("graph", "layers")  # what TensorFlow.js runs
BACKENDS: tuple[Backend, ...] = get_args(Backend)
WEIGHTS: tuple[Weights, ...] = get_args(Weights)
TENSORFLOW = "tensorflow"
KERAS3 = "keras3"
LITERT = "litert"
# What a page on a phone computes on, as a backend of a browser that is set so: ``tfjs/webgl+f16``.
SETTINGS: Mapping[str, Backend] = {
    "f16": "webgl",  # 16 bits a value in textures, where a graphics chip has no more
    "unpacked": "webgl",  # one value a texel, where it cannot have four
    "1thread": "wasm",  # as in a page that is not cross-origin isolated
    "4threads": "wasm",
}
TFJS_RUNTIMES = (
    *(f"tfjs/{backend}" for backend in BACKENDS),
    *(f"tfjs/{backend}+{setting}" for setting, backend in SETTINGS.items()),
)


@dataclass(frozen=True, order=True)
class Lane:
    """One format on one runtime: ``graph @ tfjs/wasm``.

    ``runtime`` is ``tensorflow``, ``keras3`` for an original that Keras 3 saved,
    ``tfjs/BACKEND``, perhaps with a setting (``tfjs/webgl+f16``), or ``litert`` for the yardstick;
    ``weights`` is how the weights are stored.
    """

    format: Format
    runtime: str
    weights: Weights = "float32"

    def __str__(self) -> str:
        stored = "" if self.weights == "float32" else f" {self.weights}"
        return f"{self.format}{stored} @ {self.runtime}"

    @property
    def in_browser(self) -> bool:
        """Whether TensorFlow.js executes this lane."""
        return self.runtime.startswith("tfjs/")

    @property
    def backend(self) -> str:
        """The backend of TensorFlow.js, however it is set."""
        return self.runtime.removeprefix("tfjs/").partition("+")[0]

    @property
    def setting(self) -> str:
        """How the backend is set; empty where it is as TensorFlow.js sets it itself."""
        return self.runtime.partition("+")[2]

    @classmethod
    def parse(cls, text: str) -> Lane:
        """Read back what ``str(lane)`` wrote. Raises ValueError on anything else."""
        stored, at, runtime = text.partition(" @ ")
        name, _, weights = stored.partition(" ")
        known_runtime = runtime in TFJS_RUNTIMES or runtime in (TENSORFLOW, KERAS3, LITERT)
        known = next((each for each in WEIGHTS if each == (weights or "float32")), None)
        if not at or name not in FORMATS or known is None or not known_runtime:
            raise ValueError(f"{text!r} is not a lane. Expected, for example, 'graph @ tfjs/wasm'.")
        return cls(name, runtime, known)


# What a lane's error says where its answer is none: NaN differs from any answer.
NOT_NUMBERS = "values that are no numbers (NaN or infinite)"


def gives_nan(error: str | None) -> bool:
    """Whether this is the error of a lane that answered, but not with numbers."""
    return error is not None and NOT_NUMBERS in error


# The reference of most models, and of the one that ships; ``Manifest.reference`` is that of any.
REFERENCE = Lane("keras", TENSORFLOW)
SERVER_LANES = tuple(Lane(name, TENSORFLOW) for name in FORMATS)
# How fast the server's processor can run the same model; no conversion is judged by it.
YARDSTICK = Lane("keras", LITERT)


# What pages call a lane: its format, and where it runs.


def where(lane: Lane) -> str:
    """Where a lane runs: "in your browser", "on the server"."""
    return "in your browser" if lane.in_browser else "on the server"


def page_name(lane: Lane, reference: Lane) -> str:
    """A lane in a table: "Keras, the original", "graph, in your browser"."""
    if lane.format == "keras":
        return f"Keras, {'the original' if lane == reference else where(lane)}"
    return f"{_stored(lane)}, {where(lane)}"


def spoken(lanes: Iterable[Lane], reference: Lane) -> str:
    """Lanes in a sentence: "the original, and the graph and layers models in your browser"."""
    places: dict[str, list[str]] = {}
    found = []
    for lane in dict.fromkeys(lanes):
        if lane == reference and lane.format == "keras":
            found.append("the original")
        else:
            stored = "Keras" if lane.format == "keras" else _stored(lane)
            places.setdefault(where(lane), []).append(stored)
    by_models: dict[str, list[str]] = {}
    for place, stored_forms in places.items():
        plural = "s" if len(stored_forms) > 1 else ""
        models = f"the {' and '.join(stored_forms)} model{plural}"
        by_models.setdefault(models, []).append(place)
    found += [f"{models} {' and '.join(where)}" for models, where in by_models.items()]
    return (", and " if any(" and " in each for each in found) else " and ").join(found)


def _stored(lane: Lane) -> str:
    return lane.format if lane.weights == "float32" else f"{lane.format} {lane.weights}"


@dataclass(frozen=True)
class Times:
    """A lane's times in milliseconds; ``None`` or empty where not measured.

    ``load_ms`` is reading the files and building the model; ``first_ms`` the first prediction after
    that; ``steady_ms`` single predictions after a warm-up. Each includes reading the result back.
    """

    load_ms: float | None = None
    first_ms: float | None = None
    steady_ms: Sequence[float] = ()


@dataclass(frozen=True, eq=False)
class LaneResult:
    """One lane's answer for one digit, or why it has none.

    ``probabilities`` has shape (classes,), float32, and is None exactly when ``error`` is set.
    ``answers`` is what the model gave, where that is not the probabilities: logits, or one sigmoid.
    """

    lane: Lane
    digit_id: str
    probabilities: Probabilities | None = None
    times: Times = field(default_factory=Times)
    error: str | None = None
    answers: NDArray[np.float32] | None = None

    @property
    def judged(self) -> NDArray[np.float32] | None:
        """What is compared with other lanes: the model's own answers."""
        return self.probabilities if self.answers is None else self.answers

    @property
    def top(self) -> int | None:
        """The class with the highest probability."""
        return None if self.probabilities is None else int(np.argmax(self.probabilities))

    @property
    def confidence(self) -> float | None:
        """The highest probability."""
        return None if self.probabilities is None else float(np.max(self.probabilities))
