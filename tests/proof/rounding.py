"""How far float32 takes the model that ships, in the picture of docs/rounding.md

For each digit, a lane's distance from exact arithmetic by the rule, as a share of the digit's
largest logit. The last row is a faulty conversion. Beneath, what fixed tolerances say of networks
that are healthy.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.dataset import Dataset
from models.dataset.samples import Samples, of_pictures
from models.formats import manifest as manifests
from models.formats.store import SHIPPED
from models.lanes import CONVERTED, TENSORFLOW, Lane
from models.parity import rule
from models.parity.figures import fixed, short
from models.parity.judgement import ByRule
from models.runtimes import ask, references
from models.runtimes.keras import keras2
from models.runtimes.process.log_filter import quiet
from models.runtimes.references import Reference
from tests.proof import networks, rounding_picture, training
from tests.proof.faults import planted
from tests.proof.given import Given
from tests.proof.planted import faults
from tests.proof.rounding_picture import Row
from tests.proof.tolerances import FIXED

PICTURE = Path(__file__).resolve().parents[2] / "docs" / "rounding.svg"
WASM, CPU = "tfjs/wasm", "tfjs/cpu"
PLAIN = 1_000  # digits for plain JavaScript, which takes a hundred times as long
FAULTY = "conv5"  # the layer of which a weight is off by 1 %


def prove(given: Given) -> Iterator[str]:
    """Measures, draws the picture, and yields its figures as a table."""
    data = given.need_data()
    quiet()
    digits = training.digits(data, given.images)
    shipped = manifests.read(SHIPPED)
    samples = of_pictures(digits, shipped.pictures())
    reference = references.find(shipped, SHIPPED, samples)
    rows = list(_rows(samples, reference))
    judge = reference.judge
    assert isinstance(judge, ByRule)
    own = reference.own or 0.0
    PICTURE.write_text(rounding_picture.draw(rows, own, judge.bound), "utf-8")
    yield f"The model that ships, {len(digits):,} test digits of MNIST. Keras's own distance is"
    yield f"{short(own)}, so the bound is {short(judge.bound)}."
    yield ""
    yield "| lane | digits | median | 99 % are below | largest | times Keras's own |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: |"
    for row in rows:
        apart = row.distances
        figures = [short(float(np.quantile(apart, at))) for at in (0.5, 0.99, 1)]
        times = fixed(float(apart.max()) / own, 1)
        yield f"| {row.name} | {len(apart):,} | {' | '.join(figures)} | {times} |"
    yield ""
    yield from _fixed(given, data, digits)


def _rows(digits: Samples, reference: Reference) -> Iterator[Row]:
    everything = slice(None)
    yield Row("Keras itself", "keras", _distances(reference, reference.answers[0], everything))
    for runtime in (TENSORFLOW, WASM, CPU):
        part = slice(0, PLAIN) if runtime == CPU else everything
        for form in CONVERTED:
            lane = Lane(form, runtime)
            yield Row(str(lane), form, _of(lane, SHIPPED, digits, reference, part))
    with tempfile.TemporaryDirectory() as temporary:
        folder = _faulty(Path(temporary).resolve())
        name = f"graph @ {WASM}, one weight of {FAULTY} off by 1 %"
        lane = Lane("graph", WASM)
        yield Row(name, "fault", _of(lane, folder, digits, reference, everything))


def _faulty(place: Path) -> Path:
    manifest = manifests.read(SHIPPED)
    path = SHIPPED / manifest.path("keras")
    every = faults(keras2.read(path))
    fault = next(each for each in every if each.layer == FAULTY and "1 %" in each.name)
    return planted(fault, path, manifest, place)


def _of(
    lane: Lane, folder: Path, digits: Samples, reference: Reference, part: slice
) -> NDArray[np.float64]:
    asked = digits.take(np.arange(len(digits))[part])
    (answered,) = ask.ask(asked, [lane], folder)
    assert answered.error is None, answered.error
    return _distances(reference, answered.outputs[0], part)


def _distances(reference: Reference, answers: NDArray[Any], part: slice) -> NDArray[np.float64]:
    """The distance from exact of each digit."""
    base = reference.base[0][part]
    assert isinstance(reference.judge, ByRule)
    head = reference.judge.head
    return np.array(
        [
            rule.distance(base[at : at + 1], answers[at : at + 1], head).largest
            for at in range(len(base))
        ]
    )


def _fixed(given: Given, data: Path, digits: Dataset) -> Iterator[str]:
    """How many healthy lanes fail by fixed tolerances, on the networks of the proof `healthy`."""
    failed: Counter[str] = Counter()
    which: dict[str, list[str]] = {name: [] for name in FIXED}
    count = 0
    with given.place() as keep:
        for name in networks.NETWORKS:
            folder = training.folder(name, data, keep)
            manifest = manifests.read(folder)
            lanes = [manifest.reference, *(Lane(form, WASM) for form in CONVERTED)]
            samples = of_pictures(digits, manifest.pictures())
            keras, *others = ask.ask(samples, lanes, folder)
            for each in others:
                if each.error is not None:
                    continue
                count += 1
                for tolerance, passes in FIXED.items():
                    if not passes(keras.outputs[0], each.outputs[0]):
                        failed[tolerance] += 1
                        which[tolerance].append(f"{name}, {each.lane.format}")
    yield f"Healthy networks by fixed tolerances, {len(digits):,} digits on {WASM}, {count} lanes:"
    yield ""
    for tolerance in FIXED:
        names = f" ({'; '.join(which[tolerance])})" if which[tolerance] else ""
        yield f"- {tolerance}: {failed[tolerance]} fail{names}."
