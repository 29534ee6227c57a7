"""Hunts in a model: from its folder and real inputs to the input on which two lanes differ most."""

from __future__ import annotations

import contextlib
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from models.dataset.samples import Samples
from models.errors import InputError, ModelError
from models.formats import manifest as manifests
from models.formats import safety
from models.formats.manifest import Manifest
from models.formats.tensors import Tensors
from models.parity import rule
from models.parity.judgement import ByRule
from models.runtimes import references, server_lane
from models.runtimes.keras import exact
from models.runtimes.process import trials
from models.runtimes.references import Reference
from models.verify.hunt import climb as climbing
from models.verify.hunt import pair, place, space
from models.verify.hunt.measure import Measure
from models.verify.hunt.pair import EXACT, Named
from models.verify.hunt.place import Place
from models.verify.hunt.slopes import Slopes
from models.verify.hunt.space import Limits, Space

SECONDS = 60.0
LONGEST = 86_400.0  # seconds, a day
_COUNT = 512  # candidates of a step,
_FEWEST = 16  # ... or fewer of large inputs
_VALUES = 1 << 21  # of a step's inputs together
_REAL = 10_000  # real inputs,
_REAL_VALUES = 1 << 26  # ... or fewer of large ones: 256 MB as floats


@dataclass(frozen=True, eq=False)
class Hunted:
    """What was found between two ``lanes`` from ``real`` real inputs in ``steps`` steps.

    They were ``asked`` for so many inputs. ``before`` is the farthest of the real inputs, its place
    among those given and its distance; ``flipped`` an input whose top class changes, None where
    none was found. ``own`` is how far the reference itself is from exact on ``farthest``, None
    where that is not known. ``blind`` says why there are no gradients, ``estimated`` why exact
    cannot be had; the model lies in ``folder``.
    """

    manifest: Manifest
    folder: Path
    lanes: tuple[Named, Named]
    limits: Limits
    seed: int
    real: int
    steps: int
    asked: int
    seconds: float
    before: tuple[int, float]
    farthest: Place
    flipped: Place | None
    own: float | None = None
    blind: str | None = None
    estimated: str | None = None

    @property
    def times_as_far(self) -> float:
        """As the farthest real input; infinite where that is not off at all."""
        before = self.before[1]
        return self.farthest.distance / before if before else math.inf

    @property
    def rounding_there(self) -> float | None:
        """What rounding may be on the input that was found, by the reference's own distance, for
        each lane that is not exact itself.
        """
        rounded = sum(each != EXACT for each in self.lanes)
        return None if self.own is None else rule.bound(self.own) * rounded


