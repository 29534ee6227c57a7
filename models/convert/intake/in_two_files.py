"""A model that its owner saved in two files: model.to_json() and model.save_weights("model.h5").

Either is no model, together they are: what Keras 2 stores of one in a single .h5, in two places.
"""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from models.formats.architecture import reader, stored
from models.formats.architecture.stored import NoWeightsError, WeightsAloneError
from models.formats.safety import hdf5
from models.storage import plain_files

_MOST = 1_000  # files of a folder that are looked at
_MOST_OF_A_KIND = 20  # that are looked into
_LAYERS = "layer_names"  # of Keras 2; Keras 3 stores weights otherwise


@contextlib.contextmanager
def joined(path: Path) -> Iterator[tuple[Path, str] | None]:
    """Of a description and weights that lie together, of which ``path`` is one or the folder, an
    .h5 of both in a temporary folder until the block ends, and a sentence that says so; None where
    there are no such two.

    Raises ValueError, in words, or what h5py raises for weights that may not be read.
    """
    found = _pair(path)
    if found is None:
        yield None
        return
    description, weights = found
    with tempfile.TemporaryDirectory(prefix="digit-parity-") as temporary:
        whole = Path(temporary).resolve() / f"{weights.stem}.h5"
        _join(description, weights, whole)
        yield (
            whole,
            f"The layers are those of {description.name}, the weights those of {weights.name}, "
            "which lies beside it: neither is a model alone.",
        )


def _pair(path: Path) -> tuple[Path, Path] | None:
    folder = path if path.is_dir() else path.parent
    listed = sorted(islice(folder.iterdir(), _MOST))
    files = [each for each in listed if each.is_file() and not each.is_symlink()]
    described = [each for each in files if each.suffix == ".json"][:_MOST_OF_A_KIND]
    weighted = [each for each in files if each.suffix in (".h5", ".hdf5")][:_MOST_OF_A_KIND]
    descriptions = [each for each in described if _is(each, NoWeightsError)]
    weights = [each for each in weighted if _is(each, WeightsAloneError)]
    if len(descriptions) != 1:
        return None
    if len(weights) != 1 or path not in (folder, *descriptions, *weights):
        return None
    return descriptions[0], weights[0]


def _is(path: Path, kind: type[ValueError]) -> bool:
    """Whether a file of no model is none for this reason."""
    read: Callable[[Path], object] = stored.read
    try:
        read(path)
    except kind:
        return True
    except reader.UNREADABLE:
        pass
    return False


def _join(description: Path, weights: Path, whole: Path) -> None:
    import h5py

    text = plain_files.read(description, stored.LIMIT)
    hdf5.count(weights)  # no links, no array that is larger than its file
    with h5py.File(weights, "r") as source, h5py.File(whole, "w") as made:
        if _LAYERS not in source.attrs:
            raise ValueError("has weights that are not stored by layers, as Keras 2 stores them")
        made.attrs["model_config"] = text
        made.attrs["keras_version"] = source.attrs.get("keras_version", "")
        group = made.create_group("model_weights")
        for name, value in source.attrs.items():
            group.attrs[name] = value
        for name in source:
            source.copy(name, group)
