"""Healthy models, and no false alarm

Networks that are trained here are converted by the official converter and judged as `verify` does.
A row says how far Keras itself, in float32, is from exact arithmetic, and how many times as far
each lane lies: the bound is 30 times.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from models.dataset import Dataset
from models.dataset.samples import of_pictures
from models.formats import manifest as manifests
from models.parity.figures import fixed, short
from models.parity.judgement import Judgement, Kind
from models.parity.rule import FACTOR, FLOOR
from models.runtimes.process.log_filter import quiet
from models.verify import verification
from models.verify.listing import RUNTIMES
from models.verify.verification import SAMPLE, Verification
from tests.proof import networks, training
from tests.proof.given import Given

FORMATS = ("graph", "layers")


def prove(given: Given) -> Iterator[str]:
    """A row for each network. Raises AssertionError where a healthy lane does not pass."""
    data = given.need_data()
    quiet()
    digits = training.digits(data, given.images)
    columns = [f"{form}, {runtime}" for runtime in RUNTIMES for form in FORMATS]
    yield f"{len(networks.NETWORKS)} trained networks, {len(digits):,} test digits of MNIST each,"
    yield f"{SAMPLE} of them on tfjs/cpu. Lanes as multiples of Keras's own distance; a lane passes"
    yield f"at {FACTOR:g} or below, or where it is within {short(FLOOR)} of exact (in brackets)."
    yield ""
    yield f"| network | Keras | {' | '.join(columns)} |"
    yield f"| --- {'| ---: ' * (len(columns) + 1)}|"
    lanes: list[float] = []
    failed: list[str] = []
    unable: list[str] = []
    with given.place() as keep:
        for name in networks.NETWORKS:
            result = judged(training.folder(name, data, keep), digits)
            cells = [times(each, result) for each in result.judgements]
            lanes += [
                each.distance / own
                for each in result.judgements
                if (own := _own(result)) and each.distance is not None
            ]
            failed += _said(name, result, "differs")
            unable += _said(name, result, "cannot run")
            yield f"| {name} | {short(_own(result))} | {' | '.join(cells)} |"
    yield ""
    yield f"{len(lanes)} lanes, the farthest at {fixed(max(lanes), 1)} times Keras's own distance."
    yield f"False alarms: {len(failed)}."
    if unable:
        yield f"{len(unable)} lanes cannot run, which is no alarm:"
        yield ""
        yield from (f"- {each}" for each in unable)
    assert not failed, failed


def judged(folder: Path, digits: Dataset) -> Verification:
    """Every lane of a model's folder, on every runtime."""
    samples = of_pictures(digits, manifests.read(folder).pictures())
    return verification.verify(folder, samples)


def times(each: Judgement, result: Verification) -> str:
    """A lane's distance in multiples of Keras's own; in brackets where the floor is what counts."""
    if each.distance is None:
        return each.kind
    own = _own(result)
    text = fixed(each.distance / own, 1) if own else "–"
    return f"({text})" if each.distance <= FLOOR else text


def _said(name: str, result: Verification, kind: Kind) -> list[str]:
    return [f"{name}, {each.lane}: {each.reason}" for each in result.lanes(kind)]


def _own(result: Verification) -> float:
    return result.reference.own or 0.0
