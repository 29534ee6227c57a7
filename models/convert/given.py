"""Builds a model's folder from what a user has: a Keras file, converted folders, or both."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from models.convert import conversion, converted_source, converter, keras_source
from models.convert.conversion import CONVERSIONS, Conversion, Converted
from models.errors import ModelError
from models.formats import manifest as manifests
from models.formats.architecture import reader
from models.formats.manifest import Manifest
from models.formats.model_input import Input
from models.lanes import CONVERTED, Format, Pixels
from models.parity import known_limits

KERAS_FILE = "model.h5"


@dataclass(frozen=True)
class Given:
    """The files of one model, at least one of them.

    ``original`` is what Keras saved; ``graph`` and ``layers`` are folders of a converter, or the
    model.json in them.
    """

    original: Path | None = None
    graph: Path | None = None
    layers: Path | None = None

    @cached_property
    def converted(self) -> dict[Format, Path]:
        """The converted models that are given, by format."""
        paths = {"graph": self.graph, "layers": self.layers}
        return {form: path for form in CONVERTED if (path := paths[form]) is not None}

    @cached_property
    def left_out(self) -> list[Conversion]:
        """What has to be converted to have both formats; nothing without an original."""
        if self.original is None:
            return []
        return [
            each
            for each in CONVERSIONS
            if each.weights == "float32" and each.form not in self.converted
        ]

    @property
    def first(self) -> Path:
        """The path that the model is called by: the original's, or else a converted model's."""
        return self.original or next(iter(self.converted.values()))


def folder_of(form: Format) -> str:
    """The name of the folder of a format in a model's folder."""
    return Conversion(form, "float32").folder


def build(
    given: Given, folder: Path, *, scale: float = 1.0, digits: Pixels | None = None
) -> Converted:
    """Make the empty ``folder`` a model's folder of what is given, and convert what is left out.

    What is converted is left as the official converter wrote it: that is what a user has. The
    manifest, which is written too, has no names of classes. ``digits`` (n, 28, 28) in [0, 1] are
    what the rebuild of a Keras 3 file is compared with it on; the examples unless given. Raises
    ModelError when a file is not what it is given as, or when the converter is needed and missing.
    """
    if given.left_out:
        converter.check()
    if given.original is None and given.layers is not None:
        _refuse_of_keras_3(given.layers)
    versions = {
        f"{form} model's": converted_source.copy(path, form, folder / folder_of(form))
        for form, path in given.converted.items()
    }
    source = None
    if given.original is not None:
        source = keras_source.load(given.original, scale=scale, digits=digits)
        source.save(folder, KERAS_FILE)
    unmade = {}
    for each in given.left_out:
        try:
            conversion.run(each, folder / KERAS_FILE, folder)
        except ModelError as error:  # the other format may be just what is wanted
            shutil.rmtree(folder / each.folder, ignore_errors=True)
            unmade[each.stored] = str(error)
    places = {"keras": KERAS_FILE} | {form: f"{folder_of(form)}/model.json" for form in CONVERTED}
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    manifest = Manifest(
        name=given.first.resolve().name,
        title=str(given.first),
        classes=(),
        lanes={form: place for form, place in places.items() if (folder / place).is_file()},
        files={path.relative_to(folder).as_posix(): manifests.record(path) for path in files},
        input=Input(scale=(scale,)),
        versions=versions,
    )
    if source is not None:
        manifest = source.described(manifest, folder)
    manifests.write(manifest, folder)
    return Converted(manifest, unmade)


def _refuse_of_keras_3(layers: Path) -> None:
    """Raise ModelError for a layers model that nothing loads: it would be the reference."""
    for each in known_limits.predict(reader.read(layers)):
        if each.format == "layers" and each.limit.name == "keras3-batch-shape":
            raise ModelError(
                f"{layers} was converted from {each.limit.what}. {each.limit.happens} tf_keras "
                f"does not load it either. {each.limit.way_out} Or give the original, too; the "
                "graph model alone can be verified."
            )
