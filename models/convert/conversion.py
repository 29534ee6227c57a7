"""From a Keras file to both TensorFlow.js formats and the manifest, by the official converter."""

from __future__ import annotations

import logging
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

from models.convert import chosen, keras_tensors, runs
from models.convert.guess.taken import Taken
from models.convert.official import converter
from models.convert.official.apart import without_onednn
from models.convert.runs import CONVERSIONS, EXPORTED, Conversion
from models.errors import ModelError
from models.formats import manifest as manifests
from models.formats import strict_json
from models.formats.manifest import Manifest
from models.formats.tensors import Tensor
from models.lanes import Format
from models.runtimes import saved_model
from models.runtimes.keras import keras2
from models.storage import plain_files

_LOG = logging.getLogger(__name__)

Known = tuple[Taken, tuple[Tensor, ...]]  # what a model takes, and what it gives
KERAS_FILE = "mnist_model.h5"
TRAINING_FILE = "training.json"
VERSIONS = ("tensorflow", "tf_keras", "tensorflowjs")


@dataclass(frozen=True)
class Converted:
    """A model's folder: its manifest, and what the converter could not make of the original, as
    stored forms, each with what it said; ``changed`` are the formats that the converter alone makes
    otherwise, each with a sentence, and ``misfits`` are sentences on what is given beside the
    original and has other shapes.
    """

    manifest: Manifest
    unmade: Mapping[str, str]
    changed: Mapping[Format, str] = field(default_factory=dict)
    misfits: tuple[str, ...] = ()


NO_LAYERS = (
    "a SavedModel that was exported, or saved by TensorFlow itself, has a graph and no layers. "
    "Give what model.save wrote to have both formats."
)


def convert(folder: Path, *, source: str = KERAS_FILE, title: str | None = None) -> Manifest:
    """Convert ``folder/source`` to both formats with each kind of weights; write the manifest.

    ``source`` is an .h5, or the folder of an exported SavedModel, which has no layers.
    ``folder/training.json``, if there is one, becomes the manifest's record of the training.
    Nothing in ``folder`` changes unless every conversion works. Raises ModelError when one does
    not, or the model cannot be read.
    """
    return _convert(folder, source, title, None, tolerant=False).manifest


def convert_what_works(
    folder: Path, *, source: str = KERAS_FILE, ends: Known | None = None
) -> Converted:
    """The same, but a conversion that does not work is left out, and its quantised variants with
    it. Raises what ``convert`` raises of the model, which is read unless its ``ends`` are known.
    """
    return _convert(folder, source, None, ends, tolerant=True)


def _convert(
    folder: Path, source: str, title: str | None, ends: Known | None, *, tolerant: bool
) -> Converted:
    converter.check()
    ends = ends or _ends(folder / source)
    is_exported = saved_model.is_exported(folder / source)
    planned = EXPORTED if is_exported else CONVERSIONS
    unmade: dict[str, str] = {"layers": NO_LAYERS} if is_exported else {}
    changed: dict[Format, str] = {}
    with tempfile.TemporaryDirectory(dir=folder) as temporary, without_onednn() as apart:
        for number, conversion in enumerate(planned, 1):
            if conversion.form in unmade:
                unmade[conversion.stored] = unmade[conversion.form]
                continue
            _LOG.info("Converting: %s, %s of %s", conversion.folder, number, len(planned))
            try:
                said = runs.run_loadable_with(conversion, folder / source, Path(temporary), apart)
            except ModelError as error:
                if not tolerant:
                    raise
                unmade[conversion.stored] = str(error)
                continue
            if said:
                changed[conversion.form] = said
        made = [each for each in planned if each.stored not in unmade]
        for conversion in made:
            target = folder / conversion.folder
            shutil.rmtree(target, ignore_errors=True)
            (Path(temporary) / conversion.folder).rename(target)
    manifest = _describe(folder, source, title or folder.resolve().name, ends, made)
    manifests.write(manifest, folder)
    return Converted(manifest, unmade, changed)


def _ends(path: Path) -> Known:
    """What the model at ``path`` takes and gives. Raises ModelError."""
    if saved_model.is_exported(path):
        found = saved_model.read(path)
        return chosen.digits()(found.takes, found.gives), found.gives
    if not path.is_file():
        raise ModelError(f"{path} is missing. `digit-parity train` makes the Keras model.")
    model = keras2.read(path)
    gives = keras_tensors.gives(model, path)
    return chosen.digits()(keras_tensors.takes(model, path), gives), gives


def _describe(
    folder: Path, source: str, title: str, ends: Known, made: Sequence[Conversion]
) -> Manifest:
    taken, gives = ends
    lanes = {"keras": source} | {each.stored: f"{each.folder}/model.json" for each in made}
    produced = [path for each in made for path in sorted((folder / each.folder).iterdir())]
    training = _json(folder / TRAINING_FILE)
    return Manifest(
        name=folder.resolve().name,
        title=str(training.pop("title", title)),
        classes=taken.classes,
        lanes=lanes,
        files={
            path.relative_to(folder).as_posix(): manifests.record(path)
            for path in [*plain_files.below(folder / source), *produced]
        },
        input=taken.input,
        answers=taken.answers,
        assumed=taken.assumed,
        tensors=taken.tensors,
        outputs=gives,
        versions={name: version(name) for name in VERSIONS},
        commands=[each.command(source) for each in made],
        accuracy=training.pop("accuracy", {}),
        training=training,
    )


def _json(path: Path) -> dict[str, Any]:
    """A JSON object, empty where there is no file. Raises ModelError for anything else."""
    if not path.is_file():
        return {}
    try:
        return dict(strict_json.parse(plain_files.read(path, strict_json.LIMIT)))
    except (OSError, ValueError, TypeError) as error:
        raise ModelError(f"{path} is no JSON object ({error}).") from error
