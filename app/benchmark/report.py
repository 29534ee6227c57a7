"""A benchmark's report: what was measured, and what the answers were."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.benchmark.checked import Checked
from models.lanes import Backend, Lane, Times

BATCHES = (1, 8, 32, 128, 512)
QUICK_BATCH = 32
MOST_VALUES = 1 << 21  # of a batch's pictures: a layer's output is many times as large


def batches(size: int) -> tuple[int, ...]:
    """The batch sizes that are measured with pictures of ``size`` values: large ones in small
    batches.
    """
    return tuple(each for each in BATCHES if each == 1 or each * size <= MOST_VALUES)


def quick_batches(size: int) -> tuple[int, ...]:
    """The one batch size of a quick run: it is most of the way to the fastest, in little time."""
    return tuple(each for each in batches(size) if each <= QUICK_BATCH)[-1:]


@dataclass(frozen=True)
class LaneTimes:
    """What one lane cost. ``batches`` maps a batch size to the milliseconds of each of its runs.

    ``turns`` holds how many of the steady times each turn measured, in order, and ``batch_turns``
    the same for each batch size; both are empty if unknown. ``error`` says why a lane could not
    run; times measured before the error are kept. ``checked`` is what its answers were, None where
    nobody looked at them.
    """

    lane: Lane
    times: Times = field(default_factory=Times)
    batches: Mapping[int, tuple[float, ...]] = field(default_factory=dict)
    turns: tuple[int, ...] = ()
    batch_turns: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    error: str | None = None
    checked: Checked | None = None

    @property
    def is_wrong(self) -> bool:
        """Whether any of its answers was wrong: its times are then those of another model."""
        return self.checked is not None and self.checked.wrong > 0


@dataclass(frozen=True)
class Memory:
    """What TensorFlow.js holds: the number of tensors, and their bytes."""

    tensors: int
    bytes: int


@dataclass(frozen=True)
class Report:
    """A whole benchmark. All times are milliseconds and include reading the result back.

    ``script_ms`` is fetching and running TensorFlow.js, None if the tab had it already;
    ``backends`` is what each backend took to start; ``memory`` has an entry for each stage: before
    the models were loaded, once they were, and after all runs. ``environment`` holds short texts:
    browser, GPU, versions. ``quick`` is a run of ten seconds, ``cancelled`` one that a visitor
    ended.
    """

    model: str
    model_version: str
    lanes: tuple[LaneTimes, ...] = ()
    script_ms: float | None = None
    backends: Mapping[Backend, float] = field(default_factory=dict)
    memory: Mapping[str, Memory] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    cancelled: bool = False
    quick: bool = False

    @property
    def partial(self) -> bool:
        """Whether it has fewer rounds than a full run, which must not be contradicted."""
        return self.cancelled or self.quick
