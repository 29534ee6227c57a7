"""How often a set is said to be read otherwise than it is meant: rightly, and by false alarm.

    python -m benchmarks.nonsense --data mnist.npz [--strokes pendigits.unipen]

Sets are drawn at random out of 2,000 test digits: all ten digits together, and each digit alone.
Every set is checked as the Upload page checks it, with its labels and without.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.dataset import UNKNOWN, Dataset, Options, read_path
from models.formats import manifest as manifests
from models.formats.store import SHIPPED
from models.lanes import Pixels, Probabilities
from models.parity.inputs import set_check
from models.runtimes import server_lane

Levels = NDArray[np.uint8]

DIGITS = 2_000  # that sets are drawn from
SIZES = (1, 2, 5, 10, 20, 50, 100, 256)
HEALTHY, SPOILT, ALONE = 1_000, 100, 50  # sets of each size: healthy, spoilt, of one digit alone
SPOIL: Mapping[str, Callable[[Levels], Levels]] = {
    "healthy": lambda x: x,
    "inverted": lambda x: 255 - x,
    "transposed": lambda x: x.transpose(0, 2, 1),
    "inverted-transposed": lambda x: 255 - x.transpose(0, 2, 1),
    "turned-left": lambda x: np.rot90(x, -1, (1, 2)),
    "turned-right": lambda x: np.rot90(x, 1, (1, 2)),
    "upside-down": lambda x: x[:, ::-1, ::-1],
    "mirrored": lambda x: x[:, :, ::-1],
    "stretched": lambda x: x // 128,  # two levels of grey, as of 0 to 1 taken for 0 to 255
}


class Reference:
    """The model's reference, asked once of each picture."""

    def __init__(self) -> None:
        self._manifest = manifests.read(SHIPPED)
        self._lane = server_lane.load(SHIPPED, self._manifest.reference)
        self._known: dict[bytes, NDArray[np.float32]] = {}

    def __call__(self, pictures: Pixels) -> Probabilities:
        keys = [each.tobytes() for each in np.rint(pictures * 255).astype(np.uint8)]
        new = [at for at, key in enumerate(keys) if key not in self._known]
        for start in range(0, len(new), 512):
            at = new[start : start + 512]
            (values, *_) = self._lane.run((self._manifest.pictures().tensor(pictures[at]),))
            self._known |= {keys[each]: value for each, value in zip(at, values, strict=True)}
        return np.stack([self._known[key] for key in keys])


def a_set(levels: Levels, labels: NDArray[np.integer[Any]] | None) -> Dataset:
    """Pixel data as a reader gives it."""
    count = len(levels)
    known = np.full(count, UNKNOWN, np.int32) if labels is None else labels.astype(np.int32)
    names = tuple(f"a.npz [{at}]" for at in range(count))
    nothing = np.zeros(count, np.bool_)
    return Dataset(names, np.ascontiguousarray(levels), known, nothing).relabelled("auto")


def said(data: Dataset, ask: Reference) -> str:
    """What is offered first: the way to take pixel data, ``labels``, or nothing."""
    graves = [each for each in set_check.found(data, Options(), ask) if each.grave]
    if not graves:
        return ""
    return str(graves[0].change.get("pixels", "labels"))


def rows(
    levels: Levels, labels: NDArray[np.integer[Any]], ask: Reference, random: np.random.Generator
) -> Iterator[tuple[str, ...]]:
    """A row for each kind and size of sets: how many were said to be what."""
    for kind, spoil in SPOIL.items():
        spoilt = np.ascontiguousarray(spoil(levels))
        for size in SIZES:
            for labelled in (False, True):
                count = Counter[str]()
                for _ in range(HEALTHY if kind == "healthy" else SPOILT):
                    at = random.choice(len(levels), size, replace=False)
                    count[said(a_set(spoilt[at], labels[at] if labelled else None), ask)] += 1
                yield row(kind, "all ten", size, count, labelled=labelled)
        for size in (10, 100):
            for labelled in (False, True):
                count = Counter[str]()
                for digit in range(10):
                    of_it = np.flatnonzero(labels == digit)
                    for _ in range(ALONE):
                        at = random.choice(of_it, size, replace=False)
                        count[said(a_set(spoilt[at], labels[at] if labelled else None), ask)] += 1
                yield row(kind, "one alone", size, count, labelled=labelled)


def shuffled(
    levels: Levels, labels: NDArray[np.integer[Any]], ask: Reference, random: np.random.Generator
) -> Iterator[tuple[str, ...]]:
    """The same for labels in another order."""
    for size in SIZES[2:]:
        count = Counter[str]()
        for _ in range(SPOILT):
            at = random.choice(len(levels), size, replace=False)
            count[said(a_set(levels[at], random.permutation(labels[at])), ask)] += 1
        yield row("labels", "all ten", size, count, labelled=True)


def row(
    kind: str, which: str, size: int, count: Counter[str], *, labelled: bool
) -> tuple[str, ...]:
    """Shares of all sets: nothing said, the right thing, another one."""
    total = count.total()
    right = 0 if kind == "healthy" else count[kind]
    wrong = total - right - count[""]
    labels = "yes" if labelled else "no"
    shares = (f"{count[''] / total:.1%}", f"{right / total:.1%}", f"{wrong / total:.1%}")
    return (kind, which, f"{size}", labels, f"{total:,}", *shares)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.nonsense",
        description=__doc__,
        formatter_class=argparse.RawTextHelpFormatter,
    )
    parser.add_argument("--data", type=Path, required=True, help="MNIST in Keras's layout")
    parser.add_argument("--strokes", type=Path, help="a UNIPEN file of other people's digits")
    given = parser.parse_args()
    ask, random = Reference(), np.random.default_rng(28)
    digits = read_path(given.data).spread(DIGITS)
    print("| set | digits | images | labelled | sets | nothing said | right | wrong |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for each in rows(digits.stored, digits.stored_labels, ask, random):
        print("| " + " | ".join(each) + " |", flush=True)
    for each in shuffled(digits.stored, digits.stored_labels, ask, random):
        print("| " + " | ".join(each) + " |", flush=True)
    if given.strokes is not None:
        drawn = read_path(given.strokes)
        for size in SIZES:
            count = Counter[str]()
            for _ in range(HEALTHY):
                at = random.choice(len(drawn), size, replace=False)
                count[said(a_set(drawn.stored[at], drawn.stored_labels[at]), ask)] += 1
            print("| " + " | ".join(row("healthy", "drawn", size, count, labelled=True)) + " |")


if __name__ == "__main__":
    main()
