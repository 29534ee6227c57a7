"""A new model: converted or copied, described, and verified before it is added."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from models import convert
from models.add import converted_source, keras_source, staging
from models.errors import ModelError
from models.formats import manifest as manifests
from models.formats import store
from models.formats.manifest import Input, Manifest
from models.lanes import CONVERTED, TENSORFLOW
from models.parity.agreement import ATOL, RTOL
from models.parity.metrics import accuracy
from models.runtimes import node, tensorflow
from models.runtimes.predict_set import predict
from models.verify import default_digits, verification
from models.verify.verification import SAME, Verification

KERAS_FILE = "model.h5"
MAX_CLASSES = 100  # charts and tables have a place for each
WASM = "tfjs/wasm"  # plain JavaScript computes the same, and takes minutes for it
TEN = tuple("0123456789")


@dataclass(frozen=True)
class About:
    """What a model's files do not say. Without ``classes`` they are 0, 1, 2, …; without ``title``
    it is the model's name.
    """

    scale: float = 1.0
    classes: Sequence[str] | None = None
    title: str | None = None


@dataclass(frozen=True)
class Added:
    """A model that is in its place. ``right`` is the share of example digits that it reads right,
    None where its classes are not the ten digits.
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

    Raises ModelError and leaves the models that are there as they were: a name that is taken, a
    model that cannot be converted, DiffersError when its conversions answer otherwise.
    """
    with staging.staged(name, replace_old) as folder:
        model = keras_source.load(source)
        about = _named(about, model.output_shape[1])
        model.save(folder / KERAS_FILE)
        made = convert.convert(folder, source=KERAS_FILE)
        _finish(folder, made, about)
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
    """Add folders that were converted elsewhere; without Keras, graph is compared with layers.

    Raises as ``from_keras`` does.
    """
    with staging.staged(name, replace_old) as folder:
        places = {form: f"model_{form}" for form in CONVERTED}
        given = dict(zip(CONVERTED, (graph, layers), strict=True))
        by = {
            form: converted_source.copy(given[form], form, folder / places[form])
            for form in CONVERTED
        }
        files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
        made = Manifest(
            name=name,
            title=name,
            classes=("0",),
            lanes={form: f"{place}/model.json" for form, place in places.items()},
            files={path.relative_to(folder).as_posix(): manifests.record(path) for path in files},
            versions={f"{form} model's": version for form, version in by.items()},
        )
        manifests.write(made, folder)
        about = _named(about, tensorflow.load(folder, "layers").classes)
        _finish(folder, made, about)
        result = _judged(folder, atol, rtol)
    return Added(store.folder(name), *result)


def _named(about: About, count: int) -> About:
    """With a name for each of the ``count`` classes."""
    if not 2 <= count <= MAX_CLASSES:
        raise ModelError(f"The model has {count} classes. Expected from 2 to {MAX_CLASSES}.")
    classes = tuple(about.classes or map(str, range(count)))
    if len(classes) != count or len(set(classes)) != count or not all(map(str.strip, classes)):
        raise ModelError(
            f"The model has {count} classes; {len(classes)} were named: {', '.join(classes)}. "
            f"Expected {count} different names."
        )
    return replace(about, classes=classes)


def _finish(folder: Path, made: Manifest, about: About) -> None:
    """Write what only the person who adds the model knows."""
    title = about.title or made.name
    given = Input(scale=about.scale)
    manifests.write(
        replace(made, title=title, classes=tuple(about.classes or ()), input=given), folder
    )


def _judged(folder: Path, atol: float, rtol: float) -> tuple[Verification, float | None]:
    """Compare all lanes that run here, and see how the digits are read. Raises ModelError."""
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
