"""``digit-parity check``: what is known to stand in a model's way, from its file alone.

Exit codes: 0 nothing known, 1 a format is known to refuse or to answer wrongly, 2 not understood.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from models.command_line import options
from models.command_line.verb import verb
from models.convert import intake
from models.formats.architecture import reader
from models.formats.architecture.description import Description
from models.lanes import BACKENDS, Backend
from models.parity.known_limits import Prediction, formats_of, predict

SCHEMA = 1  # of --json; grows when a key changes its meaning or goes
_NAMES = 3  # of layers in a line
_LONGEST = 50  # characters of a name


@verb(failure=2, examples=("model.h5", "model.keras --json check.json", "web/model_graph"))
@click.argument("file", type=options.PATH)
@click.option(
    "--json", "json_file", metavar="FILE", type=options.PATH, help="Write it all to a file, too."
)
def command(*, file: Path, json_file: Path | None) -> int:
    """What is known to stand in a model's way, before it is converted?

    FILE is an .h5, a .keras, a SavedModel of tf_keras, a folder of tensorflowjs_converter or of
    TensorFlow.js, or a ZIP of one. Only its description is read, and looked up in a table
    (docs/known-limits.md): what each format does with such a model in TensorFlow.js, on each
    backend, the way out, and where to read more. That nothing is known is no proof:
    `digit-parity verify` tries it.

    Exit codes: 0 nothing known, 1 a format is known to refuse or to answer wrongly, 2 the file or
    the command was not understood.
    """
    with intake.opened(file) as found:
        description = reader.read(found.path)
    predictions = predict(description)
    code = int(any(each.limit.harmful for each in predictions))
    if json_file is not None:
        content = _as_json(file, description, predictions, code)
        json_file.write_text(json.dumps(content, indent=2) + "\n", "utf-8")
    print("\n".join(_lines(description, predictions)))
    return code


def _lines(description: Description, predictions: Sequence[Prediction]) -> Iterator[str]:
    for form in formats_of(description):
        mine = [each for each in predictions if each.format == form]
        for each in mine:
            row = each.limit
            yield (
                f"{form}{_on(each.backends)}: {row.effect}: {row.what} ({_some(each.layers)}). "
                f"{row.happens} Way out: {row.way_out} {row.reference}"
            )
        stopped = {backend for each in mine if each.limit.harmful for backend in each.backends}
        if free := [backend for backend in BACKENDS if backend not in stopped]:
            yield f"{form}{_on(free)}: nothing known stands in the way."


def _on(backends: Sequence[Backend]) -> str:
    """Which backends a line is about, unless it is all."""
    return "" if len(backends) == len(BACKENDS) else f" on {', '.join(backends)}"


def _some(names: Sequence[str]) -> str:
    """The first few of the layers' names."""
    more = len(names) - _NAMES
    shown = ", ".join(_shown(name) for name in names[:_NAMES])
    return shown + (f" and {more} more" if more > 0 else "")


def _shown(name: str) -> str:
    """The end of a name, by which long ones differ, without what would fool a terminal."""
    short = name if len(name) <= _LONGEST else f"…{name[-_LONGEST:]}"
    return short if short.isprintable() else ascii(short)


def _as_json(
    file: Path, description: Description, predictions: Sequence[Prediction], code: int
) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "file": str(file),
        "format": description.format,
        "keras": description.keras,
        "predictions": [
            {
                "format": each.format,
                "backends": each.backends,
                "limit": each.limit.name,
                "effect": each.limit.effect,
                "harmful": each.limit.harmful,
                "layers": each.layers,
                "what": each.limit.what,
                "happens": each.limit.happens,
                "way_out": each.limit.way_out,
                "reference": each.limit.reference,
            }
            for each in predictions
        ],
        "exit_code": code,
    }
