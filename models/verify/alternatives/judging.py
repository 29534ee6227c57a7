"""Judges the alternatives as every lane is judged: no farther from exact than rounding explains."""

from __future__ import annotations

import logging
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.dataset.samples import Samples
from models.errors import ModelError
from models.formats import manifest as manifests
from models.formats import safety
from models.formats.manifest import Manifest
from models.formats.tensors import Tensors
from models.lanes import Lane, Times
from models.parity import judgement
from models.parity.figures import share
from models.parity.judgement import Judgement
from models.runtimes import references
from models.runtimes.browser import conversion
from models.runtimes.browser.answers import BrowserRun
from models.runtimes.browser.program import Program
from models.runtimes.references import Reference
from models.storage import plain_files
from models.verify.alternatives import running
from models.verify.alternatives.running import BESIDE, RUNTIMES, Size

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Measured:
    """A lane's judgement, its times and what a page loads for it. ``software`` says that WebGPU was
    drawn by the processor: such a lane has no times, which would say nothing of a graphics card.
    """

    judgement: Judgement
    times: Times = field(default_factory=Times)
    size: Size = field(default_factory=Size)
    software: bool = False

    @property
    def lane(self) -> Lane:
        """The lane that was measured."""
        return self.judgement.lane

    @property
    def steady_ms(self) -> float | None:
        """The median of the timed predictions; None without any."""
        times = self.times.steady_ms
        return float(np.median(times)) if len(times) else None


@dataclass(frozen=True, eq=False)
class Alternatives:
    """Every lane of a model, measured beside each other on ``images`` inputs."""

    manifest: Manifest
    images: int
    reference: Reference
    measured: tuple[Measured, ...]

    @property
    def exit_code(self) -> int:
        """1 where a lane differs, else 0 where an alternative passed, else 2."""
        kinds = [each.judgement.kind for each in self.measured]
        if "differs" in kinds:
            return 1
        others = [each for each in self.measured if not each.lane.in_browser]
        return 0 if any(each.judgement.kind == "passed" for each in others) else 2


def measure(
    folder: Path,
    samples: Samples,
    out: Path,
    program: Program,
    runtimes: Sequence[str],
    *,
    rounds: int = 1,
) -> Alternatives:
    """Convert the original in ``folder`` into ``out``, and ask TensorFlow.js and every alternative
    of ``runtimes`` for answers to the same inputs, ``rounds`` times in turns. A lane that cannot
    run, or that has no times, is not asked again.

    Raises ModelError when a file may not be loaded or the reference cannot answer.
    """
    manifest = manifests.read(folder)
    safety.check_model(folder, manifest)
    count = min(running.INPUTS, len(samples))
    at = np.unique(np.linspace(0, len(samples) - 1, count).astype(np.int64))
    samples = samples.take(at)
    reference = references.find(manifest, folder, samples)
    wanted = {RUNTIMES[each][0] for each in runtimes}
    kinds = [kind for kind in conversion.KINDS if kind in wanted]
    made = {each.kind: each for each in conversion.convert(manifest, folder, out, kinds)}
    asked = _Asked(folder, samples.tensors(), reference, program)
    backends = {running.backend(Lane("keras", each)) for each in runtimes}
    lanes: list[tuple[Lane, Path | None]] = [
        (lane, None)
        for lane in BESIDE
        if lane.format in manifest.lanes and running.backend(lane) in backends
    ]
    lanes += [(Lane("keras", each), made[RUNTIMES[each][0]].path) for each in runtimes]
    found: dict[Lane, list[Measured]] = {lane: [] for lane, _ in lanes}
    for _ in range(rounds):
        for lane, path in lanes:
            if found[lane] and found[lane][-1].steady_ms is None:
                continue
            if lane.in_browser or path is not None:
                found[lane].append(asked.measured(lane, path))
            else:
                reason = made[RUNTIMES[lane.runtime][0]].reason or ""
                found[lane].append(Measured(judgement.cannot_run(lane, reason)))
    measured = tuple(map(_together, found.values()))
    return Alternatives(manifest, len(samples), reference, measured)


@dataclass(frozen=True, eq=False)
class _Asked:
    """What every lane is given, and what it is judged by."""

    folder: Path
    given: Tensors
    reference: Reference
    program: Program

    def measured(self, lane: Lane, model: Path | None) -> Measured:
        """A lane's answers in a browser, judged; ``model`` is an alternative's file."""
        _LOG.info("%s: in %s", lane, self.program.name)
        count = running.ON_CARD if running.backend(lane) == "webgpu" else running.INPUTS
        tensors = tuple(each[:count] for each in self.given)
        found = running.run(self.folder, lane, model, tensors, self.program)
        return measured(self.reference, found.answered, found.size)


def _together(rounds: Sequence[Measured]) -> Measured:
    """A lane as it was in its worst round, with the times of all."""
    worst = max(rounds, key=_badness)
    times = [each for one in rounds for each in one.times.steady_ms]
    return replace(worst, times=replace(worst.times, steady_ms=tuple(times)))


def _badness(each: Measured) -> tuple[bool, bool, float]:
    found = each.judgement
    far = math.inf if found.distance is None else found.distance
    return found.kind == "differs", found.kind != "passed", math.inf if math.isnan(far) else far


def measured(reference: Reference, run: BrowserRun, size: Size) -> Measured:
    """What a lane answered, judged; without times where the processor drew what a card should."""
    times = Times() if run.software else run.times
    return Measured(judged(reference, run), times, size, run.software)


def judged(reference: Reference, run: BrowserRun) -> Judgement:
    """Judge all that a lane answered: its first predictions, one by one, some inputs in one batch,
    and then all inputs, the first of the reference's.
    """
    lane = run.lane
    if run.error is not None:
        return judgement.cannot_run(lane, plain_files.line(ModelError(run.error)))
    parts = [(each.outputs, np.array([each.input])) for each in run.singles]
    batches = [each for each in (run.together, run.outputs) if each]
    parts += [(each, np.arange(len(each[0]))) for each in batches]
    at = np.concatenate([places for _, places in parts])
    outputs = tuple(
        np.concatenate(each) for each in zip(*(given for given, _ in parts), strict=True)
    )
    found = reference.judged(lane, outputs, at)
    return _placed(found, at, len(run.singles))


def _placed(found: Judgement, at: NDArray[np.int64], singles: int) -> Judgement:
    """The same, with the input in place of the answer's number, which the reason gives."""
    if found.worst is None:
        return found
    number, value = found.worst
    placed = replace(found, worst=(int(at[number]), value))
    if found.kind != "differs" or found.distance is None or math.isnan(found.distance):
        return placed
    when = f"prediction {number + 1}, " if number < singles else ""
    off, bound = share(found.distance), share(found.bound or 0.0)
    reason = f"It is {off} off at {when}{placed.place}, where {bound} may be rounding."
    return replace(placed, reason=reason)


def by_library(measured: Sequence[Measured]) -> Mapping[str, list[Measured]]:
    """Lanes by what runs them, in order."""
    found: dict[str, list[Measured]] = {}
    for each in measured:
        found.setdefault(running.library(each.lane), []).append(each)
    return found
