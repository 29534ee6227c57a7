"""``python -m benchmarks.hunt --data mnist.npz``: how much farther apart than on any real digit?

The shipped model is asked for the whole test set, exactly and on TensorFlow.js in Node, and hunted
for a minute from the digits that ship; then in uint8 and in float16 for another top class. Prints
a table, and whether the rounding bound holds on what was found.
"""

from __future__ import annotations

import argparse
import math
from pathlib import Path

import numpy as np

from benchmarks.report import Figure, number, show
from models.command_line import ending
from models.dataset import sample_inputs, samples
from models.formats import manifest as manifests
from models.formats import store
from models.lanes import Lane
from models.parity.judgement import ByRule
from models.runtimes.keras import exact
from models.runtimes.process.log_filter import quiet
from models.verify.hunt import hunting, pair
from models.verify.hunt.hunting import Hunted
from models.verify.hunt.measure import Measure

GOAL = 3.0  # times as far as the farthest of the test set
IN_NODE = Lane("graph", "tfjs/wasm")
ROUNDED = (Lane("graph", "tfjs/wasm", "uint8"), Lane("graph", "tfjs/wasm", "float16"))


def worst_of(data: Path, lanes: tuple[Lane, ...]) -> dict[Lane, tuple[float, int]]:
    """How far each lane is from exact on the test set, and how many top classes it changes."""
    folder = store.SHIPPED
    manifest = manifests.read(folder)
    with np.load(data) as arrays:
        pictures = arrays["x_test"].astype(np.float32) / np.float32(255)
    given = samples.of_tensors((manifest.pictures().tensor(pictures),)).tensors()
    twin = exact.twin(*exact.reference_model(manifest, folder))
    base = exact.predictor(twin, "float64")(given)
    measure = Measure([ByRule("softmax", 1.0)], manifest.answers)
    found = {}
    for lane in lanes:
        with pair.opened(folder, manifest, lane, twin) as asked:
            answers = asked(given, False)
        changed = int((base[0].argmax(axis=1) != answers[0].argmax(axis=1)).sum())
        found[lane] = float(measure.scored(base, answers).distance.max()), changed
    return found


def hunted(lane: Lane, seconds: float, seed: int) -> Hunted:
    """A hunt between exact and a lane, from the digits that ship and variations of them."""
    folder = store.SHIPPED
    real = sample_inputs.find(manifests.read(folder), folder).samples
    return hunting.hunt(folder, real, lanes=(pair.EXACT, lane), seconds=seconds, seed=seed)


def figure(found: Hunted, worst: float) -> Figure:
    """How much farther the hunt went than the test set."""
    lane = found.lanes[1]
    return Figure(
        f"exact and {lane}, {found.asked:,} inputs in {found.seconds:.0f} s, seed {found.seed}",
        f"{found.farthest.distance:.1e}",
        f"{worst:.1e}, the farthest of 10,000 real digits",
        found.farthest.distance / worst if worst else math.inf,
        bound="≥",
        goal=GOAL if lane == IN_NODE else None,
    )


def said(found: Hunted, changed: int) -> str:
    """Whether the bound holds, and the top class changes."""
    place, lane = found.farthest, found.lanes[1]
    words = f"{place.distance:.1e} of {place.bound:.1e}"
    holds = f"the bound holds ({words})" if place.holds else f"beyond the bound ({words})"
    flip = found.flipped
    top = "no top class changes"
    if flip is not None and flip.margins is not None:
        top = f"a top class changes, by {number(min(flip.margins))} in logarithms at least"
    return f"| {lane} | {holds} | {top}; of the real ones {changed:,} |"


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser("python -m benchmarks.hunt", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="MNIST as Keras's mnist.npz")
    parser.add_argument("--seconds", type=float, default=hunting.SECONDS)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    ending.print_anything()
    quiet()
    lanes = (IN_NODE, *ROUNDED)
    real = worst_of(given.data, lanes)
    results = [hunted(lane, given.seconds, given.seed) for lane in lanes]
    show([figure(found, real[lane][0]) for lane, found in zip(lanes, results, strict=True)])
    print("| lane | rounding | top class |\n| --- | --- | --- |")
    for lane, found in zip(lanes, results, strict=True):
        print(said(found, real[lane][1]))


if __name__ == "__main__":
    main()
