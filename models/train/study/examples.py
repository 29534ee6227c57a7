"""``python -m models.train.study.examples``: the hundred MNIST digits that the app offers."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

OUT = Path(__file__).resolve().parents[2] / "mnist" / "examples.npz"
EACH = 10


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the first ten test digits of each class, in order: x_test, y_test, both uint8."""
    parser = argparse.ArgumentParser("python -m models.train.study.examples", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="MNIST as Keras's mnist.npz")
    given = parser.parse_args(arguments)
    with np.load(given.data, allow_pickle=False) as file:
        pixels, labels = file["x_test"], file["y_test"]
    chosen = np.concatenate([np.flatnonzero(labels == each)[:EACH] for each in range(10)])
    np.savez_compressed(OUT, x_test=pixels[chosen], y_test=labels[chosen])
    print(f"{len(chosen)} digits in {OUT}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
