"""What the table says of a model, before anything is run and after."""

from __future__ import annotations

import re
from collections.abc import Iterator

from models.formats.architecture.description import Description
from models.lanes import CONVERTED, Format
from models.parity.known_limits import (
    convolutions,
    elementwise,
    files,
    fused,
    number_formats,
    pictures,
    recurrent,
    structure,
)
from models.parity.known_limits.limit import Limit, Prediction

LIMITS: tuple[Limit, ...] = (
    *files.ROWS,
    *structure.ROWS,
    *pictures.ROWS,
    *convolutions.ROWS,
    *elementwise.ROWS,
    *fused.ROWS,
    *number_formats.ROWS,
    *recurrent.ROWS,
)
_SILENT = ("ignores a setting", "another formula")


def formats_of(description: Description) -> tuple[Format, ...]:
    """The formats to predict: both for a Keras file, its own for one that is converted already, and
    a graph for a SavedModel that was exported and has no layers.
    """
    if description.format == "keras" and description.operations:
        return ("graph",)
    return CONVERTED if description.format == "keras" else (description.format,)


def predict(description: Description) -> tuple[Prediction, ...]:
    """The rows that are about this model, by format, in the table's order."""
    found = {row.name: tuple(dict.fromkeys(row.when(description))) for row in LIMITS}
    return tuple(
        Prediction(row, form, found[row.name])
        for form in formats_of(description)
        for row in _possible(description, form)
        if found[row.name]
    )


def explain(
    description: Description, form: Format, error: str | None = None, *, backend: str | None = None
) -> str | None:
    """The name of the row that explains what a format did, None where none does.

    ``error`` is what the converter or TensorFlow.js said; without one the format answered, and
    differs. ``backend`` is left out where it is not known.
    """
    for each in predict(description):
        row = each.limit
        if each.format != form or (backend is not None and backend not in row.backends):
            continue
        said = error is not None and row.says != "" and re.search(row.says, error, re.DOTALL)
        if said or (error is None and row.effect in _SILENT):
            return row.name
    return None


def _possible(description: Description, form: Format) -> Iterator[Limit]:
    """The rows about a format; what is converted already cannot fail to be."""
    converted = description.format != "keras"
    for row in LIMITS:
        if form in row.formats and not (converted and row.effect == "not converted"):
            yield row
