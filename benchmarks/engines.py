"""``python -m benchmarks.engines``: the server's lanes beside their peers, in one run.

The peers are the Keras model as a concrete `tf.function`, `model.predict`, which most demos call,
and LiteRT as a yardstick of what the processor can do. All take turns in shuffled order, so that a
slow moment of the machine affects all alike. Each lane uses the app's batch size; the concrete
function gets every size of ``BATCHES``, and its best one counts. The lanes run in a process with
the app's thread settings, the peers in another one with TensorFlow's defaults.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import report
from benchmarks.engines_child import Engine, Engines, Predict, Process
from benchmarks.report import Figure
from models.formats import manifest as manifests
from models.formats import store
from models.lanes import FORMATS, Pixels
from models.parity.timing import median, p95
from models.runtimes import litert
from models.runtimes.process import cpu_threads

BATCHES = (64, 128, 256, 512, 1024, 2048)
WARM_UP = 5
PEER = "Keras, concrete function"
NAIVE = "model.predict"


@dataclass
class Timed:
    """An engine's name, its process and its times."""

    name: str
    process: Process
    sizes: Sequence[int | None]
    one_us: list[float] = field(default_factory=list)
    many_s: dict[int | None, list[float]] = field(default_factory=dict)

    @property
    def turn(self) -> int:
        """How many single digits the engine predicts in a turn."""
        return 2 if self.name == NAIVE else 20

    def images_per_second(self, images: int) -> float:
        """The throughput at the best batch size."""
        return max(images / median(seconds) for seconds in self.many_s.values())


def lanes(folder: Path) -> Engines:
    """The app's three lanes, set up as in the app's TensorFlow process."""
    from models.runtimes import tensorflow as tensorflow_runtime

    cpu_threads.one_per_operation()
    loaded = [tensorflow_runtime.load(folder, form) for form in FORMATS]
    return {str(each.lane): Engine(each.predict, {None: each.predict}) for each in loaded}


def peers(folder: Path) -> Engines:
    """The same .h5 without our code: a concrete function, ``model.predict``, LiteRT."""
    import tensorflow as tf
    import tf_keras

    manifest = manifests.read(folder)
    model = tf_keras.models.load_model(folder / manifest.path("keras"), compile=False)
    shape, scale = manifest.input.shape, np.float32(manifest.input.scale)
    spec = tf.TensorSpec((None, *shape), tf.float32)
    concrete = tf.function(
        lambda digits: model(digits, training=False), input_signature=[spec]
    ).get_concrete_function()
    lite = litert.load(folder).predict

    def call(pixels: Pixels) -> Any:
        return concrete(tf.constant(pixels.reshape(-1, *shape) * scale)).numpy()

    def predict(pixels: Pixels) -> Any:
        return model.predict(pixels.reshape(-1, *shape) * scale, verbose=0)

    return {
        PEER: Engine(call, {size: in_batches(call, size) for size in BATCHES}),
        NAIVE: Engine(predict, {None: predict}),
        "LiteRT, float32": Engine(lite, {size: in_batches(lite, size) for size in (64, 256)}),
    }


def in_batches(predict: Predict, size: int) -> Predict:
    """Return a function that calls ``predict`` on batches of ``size`` and joins the answers."""

    def many(pixels: Pixels) -> Any:
        starts = range(0, len(pixels), size)
        return np.concatenate([predict(pixels[start : start + size]) for start in starts])

    return many


def measure(engines: Sequence[Timed], *, turns: int, rounds: int) -> None:
    """Fill the engines' times: ``turns`` of single digits, ``rounds`` of all digits."""
    order = list(engines)
    shuffle = random.Random(0).shuffle
    for engine in engines:
        engine.process.one(engine.name, WARM_UP)
    for _ in range(turns):
        shuffle(order)
        for engine in order:
            engine.one_us += engine.process.one(engine.name, engine.turn)
    work = [(engine, size) for engine in engines for size in engine.sizes]
    for engine, size in work:
        engine.process.many(engine.name, size, 2048)
    for _ in range(rounds):
        shuffle(work)
        for engine, size in work:
            seconds = engine.process.many(engine.name, size)
            engine.many_s.setdefault(size, []).append(seconds)


def show(engines: Sequence[Timed], images: int) -> None:
    """Print the table, with ratios to the concrete function."""
    peer = next(engine for engine in engines if engine.name == PEER)
    base_us, base_rate = median(peer.one_us), peer.images_per_second(images)
    print(f"\n{'one digit':28}{'p50 µs':>9}{'p95 µs':>9}{'ratio':>8}{'images/s':>12}{'ratio':>8}")
    for engine in engines:
        one, rate = median(engine.one_us), engine.images_per_second(images)
        print(
            f"{engine.name:28}{one:9,.0f}{p95(engine.one_us):9,.0f}{one / base_us:7.2f}×"
            f"{rate:12,.0f}{rate / base_rate:7.2f}×"
        )
    print(f"\nRatios are to: {PEER}. images/s: {images:,} images, each engine's best batch size.\n")
    report.show(goals(engines, images))


def goals(engines: Sequence[Timed], images: int) -> list[Figure]:
    """Each lane beside the concrete function and ``model.predict``."""
    peer, naive = (next(each for each in engines if each.name == name) for name in (PEER, NAIVE))
    peer_us, naive_us = median(peer.one_us), median(naive.one_us)
    rows = []
    for lane in (each for each in engines if "@" in each.name):
        one = median(lane.one_us)
        ours = f"{one:,.0f} µs"
        what = f"{lane.name}, one digit, p50"
        rows.append(Figure(what, ours, f"{peer_us:,.0f} µs, {PEER}", one / peer_us, goal=1.2))
        slower = f"{naive_us:,.0f} µs, {NAIVE}"
        rows.append(Figure(what, ours, slower, naive_us / one, bound="≥", goal=100))
        rate, base = lane.images_per_second(images), peer.images_per_second(images)
        rows.append(
            Figure(
                f"{lane.name}, {images:,} images",
                f"{rate:,.0f} images/s",
                f"{base:,.0f} images/s, {PEER}",
                rate / base,
                bound="≥",
                goal=0.95,
            )
        )
    return rows


def main() -> None:
    """Load all engines, print how far their answers differ, measure, print the figures."""
    parser = argparse.ArgumentParser("python -m benchmarks.engines", description=__doc__)
    parser.add_argument("--model", default=store.DEFAULT, choices=store.names())
    parser.add_argument("--images", type=int, default=10_000)
    parser.add_argument("--turns", type=int, default=30)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    folder = store.folder(options.model)
    with np.load(folder / "examples.npz", allow_pickle=False) as file:
        examples = file["x_test"].astype(np.float32) / 255
    digits = np.resize(examples, (options.images, 28, 28))
    processes = [Process(build, folder, digits) for build in (lanes, peers)]
    engines = [
        Timed(name, process, sizes)
        for process in processes
        for name, sizes in process.sizes().items()
    ]
    expected = engines[0].process.answer(engines[0].name)
    for engine in engines:
        far = float(np.abs(engine.process.answer(engine.name) - expected).max())
        print(f"{engine.name:28} differs from {engines[0].name} by {far:.1e} on one digit")
    measure(engines, turns=options.turns, rounds=options.rounds)
    show(engines, options.images)
    for process in processes:
        process.close()


if __name__ == "__main__":
    main()
