"""What the studies' commands share: their parser, their options, their exit codes.

They keep argparse: two of them take several values after one option, which Click does not.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from models.command_line import ending, options
from models.convert.conversion import KERAS_FILE
from models.formats.store import SHIPPED


def parser(name: str, description: str | None) -> argparse.ArgumentParser:
    """The parser of ``python -m models.train.study.NAME``."""
    result = argparse.ArgumentParser(
        f"python -m models.train.study.{name}", description=description
    )
    result.add_argument("--debug", action="store_true", help=ending.DEBUG_HELP)
    return result


def add_model(to: argparse.ArgumentParser) -> None:
    """``--model``: the one that ships unless given."""
    to.add_argument("--model", type=Path, default=SHIPPED / KERAS_FILE)


def add_data(to: argparse.ArgumentParser, *, required: bool = False) -> None:
    """``--data``: MNIST, which is fetched unless it is ``required``."""
    text = "MNIST as Keras's mnist.npz" if required else options.MNIST_HELP
    to.add_argument("--data", type=Path, required=required, help=text)


def add_strokes(to: argparse.ArgumentParser, *, required: bool = False) -> None:
    """``--strokes``: pen drawings."""
    to.add_argument("--strokes", type=Path, required=required, help=options.STROKES_HELP)


def run(
    parser: argparse.ArgumentParser,
    arguments: Sequence[str] | None,
    study: Callable[[argparse.Namespace], None],
) -> int:
    """Parse and run ``study``; returns the exit code: 1 where a file or a model cannot be used."""

    def work() -> int:
        with ending.failing_with(1):
            study(parser.parse_args(arguments))
        return 0

    return ending.ended(work, debug="--debug" in (sys.argv if arguments is None else arguments))
