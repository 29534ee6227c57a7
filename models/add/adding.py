"""Adds a model: converts or copies it, describes it, and verifies it before it is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from models.add import staging
from models.convert import conversion, converter, given, keras_source
from models.convert.given import KERAS_FILE, Given
from models.dataset import default_digits
from models.errors import ModelError
from models.formats import manifest as manifests
from models.formats import store
from models.formats.manifest import Input, Manifest
from models.lanes import CONVERTED, TENSORFLOW, Format
from models.parity.judgement import ByTolerance
from models.parity.metrics import accuracy
from models.runtimes import probabilities, tensorflow
from models.verify import verification
from models.verify.verification import Verification

MAX_CLASSES = 100  # charts and tables show each of them
WASM = "tfjs/wasm"  # plain JavaScript computes the same, but takes minutes
SEPARABLE = (
    "The layers model lacks fields of its separable convolutions that the official converter "
    "writes and TensorFlow.js refuses: what the converter alone makes does not load there."
)
TEN = tuple("0123456789")


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
        super().__init__(sentence)
        self.verification = result


def from_keras(
    name: str,
    source: Path,
    about: About,
    *,
    replace_old: bool = False,
    tolerance: ByTolerance | None = None,
    required: Sequence[Format] = (),
) -> Added:
    """Convert a Keras model to both formats with every kind of weights and add it as ``name``.

    It is added when one format, or all that are ``required``, passes on every lane that was tried;
    the others are added with it, as they are. Raises ModelError, with nothing changed, when the
    name is taken or the model cannot be read; NotKeptError when no format passes.
    """
    converter.check()
    with staging.staged(name, replace_old) as folder:
        read = keras_source.load(source, scale=about.scale)
        about = _named(about, read.classes)
        read.save(folder, KERAS_FILE)
        converted = conversion.convert_what_works(folder, source=KERAS_FILE)
        _finish(folder, read.described(converted.manifest, folder), about)
        result = _judged(folder, tolerance, required, converted.unmade)
    return Added(store.folder(name), *result, SEPARABLE if converted.left_out else None)


def from_converted(
    name: str,
    graph: Path,
    layers: Path,
    about: About,
    *,
    replace_old: bool = False,
    tolerance: ByTolerance | None = None,
    required: Sequence[Format] = (),
) -> Added:
    """Add a model that was converted elsewhere. Without Keras, graph is compared with layers.

    Raises what ``from_keras`` raises.
    """
    with staging.staged(name, replace_old) as folder:
        built = given.build(Given(graph=graph, layers=layers), folder).manifest
        manifest = replace(built, name=name)
        about = _named(about, tensorflow.load(folder, "layers").classes)
        _finish(folder, manifest, about)
        result = _judged(folder, tolerance, required)
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
        input=Input(scale=about.scale),
    )
    manifests.write(complete, folder)


def _judged(
    folder: Path,
    tolerance: ByTolerance | None,
    required: Sequence[Format],
    unmade: Mapping[str, str] | None = None,
) -> tuple[Verification, float | None]:
    """Verify the lanes that run here, note the bound in the manifest, and compute the share of
    digits that are read right.

    Raises ModelError, or NotKeptError when no format passes, or not what is required.
    """
    manifest = manifests.read(folder)
    digits = default_digits.digits(folder)
    result = verification.verify(
        folder,
        digits,
        runtimes=(TENSORFLOW, WASM),
        tolerance=tolerance,
        required=required,
        unmade=unmade,
    )
    answers = probabilities.check(result.reference.answers)
    kept = [form for form in CONVERTED if _passes(result, form)]
    if not kept or set(required) - set(kept) or _unsettled(result):
        raise NotKeptError(result, required)
    if (rounding := result.reference.rounding) is not None:
        manifests.write(replace(manifest, rounding=rounding), folder)
    right = accuracy(answers.argmax(axis=1), digits.labels).share
    return result, right if manifest.classes == TEN else None


def _passes(result: Verification, form: Format) -> bool:
    """Whether a format passes wherever it was tried.

    TensorFlow is one way among others to run a graph: what it cannot run is not held against it.
    """
    lanes = [each for each in result.judgements if each.lane.format == form]
    kinds = {each.kind for each in lanes if each.lane.in_browser or each.kind != "cannot run"}
    return "passed" in kinds <= {"passed", "not tried"}


def _unsettled(result: Verification) -> bool:
    """Whether two formats differ and no original tells which of them is right."""
    return result.reference.lane.format != "keras" and bool(result.lanes("differs"))
