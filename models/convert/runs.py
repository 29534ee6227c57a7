"""A run of the official converter: what it makes, and the same as TensorFlow.js takes it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from models.convert import loadable
from models.convert.official import converter
from models.convert.official.apart import without_onednn
from models.convert.official.converter import Run
from models.errors import ModelError
from models.formats import manifest as manifests
from models.lanes import CONVERTED, WEIGHTS, Format, Weights
from models.runtimes.process import trials


@dataclass(frozen=True)
class Conversion:
    """One run of the official converter: a TensorFlow.js format and a kind of weights, of a Keras
    file or of an ``exported`` SavedModel.
    """

    form: Format
    weights: Weights
    exported: bool = False

    @property
    def folder(self) -> str:
        """The name of the folder for its files: ``model_graph``, ``model_layers_uint8``, …"""
        return f"model_{self.form}" + ("" if self.weights == "float32" else f"_{self.weights}")

    @property
    def stored(self) -> str:
        """Its key among a manifest's lanes."""
        return manifests.stored_form(self.form, self.weights)

    def arguments(self, source: str, target: str) -> list[str]:
        """Arguments for ``tensorflowjs_converter``. The flag without a value means all weights."""
        quantised = [] if self.weights == "float32" else [f"--quantize_{self.weights}"]
        kind = "tf_saved_model" if self.exported else "keras"
        formats = [f"--input_format={kind}", f"--output_format=tfjs_{self.form}_model"]
        return [*quantised, *formats, source, target]

    def command(self, source: str) -> str:
        """The command line, to be run in the model's folder."""
        return " ".join(["tensorflowjs_converter", *self.arguments(source, self.folder)])


CONVERSIONS = tuple(Conversion(form, weights) for weights in WEIGHTS for form in CONVERTED)
EXPORTED = tuple(Conversion("graph", weights, exported=True) for weights in WEIGHTS)


def run(conversion: Conversion, source: Path, into: Path, convert: Run | None = None) -> None:
    """Convert ``source``, an .h5 or an exported SavedModel, to the new folder ``into /
    conversion.folder``, as it is done without us.

    Raises ModelError with what the converter says.
    """
    with trials.trial(f"converting to {conversion.folder}", patient=True):
        convert = convert or converter.run
        convert(conversion.arguments(str(source), str(into / conversion.folder)))


def run_loadable(conversion: Conversion, source: Path, into: Path) -> str:
    """The same as TensorFlow.js can load and run it; a sentence on what that changed, "" if
    nothing.
    """
    with without_onednn() as apart:
        return run_loadable_with(conversion, source, into, apart)


def run_loadable_with(conversion: Conversion, source: Path, into: Path, apart: Run) -> str:
    """The same, with what runs the converter without oneDNN where that is needed."""
    path = into / conversion.folder / "model.json"
    try:
        run(conversion, source, into)
        if conversion.form != "graph" or not loadable.is_fused_too_far(path):
            return loadable.tidy(path)
    except ModelError as error:
        if not loadable.is_refused_for_fusing(str(error)):
            raise
    shutil.rmtree(path.parent, ignore_errors=True)
    run(conversion, source, into, apart)
    loadable.tidy(path)
    return loadable.WITHOUT_ONEDNN
