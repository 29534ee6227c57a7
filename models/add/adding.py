"""Adds a model: converts or copies it, describes it, and verifies it before it is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from models.add import judging, staging
from models.convert import chosen, conversion, converted_source, converter, given, keras_source
from models.convert.conversion import Conversion, Converted
from models.convert.given import KERAS_FILE, Given
from models.convert.keras_source import Source
from models.errors import ModelError
from models.formats import manifest as manifests
from models.formats import store
from models.formats.manifest import Manifest
from models.lanes import CONVERTED, Format
from models.parity.judgement import ByTolerance
from models.runtimes import tensorflow
from models.verify import naming
from models.verify.official import Alone
from models.verify.verification import Verification

MAX_CLASSES = 100  # charts and tables show each of them
SEPARABLE = (
    "The layers model lacks fields of its separable convolutions that the official converter "
    "writes and TensorFlow.js refuses: what the converter alone makes does not load there."
)


@dataclass(frozen=True)
class About:
    """Facts that a model's files do not contain. The default of ``classes`` is 0, 1, 2, …; that of
    ``title`` is the model's name.
    """

    scale: float = 1.0
    classes: Sequence[str] | None = None
    title: str | None = None


@dataclass(frozen=True)
class Added:
    """A model that was added. ``right`` is the share of example digits that it reads right; None
    when its classes are not the ten digits. ``changed`` says what our conversion changes of the
    official one's files, if anything.
    """

    folder: Path
    verification: Verification
    right: float | None
    changed: str | None = None


def from_keras(
    name: str,
    source: Path,
    about: About,
    *,
    replace_old: bool = False,
    tolerance: ByTolerance | None = None,
    required: Sequence[Format] = (),
    again: str = "the same command",
) -> Added:
    """Convert a Keras model to both formats with every kind of weights and add it as ``name``.

    It is added when one format, or all that are ``required``, passes on every lane that was tried;
    the others are added with it, as they are. ``again`` is the command to run with another scale.
    Raises ModelError, with nothing changed, when the
    name is taken or the model cannot be read; NotKeptError when no format passes.
    """
    converter.check()
    files = Given(original=source)
    with staging.staged(name, replace_old) as folder, naming.naming(judging.names(files, folder)):
        read = keras_source.load(source, choose=chosen.digits(about.scale))
        about = _named(about, read.classes)
        read.save(folder, KERAS_FILE)
        ends = read.taken, read.gives
        converted = conversion.convert_what_works(folder, source=KERAS_FILE, ends=ends)
        _finish(folder, read.described(converted.manifest, folder), about)
        alone = Alone(
            source if read.original else folder / KERAS_FILE, source, _changed(read, converted)
        )
        result = judging.judged(
            folder,
            files,
            tolerance=tolerance,
            required=required,
            again=again,
            unmade=converted.unmade,
            alone=alone,
        )
    return Added(store.folder(name), *result, SEPARABLE if converted.left_out else None)


def _changed(read: Source, converted: Converted) -> list[Conversion]:
    """The conversions of the official converter that ours changes."""
    forms: Sequence[Format] = CONVERTED if read.original else ()
    if converted.left_out:
        forms = [form for form in CONVERTED if form in forms or form == "layers"]
    return [Conversion(form, "float32") for form in forms]


def from_converted(
    name: str,
    graph: Path,
    layers: Path,
    about: About,
    *,
    replace_old: bool = False,
    tolerance: ByTolerance | None = None,
    required: Sequence[Format] = (),
    again: str = "the same command",
) -> Added:
    """Add a model that was converted elsewhere. Without Keras, graph is compared with layers.

    Raises what ``from_keras`` raises.
    """
    for path in (graph, layers):
        converted_source.refuse_shared(path)
    files = Given(graph=graph, layers=layers)
    with staging.staged(name, replace_old) as folder, naming.naming(judging.names(files, folder)):
        built = given.build(files, folder, choose=chosen.digits(about.scale)).manifest
        manifest = replace(built, name=name)
        about = _named(about, tensorflow.load(folder, "layers").classes)
        _finish(folder, manifest, about)
        result = judging.judged(folder, files, tolerance=tolerance, required=required, again=again)
    return Added(store.folder(name), *result)


def _named(about: About, count: int) -> About:
    """The same with a name for each of the ``count`` classes. Raises ModelError if they differ."""
    if not 2 <= count <= MAX_CLASSES:
        raise ModelError(f"The model has {count} classes. Expected from 2 to {MAX_CLASSES}.")
    classes = tuple(about.classes or map(str, range(count)))
    if len(classes) != count or len(set(classes)) != count or not all(map(str.strip, classes)):
        raise ModelError(
            f"The model has {count} classes; {len(classes)} were named: {', '.join(classes)}. "
            f"Expected {count} different names."
        )
    return replace(about, classes=classes)


def _finish(folder: Path, manifest: Manifest, about: About) -> None:
    """Write the manifest, with what only the person who adds the model knows."""
    complete = replace(
        manifest,
        title=about.title or manifest.name,
        classes=tuple(about.classes or ()),
    )
    manifests.write(complete, folder)
