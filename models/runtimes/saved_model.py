"""A SavedModel without layers: exported by Keras 3, or saved by TensorFlow itself.

Nothing but its graph is there: TensorFlow runs what the signature for serving names, frozen, in the
session that all other lanes run in.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.errors import ModelError
from models.formats import safety
from models.formats.architecture.saved_model import METADATA
from models.formats.tensors import DTYPES, Tensor
from models.runtimes import tf_session
from models.runtimes.tf_session import TfSession
from models.storage import plain_files

GRAPH = "saved_model.pb"
SERVING = "serving_default"  # what the official converter takes unless it is told otherwise
_WAY_OUT = (
    "Save it with one: model.export(path) in Keras 3, or tf.saved_model.save(model, path, "
    f'signatures={{"{SERVING}": function}}).'
)


@dataclass(frozen=True)
class Frozen:
    """A GraphDef without variables, the names of its tensors, and what these are."""

    definition: Any
    sources: Sequence[str]
    targets: Sequence[str]
    takes: tuple[Tensor, ...]
    gives: tuple[Tensor, ...]


def is_exported(path: Path) -> bool:
    """Whether the folder is a SavedModel that has a graph alone."""
    if not path.is_dir() or plain_files.there(path / METADATA):
        return False
    return plain_files.there(path / GRAPH)


def read(path: Path) -> Frozen:
    """What the SavedModel in the folder ``path`` serves.

    Raises ModelError when it may not or cannot be loaded, has no signature for serving, or takes or
    gives something else than numbers.
    """
    safety.check(path)
    import tensorflow as tf

    try:
        loaded = tf.saved_model.load(str(path))
        concrete = loaded.signatures.get(SERVING)
        if concrete is None:
            names = ", ".join(map(plain_files.shown, loaded.signatures)) or "none"
            raise ModelError(f"{path} has no signature {SERVING} (it has: {names}). {_WAY_OUT}")
        definition, sources, targets = tf_session.frozen(concrete)
    except ModelError:
        raise
    except Exception as error:  # protobuf and TensorFlow raise many kinds
        why = plain_files.line(error)
        raise ModelError(f"{path} cannot be loaded by TensorFlow: {why}") from error
    # TensorFlow lists both sides by name.
    _, taken = concrete.structured_input_signature
    takes = tuple(_tensor(name, spec, path) for name, spec in sorted(taken.items()))
    given = sorted(concrete.structured_outputs.items())
    gives = tuple(_tensor(name, spec, path) for name, spec in given)
    if not takes:
        raise ModelError(f"{path} takes nothing in its signature {SERVING}. {_WAY_OUT}")
    return Frozen(definition, sources, targets, takes, gives)


def session(path: Path, takes: Sequence[Tensor]) -> TfSession:
    """The SavedModel as a graph in a session, its operations as they are written. Raises ModelError
    as ``read``, and where it does not take batches of ``takes``.
    """
    found = read(path)
    try:
        return tf_session.start(
            found.definition, found.sources, found.targets, takes, as_written=True
        )
    except Exception as error:  # TensorFlow raises many kinds
        why = plain_files.line(error)
        raise ModelError(f"TensorFlow cannot run {path}: {why}") from error


def copy(source: Path, target: Path) -> None:
    """Copy a SavedModel's files, and nothing else that may lie there, to a new folder ``target``.

    Raises ModelError for one that may not be loaded.
    """
    safety.check(source)
    (target / "variables").mkdir(parents=True)
    for path in [source / GRAPH, *plain_files.below(source / "variables")]:
        shutil.copyfile(path, target / path.relative_to(source))


def _tensor(name: str, spec: Any, path: Path) -> Tensor:
    dtype = spec.dtype.name
    if dtype not in DTYPES or spec.shape.rank in (None, 0):
        raise ModelError(
            f"{path} takes or gives {plain_files.shown(name)}, {dtype} of the shape {spec.shape}. "
            f"Expected {', '.join(DTYPES)}, with a first side that is the batch."
        )
    batch, *sides = spec.shape.as_list()
    return Tensor(name, tuple(sides), dtype, batch=batch)
