"""Adds a model: converts or copies it, describes it, and verifies it before it is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from models.add import staging
from models.convert import conversion, converter, given, keras_source
from models.convert.given import KERAS_FILE, Given
from models.errors import ModelError
from models.formats import manifest as manifests
from models.formats import store
from models.formats.manifest import Input, Manifest
from models.lanes import TENSORFLOW
from models.parity.agreement import ATOL, RTOL
from models.parity.metrics import accuracy
from models.runtimes import node, tensorflow
from models.runtimes.predict_set import predict
from models.verify import default_digits, verification
from models.verify.verification import SAME, Verification

MAX_CLASSES = 100  # charts and tables show each of them
WASM = "tfjs/wasm"  # plain JavaScript computes the same, but takes minutes
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
    when its classes are not the ten digits.
    """

    folder: Path
    verification: Verification
    right: float | None


class DiffersError(ModelError):
    """The conversions do not answer like the original."""

    def __init__(self, result: Verification) -> None:
        super().__init__("The conversions do not answer like the original, so nothing was added.")
        self.verification = result


def from_keras(
    name: str,
    source: Path,
    about: About,
    *,
    replace_old: bool = False,
    atol: float = ATOL,
    rtol: float = RTOL,
) -> Added:
    """Convert a Keras model to both formats with every kind of weights and add it as ``name``.

    Raises ModelError, with nothing changed, when the name is taken or the model cannot be
    converted; DiffersError when its conversions do not answer like it.
    """
    converter.check()
    with staging.staged(name, replace_old) as folder:
        read = keras_source.load(source, scale=about.scale)
        about = _named(about, read.classes)
        read.save(folder, KERAS_FILE)
        manifest = conversion.convert(folder, source=KERAS_FILE)
        _finish(folder, read.described(manifest, folder), about)
        result = _judged(folder, atol, rtol)
    return Added(store.folder(name), *result)


def from_converted(
    name: str,
    graph: Path,
    layers: Path,
    about: About,
    *,
    replace_old: bool = False,
    atol: float = ATOL,
    rtol: float = RTOL,
) -> Added:
    """Add a model that was converted elsewhere. Without Keras, graph is compared with layers.

    Raises what ``from_keras`` raises.
    """
    with staging.staged(name, replace_old) as folder:
        built = given.build(Given(graph=graph, layers=layers), folder)
        manifest = replace(built, name=name)
        about = _named(about, tensorflow.load(folder, "layers").classes)
        _finish(folder, manifest, about)
        result = _judged(folder, atol, rtol)
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


def _judged(folder: Path, atol: float, rtol: float) -> tuple[Verification, float | None]:
    """Verify the lanes that run here, and compute the share of digits that are read right.

    Raises ModelError, or DiffersError when a lane does not pass.
    """
    manifest = manifests.read(folder)
    digits = default_digits.digits(folder)
    (reference,) = predict(digits, [manifest.reference], folder)
    if reference.error is not None:
        raise ModelError(reference.error)
    here = (TENSORFLOW, *([WASM] if node.SCRIPT.is_file() else []))
    result = verification.verify(folder, digits, runtimes=here, atol=atol, rtol=rtol)
    if result.exit_code != SAME:
        raise DiffersError(result)
    right = accuracy(reference.top, digits.labels).share
    return result, right if manifest.classes == TEN else None
