"""Requests of the page's process to TensorFlow's, and the answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from models.lanes import Lane, Pixels, Probabilities, Times
from models.runtimes.activations import Trace

if TYPE_CHECKING:  # the page's process starts without what computes it
    from models.runtimes.references import Reference

BEAT_SECONDS = 1.0


@dataclass(frozen=True, eq=False)
class Request:
    """Predict ``pixels``, pictures (n, *picture) as the model's ``Input`` has them, with ``lane``
    of the model in ``folder``. Without pixels the lane is loaded, and no more.

    The prediction is then repeated to measure the steady time: at most ``repeats`` times, and no
    longer than ``budget_ms``. With ``recent`` the answer does not wait for that: it has the times
    of an earlier digit, if there was one, and new ones are measured when no request waits. With
    ``every`` the answer has those of all these predictions, whatever they are.

    With ``exact`` the lane is the model's reference, and the answer is how far it is from exact.
    """

    number: int
    folder: Path
    lane: Lane
    pixels: Pixels | None
    repeats: int = 0
    budget_ms: float = 0.0
    recent: bool = False
    exact: bool = False
    every: bool = False


@dataclass(frozen=True, eq=False)
class Answer:
    """What the model gives to one request, and its times, or the error in words.

    ``probabilities`` are the first output as it is, (n, outputs): logits of a model of logits, one
    value of a single sigmoid (``model_output.probabilities`` makes them what pages show); None
    where a lane was only to be loaded. ``reference`` answers a request for exact.

    ``every`` and ``blank`` answer a request for every prediction: what each gave, in the order of
    ``times.steady_ms``, and what the first one after loading gave, whose picture is blank.
    """

    number: int
    probabilities: Probabilities | None = None
    times: Times = field(default_factory=Times)
    error: str | None = None
    reference: Reference | None = None
    every: tuple[Probabilities, ...] = ()
    blank: Probabilities | None = None


@dataclass(frozen=True, eq=False)
class Beat:
    """Sent every ``BEAT_SECONDS``, whatever the process computes: it is not stuck."""


@dataclass(frozen=True, eq=False)
class TraceRequest:
    """Run ``pixels`` (n, *picture) through ``lane`` and return each layer's output, of a large one
    at most ``most`` values: see ``models.runtimes.worker.thinning``.
    """

    number: int
    folder: Path
    lane: Lane
    pixels: Pixels
    most: int | None = None


@dataclass(frozen=True, eq=False)
class TraceAnswer:
    """Each layer's output, or the error in words. ``shapes`` are those of the whole outputs."""

    number: int
    trace: Trace | None = None
    error: str | None = None
    shapes: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
