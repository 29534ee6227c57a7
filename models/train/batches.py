"""Training batches: pools of digits, mixed, augmented and prepared ahead of time."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.dataset.readers.unipen import PenDrawing, read_drawings
from models.digit.augment import augment
from models.errors import InputError
from models.lanes import Pixels, Probabilities
from models.train import synthetic_digits

Bytes = NDArray[np.uint8]
Labels = NDArray[np.int64]
Batch = tuple[Pixels, Probabilities]

CLASSES = 10
HELD_OUT = 10  # writers, the last by number, that no model is trained on
_AHEAD = 24  # batches prepared before they are needed
_BLOCK = 16  # batches augmented at once


@dataclass(frozen=True, eq=False)
class Pool:
    """Pictures (n, 28, 28) as bytes, their labels (n,) and how many of them an epoch takes.

    A label of -1 marks what is not a digit: its target is the same for every class.
    """

    pictures: Bytes
    labels: Labels
    each_epoch: int


@dataclass(frozen=True, eq=False)
class Mnist:
    """The training set in two parts, and the test set, which only measures."""

    train: tuple[Bytes, Labels]
    validation: tuple[Bytes, Labels]
    test: tuple[Bytes, Labels]


def mnist(path: Path | None, *, validation: int, seed: int) -> Mnist:
    """MNIST from Keras's ``mnist.npz`` at ``path``; without one, Keras fetches it.

    Raises InputError for a file that is not MNIST as Keras stores it, or where it cannot be had.
    """
    if path is None:
        from tf_keras.datasets import mnist as keras_mnist

        try:
            (x, y), test = keras_mnist.load_data()
        except Exception as error:  # Keras raises the base of all
            raise InputError(
                f"MNIST cannot be fetched ({error}): connect this machine, or give a copy by "
                "`--data mnist.npz`."
            ) from error
    else:
        try:
            with np.load(path, allow_pickle=False) as file:
                x, y, test = file["x_train"], file["y_train"], (file["x_test"], file["y_test"])
        except (OSError, KeyError, ValueError) as error:
            raise InputError(
                f"{path} is not MNIST as Keras stores it ({error}). "
                "Expected an .npz with x_train, y_train, x_test and y_test."
            ) from error
    order = np.random.default_rng(seed).permutation(len(x))
    held, kept = order[:validation], order[validation:]
    labels = y.astype(np.int64)
    return Mnist(
        (x[kept], labels[kept]), (x[held], labels[held]), (test[0], test[1].astype(np.int64))
    )


def writers(path: Path) -> tuple[list[PenDrawing], list[PenDrawing]]:
    """The drawings to train on, and those of the last ``HELD_OUT`` writers by number.

    Raises InputError for a file without so many writers, or that is not UNIPEN.
    """
    drawings = read_drawings(path)
    numbers = sorted({each.writer for each in drawings})
    if len(numbers) <= HELD_OUT:
        raise InputError(
            f"{path} has drawings of {len(numbers)} writers. Expected more than {HELD_OUT}: "
            "so many are held out to measure on."
        )
    held = set(numbers[-HELD_OUT:])
    kept = [each for each in drawings if each.writer not in held]
    return kept, [each for each in drawings if each.writer in held]


def prepare(
    data_file: Path | None, strokes: Path | None, *, validation: int, seed: int, limit: int | None
) -> tuple[Mnist, list[Pool], int]:
    """From files to MNIST, the pools to train on, and how many pen drawings are in them.

    ``limit`` keeps that many pictures and drawings, for a quick try. Raises InputError for a file
    that is not what it should be.
    """
    data = mnist(data_file, validation=validation, seed=seed)
    kept = (data.train[0][:limit], data.train[1][:limit])
    drawings = writers(strokes)[0][:limit] if strokes else []
    print(f"preparing {len(kept[0]):,} pictures and {len(drawings):,} drawings", flush=True)
    return data, pools(kept, drawings, seed=seed), len(drawings)


def pools(
    train: tuple[Bytes, Labels],
    drawings: Sequence[PenDrawing],
    *,
    seed: int,
    variants: int = 5,
    scans: int = 24_000,
    nonsense: int = 4_000,
) -> list[Pool]:
    """MNIST as it is, MNIST as scans, nonsense, and pen drawings in ``variants`` versions."""
    pictures, labels = train
    scans = min(scans, len(pictures))
    result = [
        Pool(pictures, labels, len(pictures)),
        Pool(synthetic_digits.as_uploads(pictures[:scans], seed), labels[:scans], scans // 4),
        Pool(
            synthetic_digits.scribbles(nonsense, seed), np.full(nonsense, -1), len(pictures) // 40
        ),
    ]
    if drawings:
        varied = [synthetic_digits.redrawn(drawings, seed + number) for number in range(variants)]
        goals = np.tile(np.array([each.label for each in drawings]), variants)
        result.append(Pool(np.concatenate(varied), goals, 2 * len(drawings)))
    return result


def epoch(pools: Sequence[Pool], batch: int, seed: int, *, smoothing: float) -> Iterator[Batch]:
    """One epoch's batches of pixels (batch, 28, 28, 1) and targets (batch, 10), set by ``seed``."""
    rng = np.random.default_rng(seed)
    chosen = [
        (number, index)
        for number, pool in enumerate(pools)
        for index in rng.permutation(len(pool.labels))[: pool.each_epoch]
    ]
    order = np.array(chosen)[rng.permutation(len(chosen))]
    for start in range(0, len(order) - batch + 1, batch * _BLOCK):
        block = order[start : start + batch * _BLOCK]
        block = block[: len(block) // batch * batch]
        pictures = np.empty((len(block), 28, 28), np.float32)
        labels = np.empty(len(block), np.int64)
        for number, pool in enumerate(pools):
            own = block[:, 0] == number
            pictures[own] = pool.pictures[block[own, 1]]
            labels[own] = pool.labels[block[own, 1]]
        varied = augment(pictures / np.float32(255), rng)[..., None]
        goals = targets(labels, smoothing)
        for at in range(0, len(block), batch):
            yield varied[at : at + batch], goals[at : at + batch]


def targets(labels: Labels, smoothing: float) -> Probabilities:
    """(n, 10): the class gets 1 - smoothing, the rest is spread evenly; -1 is spread evenly."""
    share = np.where(labels >= 0, smoothing, 1.0).astype(np.float32)[:, None]
    hot = np.eye(CLASSES, dtype=np.float32)[np.maximum(labels, 0)]
    spread: Probabilities = hot * (1 - share) + share / np.float32(CLASSES)
    return spread


def ahead(start: Callable[[], Iterator[Batch]]) -> Iterator[Batch]:
    """The batches of ``start()``, prepared by a thread while the network trains on earlier ones."""
    prepared: queue.Queue[Batch | BaseException | None] = queue.Queue(_AHEAD)
    stopped = threading.Event()

    def put(item: Batch | BaseException | None) -> None:
        while not stopped.is_set():
            try:
                return prepared.put(item, timeout=0.5)
            except queue.Full:
                continue

    def work() -> None:
        try:
            for batch in start():
                put(batch)
                if stopped.is_set():
                    return
            put(None)
        except BaseException as error:  # raised again where the batches are used
            put(error)

    threading.Thread(target=work, daemon=True, name="batches").start()
    try:
        while (item := prepared.get()) is not None:
            if isinstance(item, BaseException):
                raise item
            yield item
    finally:
        stopped.set()
