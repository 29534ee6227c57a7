"""Runs of the official converter without oneDNN, in a process of their own.

TensorFlow looks once whether to use oneDNN, and then keeps to it; the process that converts also
asks the original, which is to answer as its owner's TensorFlow does.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager

from models.convert import converter
from models.errors import ModelError
from models.runtimes.process.log_filter import quiet

Run = Callable[[Sequence[str]], None]


@contextmanager
def process() -> Iterator[Run]:
    """Gives what runs the converter as ``converter.run`` does. The process starts with the first
    run, which takes as long as TensorFlow's import, and ends with the block.
    """
    fresh = multiprocessing.get_context("spawn")  # a fork would have TensorFlow already
    with ProcessPoolExecutor(1, fresh, initializer=_begin) as pool:

        def run(arguments: Sequence[str]) -> None:
            try:
                pool.submit(converter.run, list(arguments)).result()
            except BrokenProcessPool as error:
                raise ModelError(
                    f"tensorflowjs_converter {' '.join(arguments)} ended its process."
                ) from error

        yield run


def _begin() -> None:
    os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"
    quiet()
