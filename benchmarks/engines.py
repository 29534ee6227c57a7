"""``python -m benchmarks.engines``: the server's lanes beside their peers, in one run.

Peers are the Keras model as a concrete `tf.function` called with nothing around it, `model.predict`
(what most demos call) and LiteRT, as a yardstick of what the processor can do. All take turns in
shuffled order, so that what slows the machine slows all alike. Each lane keeps the batch size that
the app uses; the concrete function gets every size of ``BATCHES`` and counts with its best.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import figures
from benchmarks.figures import Figure
from models import litert as yardstick
from models import manifest as manifests
from models import store
from models.lanes import FORMATS, Pixels
from models.timing import median, p95

Predict = Callable[[Pixels], Any]

BATCHES = (64, 128, 256, 512, 1024, 2048)
WARM_UP = 5
PEER = "Keras, concrete function"
NAIVE = "model.predict"


@dataclass
class Engine:
    """One way to predict. ``one`` takes a single digit, ``many`` all of them; both (n, 28, 28).

    ``turn`` is how many single digits are predicted each time it is this engine's turn.
    """

    name: str
    one: Predict
    many: dict[int | None, Predict]
    turn: int = 20
    one_us: list[float] = field(default_factory=list)
    many_s: dict[int | None, list[float]] = field(default_factory=dict)

    def images_per_second(self, images: int) -> float:
        """At the best batch size."""
        return max(images / median(seconds) for seconds in self.many_s.values())


def lanes(folder: Path) -> list[Engine]:
    """The app's own three."""
    from models import runtimes

    loaded = [runtimes.load(folder, form) for form in FORMATS]
    return [Engine(str(each.lane), each.predict, {None: each.predict}) for each in loaded]


def keras_peers(folder: Path) -> list[Engine]:
    """The same .h5 without our code: a concrete function, and Keras's own predict."""
    import tensorflow as tf
    import tf_keras

    manifest = manifests.read(folder)
    model = tf_keras.models.load_model(folder / manifest.path("keras"), compile=False)
    shape, scale = manifest.input.shape, np.float32(manifest.input.scale)
    spec = tf.TensorSpec((None, *shape), tf.float32)
    concrete = tf.function(
        lambda digits: model(digits, training=False), input_signature=[spec]
    ).get_concrete_function()

    def call(pixels: Pixels) -> Any:
        return concrete(tf.constant(pixels.reshape(-1, *shape) * scale)).numpy()

    def predict(pixels: Pixels) -> Any:
        return model.predict(pixels.reshape(-1, *shape) * scale, verbose=0)

    return [
        Engine(PEER, call, {size: in_batches(call, size) for size in BATCHES}),
        Engine(NAIVE, predict, {None: predict}, turn=2),
    ]


def litert(folder: Path) -> Engine:
    """The Benchmark page's yardstick: the same .h5 on LiteRT, on all processors."""
    predict = yardstick.load(folder).predict
    sizes: dict[int | None, Predict] = {size: in_batches(predict, size) for size in (64, 256)}
    return Engine("LiteRT, float32", predict, sizes)


def in_batches(predict: Predict, size: int) -> Predict:
    """Call ``predict`` on pieces of ``size`` and join the answers."""

    def many(pixels: Pixels) -> Any:
        starts = range(0, len(pixels), size)
        return np.concatenate([predict(pixels[start : start + size]) for start in starts])

    return many


def measure(engines: Sequence[Engine], digits: Pixels, *, turns: int, rounds: int) -> None:
    """Fill the engines' times: ``turns`` of single digits, ``rounds`` of all digits."""
    order = list(engines)
    shuffle = random.Random(0).shuffle
    for engine in engines:
        for _ in range(WARM_UP):
            engine.one(digits[:1])
    for _ in range(turns):
        shuffle(order)
        for engine in order:
            for _ in range(engine.turn):
                start = time.perf_counter()
                engine.one(digits[:1])
                engine.one_us.append((time.perf_counter() - start) * 1e6)
    work = [(engine, size, many) for engine in engines for size, many in engine.many.items()]
    for _, _, many in work:
        many(digits[:2048])
    for _ in range(rounds):
        shuffle(work)
        for engine, size, many in work:
            start = time.perf_counter()
            many(digits)
            engine.many_s.setdefault(size, []).append(time.perf_counter() - start)


def show(engines: Sequence[Engine], images: int) -> None:
    """The table, with ratios to the concrete function."""
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
    figures.show(goals(engines, images))


def goals(engines: Sequence[Engine], images: int) -> list[Figure]:
    """Each lane beside the concrete function and the naive way."""
    peer, naive = (next(each for each in engines if each.name == name) for name in (PEER, NAIVE))
    peer_us, naive_us = median(peer.one_us), median(naive.one_us)
    rows = []
    for lane in (each for each in engines if "@" in each.name):
        one, said = median(lane.one_us), f"{median(lane.one_us):,.0f} µs"
        what = f"{lane.name}, one digit, p50"
        rows.append(Figure(what, said, f"{peer_us:,.0f} µs, {PEER}", one / peer_us, goal=1.2))
        slower = f"{naive_us:,.0f} µs, {NAIVE}"
        rows.append(Figure(what, said, slower, naive_us / one, bound="≥", goal=100))
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
    """Load all, let them agree on every digit, measure, print."""
    parser = argparse.ArgumentParser("python -m benchmarks.engines", description=__doc__)
    parser.add_argument("--model", default=store.DEFAULT, choices=store.names())
    parser.add_argument("--images", type=int, default=10_000)
    parser.add_argument("--turns", type=int, default=30)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    folder = store.folder(given.model)
    with np.load(folder / "examples.npz", allow_pickle=False) as file:
        some = file["x_test"].astype(np.float32) / 255
    digits = np.resize(some, (given.images, 28, 28))
    engines = [*lanes(folder), *keras_peers(folder), litert(folder)]
    expected = engines[0].one(some[:1])
    for engine in engines:
        far = float(np.abs(engine.one(some[:1]) - expected).max())
        print(f"{engine.name:28} differs from {engines[0].name} by {far:.1e} on one digit")
    measure(engines, digits, turns=given.turns, rounds=given.rounds)
    show(engines, given.images)


if __name__ == "__main__":
    main()