def hunt(
    folder: Path,
    samples: Samples,
    *,
    lanes: Sequence[Named] | None = None,
    limits: Limits | None = None,
    seconds: float = SECONDS,
    steps: int | None = None,
    seed: int = 0,
    clock: Callable[[], float] = time.monotonic,
) -> Hunted:
    """Hunt in the model in ``folder`` from ``samples`` for so many ``seconds``, or ``steps``.

    Raises ModelError when a lane cannot answer, InputError without inputs, for lanes that are the
    same, for a distance, a time or a number of steps that is none.
    """
    limits = (limits or Limits()).checked()
    _check(samples, lanes, seconds, steps)
    manifest = manifests.read(folder)
    safety.check_model(folder, manifest)
    values = max(1, sum(math.prod(each.whole) for each in manifest.takes))
    most = max(1, min(_REAL, _REAL_VALUES // values))
    chosen = np.unique(np.linspace(0, len(samples) - 1, min(most, len(samples))).astype(np.int64))
    ground = space.of(manifest, samples.take(chosen), limits)
    reference = references.find(manifest, folder, samples.take(chosen))
    model, library, twin = None, None, None
    if not reference.estimated:
        model, library = exact.reference_model(manifest, folder)
        twin = exact.twin(model, library)
    first, second = lanes or pair.usual(manifest, twin is not None)
    base = reference.lane if reference.estimated else EXACT  # what all lanes scatter around
    measure = Measure(_judges(reference, (first != base) + (second != base)), manifest.answers)
    slopes, blind = None, None
    if steps != 0:  # they take seconds to build
        slopes, blind = _slopes(model, library, ground, reference.estimated)
    with contextlib.ExitStack() as stack:
        answers = []
        for each in (first, second):
            with trials.trial(f"{each}, loaded"):
                opened = pair.opened(folder, manifest, each, twin)
                answers.append(stack.enter_context(opened))
        began: list[float] = []  # when the real inputs were answered, and the climb began

        def go_on(step: int) -> bool:
            began.append(clock())
            return step < steps if steps is not None else began[-1] - began[0] < seconds

        climbed = climbing.climb(
            ground,
            lambda tensors: measure.scored(*pair.asked(answers, tensors)),
            slopes,
            count=int(np.clip(_VALUES // values, _FEWEST, _COUNT)),
            seed=seed,
            go_on=go_on,
        )
        farthest = place.best(ground, answers, measure, climbed.apart, "apart")
        flipped = None
        if np.isfinite(climbed.flips.best[1]):
            flipped = place.best(ground, answers, measure, climbed.flips, "flips")
    before = int(climbed.real.apart.argmax())
    return Hunted(
        manifest=manifest,
        folder=folder,
        lanes=(first, second),
        limits=limits,
        seed=seed,
        real=len(ground),
        steps=climbed.steps,
        asked=climbed.asked,
        seconds=clock() - began[0],
        before=(int(chosen[before]), float(climbed.real.distance[before])),
        farthest=replace(farthest, origin=int(chosen[farthest.origin])),
        flipped=None
        if flipped is None or not flipped.flips > 0
        else replace(flipped, origin=int(chosen[flipped.origin])),
        own=None if twin is None else _own(folder, manifest, twin, measure, farthest.tensors),
        blind=blind,
        estimated=reference.estimated,
    )


def _check(
    samples: Samples, lanes: Sequence[Named] | None, seconds: float, steps: int | None
) -> None:
    """Raise InputError for what no hunt can be made of."""
    if not 0 < seconds <= LONGEST or (steps is not None and steps < 0):
        raise InputError(
            f"A hunt of {seconds:g} seconds and {steps} steps is none. Expected more than 0 "
            f"seconds, at most {LONGEST:,.0f}, and no negative steps."
        )
    if not len(samples):
        raise InputError("There are no real inputs to begin at.")
    if lanes is not None and (len(lanes) != 2 or lanes[0] == lanes[1]):
        raise InputError("A hunt needs two lanes that are not the same.")


def _judges(reference: Reference, lanes: int) -> list[ByRule]:
    """The rule of each output, for two lanes of which so many are off by rounding."""
    return [
        replace(
            judge,
            bound=judge.bound * lanes,
            scale=float(np.abs(base).max()) if judge.head == "values" else None,
        )
        for judge, base in zip(reference.judges, reference.base, strict=True)
        if isinstance(judge, ByRule)
    ]


def _slopes(
    model: Any, library: Any, ground: Space, estimated: str | None
) -> tuple[Slopes | None, str | None]:
    """The gradients, or why there are none."""
    if model is None:
        return None, estimated
    if any(ground.real[at].dtype.kind != "f" for at in ground.moved):
        return None, "The model takes whole numbers, which have no gradient."
    try:
        if not exact.is_float32(model):
            model = exact.as_dtype(model, "float32", library)
        return Slopes(model, ground.real), None
    except ModelError as error:
        return None, str(error)


def _own(
    folder: Path, manifest: Manifest, twin: Any, measure: Measure, tensors: Tensors
) -> float | None:
    """How far the reference is from exact on one input, of the output where that is largest."""
    lane = server_lane.load(folder, manifest.reference)
    found = measure.scored(exact.predictor(twin, "float64")(tensors), lane.run(tensors))
    distance = float(found.distance[0])
    return distance if math.isfinite(distance) else None
