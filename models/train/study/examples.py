"""``python -m models.train.study.examples``: the hundred MNIST digits that the app offers."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

import numpy as np

from models.formats.store import EXAMPLES
from models.train.study import arguments as study

PER_CLASS = 10


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the first ten test digits of each class, in order: x_test, y_test, both uint8."""
    parser = study.parser("examples", __doc__)
    study.add_data(parser, required=True)
    return study.run(parser, arguments, _write)


def _write(options: argparse.Namespace) -> None:
    with np.load(options.data, allow_pickle=False) as file:
        pixels, labels = file["x_test"], file["y_test"]
    chosen = np.concatenate([np.flatnonzero(labels == each)[:PER_CLASS] for each in range(10)])
    np.savez_compressed(EXAMPLES, x_test=pixels[chosen], y_test=labels[chosen])
    print(f"{len(chosen)} digits in {EXAMPLES}")


if __name__ == "__main__":
    sys.exit(main())
