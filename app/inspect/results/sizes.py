"""The stored forms of a model: size, accuracy, and agreement with the reference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from app.inspect.results.chart_specs import CEILING, FLOOR
from models.formats import anatomy, model_output
from models.formats.anatomy import Size
from models.formats.manifest import Manifest, stored_form
from models.formats.model_output import AnswerKind
from models.lanes import Lane
from models.parity.agreement import Agreement, compare
from models.runtimes.worker.messages import Answer


@dataclass(frozen=True)
class Variant:
    """A stored form. ``accuracy`` is the manifest's, None if it was never measured;
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
    """Every stored form of the model, with what is known so far. Raises ModelError."""
    measured = measured_on(manifest)
    accuracy = manifest.accuracy[measured] if measured else {}
    base = _answer(answers.get(manifest.reference), manifest.answers)
    forms = []
    for lane, future in answers.items():
        form = stored_form(lane.format, lane.weights)
        other = _answer(future, manifest.answers)
        agreement = None if base is None or other is None else compare(base, other)
        size = anatomy.size(folder, manifest, lane.format, lane.weights)
        forms.append(Variant(form, lane, size, accuracy.get(form), agreement))
    return forms


def measured_on(manifest: Manifest) -> str | None:
    """The name of the first data set for which the manifest has accuracies; None without any."""
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


def frame(forms: Sequence[Variant]) -> pd.DataFrame:
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
            _place(each, forms),
        )
        for each in forms
        if each.agreement is not None
    ]
    columns = ["form", "weights", "kilobytes", "difference", "shown"]
    return pd.DataFrame(rows, columns=[*columns, "same", "accuracy", "label", "place"])


def _place(each: Variant, forms: Sequence[Variant]) -> int:
    """The rank of this form among those with the same weights, the farthest from Keras first.

    Their marks lie close together: the first label is above its mark, the others below each other.
    """
    alike = [other for other in forms if other.lane.weights == each.lane.weights]
    return sorted(alike, key=_distance, reverse=True).index(each)


def _distance(each: Variant) -> float:
    return each.agreement.absolute.max if each.agreement is not None else -1.0


def _label(each: Variant) -> str:
    """A short label, for phones. The mark's shape shows how the weights are stored."""
    accuracy = "" if each.accuracy is None else f" {100 * each.accuracy:.2f} %"
    return f"{each.lane.format}{accuracy}"


def table(forms: Sequence[Variant]) -> pd.DataFrame:
    """One row per stored form, without rounding; no accuracy column if none was measured."""
    rows = pd.DataFrame(
        {
            "form": each.form,
            "files": len(each.size.files),
            "bytes": each.size.bytes,
            "gzip bytes": each.size.gzip,
            "accuracy": each.accuracy,
            "max difference": None if each.agreement is None else each.agreement.absolute.max,
            "same class": None if each.agreement is None else each.agreement.same_top,
        }
        for each in forms
    )
    measured = any(each.accuracy is not None for each in forms)
    return rows if measured else rows.drop(columns="accuracy", errors="ignore")


def files(forms: Sequence[Variant], manifest: Manifest) -> pd.DataFrame:
    """One row per file: its size, its gzip size and its hash."""
    return pd.DataFrame(
        {
            "file": file.path,
            "bytes": file.bytes,
            "gzip bytes": file.gzip,
            "SHA-256": manifest.files[file.path].sha256 if file.path in manifest.files else None,
        }
        for each in forms
        for file in each.size.files
    )


def _answer(future: Future[Answer] | None, kind: AnswerKind) -> np.ndarray | None:
    """What pages show of a form's answers; None until it has answered."""
    if future is None or not future.done() or future.exception() is not None:
        return None
    given = future.result().probabilities
    return None if given is None else model_output.probabilities(given, kind)
