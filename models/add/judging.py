"""Judges a new model before it is kept: every lane that runs here, each by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from models.convert import building
from models.convert.intake.given import KERAS_FILE, Given
from models.dataset import sample_inputs
from models.errors import ModelError
from models.formats import manifest as manifests
from models.formats.wanted import Wanted
from models.lanes import CONVERTED, TENSORFLOW, Format
from models.parity.judgement import ByTolerance
from models.parity.metrics import accuracy
from models.verify import naming, official, verification
from models.verify.official import Alone
from models.verify.verification import Verification

# Plain JavaScript computes the same as wasm, but takes minutes.
_WASM = "tfjs/wasm"
RUNTIMES = (TENSORFLOW, _WASM)
TEN = tuple("0123456789")


class NotKeptError(ModelError):
    """No conversion can be used, or not those that are required."""

    def __init__(self, result: Verification, required: Sequence[Format]) -> None:
        which = f"Not every lane of {' and '.join(required)}" if required else "No format"
        sentence = f"{which} answers like the original, so nothing was added."
        if _unsettled(result):
            sentence = (
                "The formats answer differently, and there is no original to tell which is right, "
                "so nothing was added."
            )
        if any(each.lane.runtime == _WASM for each in result.lanes("cannot run")):
            sentence += " `digit-parity verify`, of the same files, also tries plain JavaScript."
        super().__init__(sentence)
        self.verification = result


def names(files: Given, folder: Path) -> naming.Names:
    """What the user calls the files in the folder of the new model; Node names links' targets."""
    return {
        copy: called
        for each in (folder, folder.resolve())
        for copy, called in naming.of_given(files, each, KERAS_FILE).items()
    }


def judged(
    folder: Path,
    files: Given,
    wanted: Wanted,
    *,
    tolerance: ByTolerance | None,
    required: Sequence[Format],
    again: str,
    unmade: Mapping[str, str] | None = None,
    alone: Alone | None = None,
) -> tuple[Verification, float | None]:
    """Verify the lanes that run here, and what the official converter makes ``alone``; note the
    bound in the manifest, and compute the share of digits that are read right.

    Raises ModelError, or NotKeptError when no format passes, or not what is required.
    """
    manifest = manifests.read(folder)
    found = sample_inputs.find(manifest, folder)
    result = verification.verify(
        folder,
        found.samples,
        runtimes=RUNTIMES,
        tolerance=tolerance,
        required=required,
        unmade=unmade,
        again=again,
    )
    if alone is not None:
        result = official.judged(result, alone, found.samples)
    result = naming.renamed(result, names(files, folder))
    manifest = building.described(manifest, files, folder, wanted, result.reference.answers[0])
    kept = [form for form in CONVERTED if _passes(result, form)]
    if not kept or set(required) - set(kept) or _unsettled(result):
        raise NotKeptError(result, required)
    manifests.write(replace(manifest, rounding=result.reference.rounding), folder)
    result = replace(result, manifest=manifest, source=found.source)
    if manifest.classes != TEN:
        return result, None
    right = accuracy(result.reference.answers[0].argmax(axis=-1), found.samples.labels)
    return result, right.share if right.total else None


def _passes(result: Verification, form: Format) -> bool:
    """Whether a format passes wherever it was tried, or nothing can be told of its answers.

    TensorFlow is one way among others to run a graph: what it cannot run is not held against it.
    """
    lanes = [each for each in result.judgements if each.lane.format == form]
    kinds = {each.kind for each in lanes if each.lane.in_browser or each.kind != "cannot run"}
    fine = {"passed", "cannot be judged"}
    return bool(kinds & fine) and kinds <= {*fine, "not tried"}


def _unsettled(result: Verification) -> bool:
    """Whether two formats differ and no original tells which of them is right."""
    return result.reference.lane.format != "keras" and bool(result.lanes("differs"))
