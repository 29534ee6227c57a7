"""The numbers in the files of two formats: which arrays are the same, and which are not."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from models.errors import ModelError
from models.formats import safety
from models.formats.anatomy.leaves import leaves
from models.formats.anatomy.pairing import Pairing, pair
from models.formats.anatomy.parts import Anatomy
from models.formats.anatomy.settings import numbers_between
from models.formats.anatomy.weight_comparison import Stored
from models.lanes import Format

# What a graph that nobody foresaw can raise while it is paired with layers.
_UNFORESEEN = (ValueError, KeyError, IndexError, TypeError, AttributeError, StopIteration)
_IN_ARCHIVE = "model.weights.h5"  # of a .keras file


@dataclass(frozen=True)
class Numbers:
    """The numbers of ``form`` beside those of ``against``, the Keras or the layers model.

    ``same`` and ``missing`` are names of the arrays of ``against``: the missing ones could not be
    compared. ``different`` are arrays with other numbers, and ``settings`` says of numbers among
    the settings how they differ. ``problem`` says why nothing could be compared.
    """

    form: Format
    against: Format
    same: tuple[str, ...] = ()
    different: tuple[Stored, ...] = ()
    missing: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    problem: str | None = None

    @property
    def differ(self) -> bool:
        """Whether this format has other numbers, beyond the rounding of float32."""
        return bool(self.different or self.settings)


def compare_numbers(reference: Anatomy, other: Anatomy, original: Path | None = None) -> Numbers:
    """Compare the numbers of a Keras or layers model with those of another format of it.

    ``original`` is the file that ``reference`` is a rebuild of: what it holds no longer is missing.
    Arrays that are another's beyond doubt, or transformed in a way that is not known here, are
    missing too: the answers tell more of these.
    """
    form, against = other.format, reference.format
    try:
        pairing = pair(reference, other)
        stored = pairing.weights
        settings = tuple(_settings(pairing))
    except _UNFORESEEN as error:
        problem = f"its arrays could not be found ({type(error).__name__}: {error})"
        return Numbers(form, against, problem=problem)
    names = dict.fromkeys(weight.name for part in reference for weight in part.floats)
    different = tuple(each for each in stored if not each.equal and each.alike and each.other)
    lost = {
        name for each in stored if not each.equal and each not in different for name in each.weights
    }
    if original is not None:
        lost |= rebuilt_otherwise(reference, original)
    changed = {name for each in different for name in each.weights}
    same = tuple(name for name in names if name not in changed | lost)
    missing = tuple(name for name in names if name in lost - changed)
    return Numbers(form, against, same, different, missing, settings)


def rebuilt_otherwise(rebuild: Anatomy, original: Path) -> set[str]:
    """The arrays of a rebuild that the original's file, a .keras or an .h5, does not hold.

    Raises ModelError when it cannot be read.
    """
    import h5py

    safety.check(original)
    try:
        if zipfile.is_zipfile(original):
            with zipfile.ZipFile(original) as archive:
                content: Any = io.BytesIO(archive.read(_IN_ARCHIVE))
        else:
            content = original
        with h5py.File(content) as file:
            held = {_key(np.asarray(each)) for each in _datasets(file)}
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        reason = f"{type(error).__name__}: {error}"
        raise ModelError(f"The numbers of {original} cannot be read ({reason}).") from error
    return {each.name for part in rebuild for each in part.floats if _key(each.value) not in held}


def _datasets(group: Any) -> Iterator[Any]:
    for each in group.values():
        if hasattr(each, "values"):
            yield from _datasets(each)
        elif each.dtype.kind == "f":
            yield each


def _key(value: np.ndarray[Any, Any]) -> bytes:
    return np.ascontiguousarray(value, np.float32).tobytes()


def _settings(pairing: Pairing) -> Iterator[str]:
    if pairing.matching is None:
        twins = {part.name: part for part in leaves(pairing.other.parts)}
        named = dict(pairing.pairs)
        for part in leaves(pairing.reference.parts):
            twin = twins.get(named.get(part.name, part.name))
            if twin is not None and twin.kind == part.kind:
                yield from numbers_between(part, twin)
        return
    for operation in pairing.other:
        if operation.kind.startswith("FusedBatchNorm"):
            for name in pairing.matching.layers_in(operation.name):
                yield from numbers_between(pairing.reference[name], operation)
