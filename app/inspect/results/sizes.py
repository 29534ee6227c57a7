"""Every stored form of a model: what it weighs, how well it reads, how far it is from Keras."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from app.inspect.results.chart_specs import CEILING, FLOOR
from models.formats import anatomy
from models.formats.anatomy import Size
from models.formats.manifest import Manifest, stored_form
from models.lanes import Lane
from models.parity.agreement import Agreement, compare
from models.runtimes.worker.messages import Answer


@dataclass(frozen=True)
class Variant:
    """A stored form. ``accuracy`` is out of the manifest, None where it was never measured;
    ``agreement`` with the reference is None until both have answered.
    """

    form: str
    lane: Lane
    size: Size
    accuracy: float | None = None
    agreement: Agreement | None = None


def variants(
    folder: Path, manifest: Manifest, answers: Mapping[Lane, Future[Answer]]
) -> list[Variant]:
    """Every stored form of the model, with what is known by now. Raises ModelError."""
    known = measured_on(manifest)
    accuracy = manifest.accuracy[known] if known else {}
    base = _answer(answers.get(manifest.reference))
    found = []
    for lane, future in answers.items():
        form = stored_form(lane.format, lane.weights)
        other = _answer(future)
        agreement = None if base is None or other is None else compare(base, other)
        weighed = anatomy.size(folder, manifest, lane.format, lane.weights)
        found.append(Variant(form, lane, weighed, accuracy.get(form), agreement))
    return found


def measured_on(manifest: Manifest) -> str | None:
    """The first set that the manifest has accuracies of."""
    return next(iter(manifest.accuracy), None)


def done(answers: Mapping[Lane, Future[Answer]]) -> bool:
    """Whether every form has answered or failed."""
    return all(future.done() for future in answers.values())


def problems(answers: Mapping[Lane, Future[Answer]]) -> dict[Lane, str]:
    """Why forms could not answer."""
    return {
        lane: str(future.exception())
        for lane, future in answers.items()
        if future.done() and future.exception() is not None
    }


def frame(found: Sequence[Variant]) -> pd.DataFrame:
    """Columns form, weights, kilobytes, difference, shown, same, accuracy, label, place."""
    rows = [
        (
            each.form,
            each.lane.weights,
            each.size.gzip / 1000,
            each.agreement.absolute.max,
            min(max(each.agreement.absolute.max, FLOOR), CEILING),
            each.agreement.same_top,
            each.accuracy,
            _label(each),
            _place(each, found),
        )
        for each in found
        if each.agreement is not None
    ]
    columns = ["form", "weights", "kilobytes", "difference", "shown"]
    return pd.DataFrame(rows, columns=[*columns, "same", "accuracy", "label", "place"])


def _place(each: Variant, found: Sequence[Variant]) -> int:
    """Which label this is among the forms with weights like these, the farthest from Keras first.

    Their marks lie close together: the first has its label above, the others below each other.
    """
    alike = [other for other in found if other.lane.weights == each.lane.weights]
    return sorted(alike, key=_distance, reverse=True).index(each)


def _distance(each: Variant) -> float:
    return each.agreement.absolute.max if each.agreement is not None else -1.0


def _label(each: Variant) -> str:
    """Short, for a phone: the mark's shape tells how the weights are stored."""
    accuracy = "" if each.accuracy is None else f" {100 * each.accuracy:.2f} %"
    return f"{each.lane.format}{accuracy}"


def table(found: Sequence[Variant]) -> pd.DataFrame:
    """One row a stored form, all exact; no column for an accuracy that was never measured."""
    rows = pd.DataFrame(
        {
            "form": each.form,
            "files": len(each.size.files),
            "bytes": each.size.bytes,
            "gzip bytes": each.size.gzip,
            "accuracy": each.accuracy,
            "max difference": None if each.agreement is None else each.agreement.absolute.max,
            "same digit": None if each.agreement is None else each.agreement.same_top,
        }
        for each in found
    )
    measured = any(each.accuracy is not None for each in found)
    return rows if measured else rows.drop(columns="accuracy", errors="ignore")


def files(found: Sequence[Variant], manifest: Manifest) -> pd.DataFrame:
    """One row a file: its size, on the wire too, and its hash."""
    return pd.DataFrame(
        {
            "file": file.path,
            "bytes": file.bytes,
            "gzip bytes": file.gzip,
            "SHA-256": manifest.files[file.path].sha256 if file.path in manifest.files else None,
        }
        for each in found
        for file in each.size.files
    )


def _answer(future: Future[Answer] | None) -> np.ndarray | None:  # type: ignore[type-arg]
    if future is None or not future.done() or future.exception() is not None:
        return None
    return future.result().probabilities
