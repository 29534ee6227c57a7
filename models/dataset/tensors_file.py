"""An ``.npz`` or ``.npy`` of arrays as a model takes them: tables, texts, several inputs.

The arrays are named as the model's inputs; or x, or x0, x1, … in their order.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.dataset.limits import MIB, size
from models.dataset.readers.packed import archive
from models.dataset.readers.saved.npy import Header
from models.errors import InputError
from models.formats.tensors import Tensor, Tensors

_MOST = 2048 * MIB  # of the file, and of all arrays in it
_MOST_ARRAYS = 1_000
_EXPECTED = "Save arrays by numpy.savez(…), named as the model's inputs."
_ALONE = ("x", "x0", "x_test", "arr_0")  # of a model of one input
_LABELS = ("y", "y_test", "labels", "label")


def read(path: Path, takes: Sequence[Tensor]) -> tuple[Tensors, NDArray[np.int64] | None]:
    """Its arrays for the inputs ``takes``, n first in each, of their types; and labels (n,), if it
    has some: whole numbers, or one-hot rows, named y or labels.

    Raises InputError, in a sentence that begins with the path, for a file that cannot be read, for
    arrays of another shape or type, for NaN, and for numbers that the model has no word for.
    """
    try:
        arrays = _arrays(path, takes)
        found = tuple(
            _checked(*_find(arrays, takes, place), tensor) for place, tensor in enumerate(takes)
        )
        counts = {len(each) for each in found}
        if len(counts) != 1 or 0 in counts:
            raise InputError(
                f"its arrays hold {' and '.join(f'{len(each):,}' for each in found)} inputs. "
                "Expected as many in each, and at least one."
            )
        return found, _labels(arrays, len(found[0]))
    except MemoryError as error:
        raise InputError(f"{path}: it takes more memory than there is. Divide it.") from error
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}. {_EXPECTED}") from error
    except InputError as error:
        raise InputError(f"{path}: {error}") from error


def _arrays(path: Path, takes: Sequence[Tensor]) -> Mapping[str, NDArray[Any]]:
    """The arrays that may be of use, by name; of an ``.npy`` its only one, as x."""
    if (length := path.stat().st_size) > _MOST:
        raise InputError(f"it has {size(length)}; at most {size(_MOST)} may be.")
    content = path.read_bytes()
    if content.startswith(b"\x93NUMPY"):
        file = io.BytesIO(content)
        header = Header.of(file, "array", len(content))
        return {"x": header.array(memoryview(content)[header.start :])}
    if not content.startswith(b"PK"):
        raise InputError(f"it is no .npz and no .npy. {_EXPECTED}")
    wanted = {*_names(takes), *_ALONE, *_LABELS}
    wanted |= {f"{word}{place}" for word in ("x", "arr_") for place in range(len(takes))}
    try:
        archive.check_entries(content, _MOST_ARRAYS)
        with zipfile.ZipFile(io.BytesIO(content)) as saved:
            archive.check_layout(saved, len(content))
            members = {each.filename.removesuffix(".npy"): each for each in saved.infolist()}
            chosen = {name: each for name, each in members.items() if name in wanted}
            if not chosen:
                raise InputError(_expected(members, takes))
            unpacked = sum(each.file_size for each in chosen.values())
            if unpacked > _MOST:
                raise InputError(f"it unpacks to {size(unpacked)}; at most {size(_MOST)} may be.")
            return {name: _array(saved, each) for name, each in chosen.items()}
    except (InputError, MemoryError):
        raise
    except Exception as error:  # zipfile fed with any bytes raises any error
        raise InputError(f"this .npz is damaged ({error}). Save it again.") from error


def _array(saved: zipfile.ZipFile, info: zipfile.ZipInfo) -> NDArray[Any]:
    archive.check_packing(info)
    with saved.open(info) as file:
        header = Header.of(file, info.filename, info.file_size)
        return header.array(file.read(header.length))


def _find(
    arrays: Mapping[str, NDArray[Any]], takes: Sequence[Tensor], place: int
) -> tuple[str, NDArray[Any]]:
    """The array for one input, and its name."""
    names = [_names(takes)[place], f"x{place}", f"arr_{place}"]
    for name in names if len(takes) > 1 else (*names, *_ALONE):
        if name in arrays:
            return name, arrays[name]
    raise InputError(_expected(arrays, takes))


def _names(takes: Sequence[Tensor]) -> list[str]:
    """A graph's tensors may be named ``name:0``, which is no name of a file."""
    return [each.name.removesuffix(":0").replace("/", "_") for each in takes]


def _expected(held: Mapping[str, Any], takes: Sequence[Tensor]) -> str:
    named = [name for name in _names(takes) if name]
    order = "x" if len(takes) == 1 else f"x0 … x{len(takes) - 1}"
    return (
        f"it holds {', '.join(sorted(held)[:8]) or 'nothing'}. Expected arrays named "
        f"{' and '.join(named[:8]) + ', or ' if named else ''}{order}."
    )


def _checked(name: str, values: NDArray[Any], tensor: Tensor) -> NDArray[Any]:
    """The array as the model takes it. An axis of one more or less is no other shape."""
    shape, dtype = tensor.whole, np.dtype(tensor.dtype)
    sizes = [[side for side in each if side != 1] for each in (values.shape[1:], shape)]
    if not values.ndim or sizes[0] != sizes[1]:
        expected = ", ".join(map(str, ("n", *shape)))
        raise InputError(f"its {name} has the shape {values.shape}. Expected ({expected}).")
    if values.dtype.kind not in ("biuf" if dtype.kind == "f" else "biu"):
        raise InputError(
            f"its {name} is of type {values.dtype}, and the model takes {dtype}. "
            f"Save {name}.astype({dtype.name!r})."
        )
    _check_numbers(name, values, tensor)
    return np.ascontiguousarray(values, dtype).reshape(-1, *shape)


def _check_numbers(name: str, values: NDArray[Any], tensor: Tensor) -> None:
    if not values.size:
        return
    dtype = np.dtype(tensor.dtype)
    low, high = (float(each) for each in (values.min(), values.max()))
    if not (np.isfinite(low) and np.isfinite(high)):
        raise InputError(f"its {name} holds NaN or infinity, which every lane answers by NaN.")
    if dtype.kind == "f":
        least, most = float(np.finfo(dtype).min), float(np.finfo(dtype).max)
    elif dtype.kind == "b":
        least, most = 0, 1
    else:
        least, most = float(np.iinfo(dtype).min), float(np.iinfo(dtype).max)
        if tensor.values is not None:
            least, most = 0, tensor.values - 1
    if low < least or high > most:
        raise InputError(
            f"its {name} has values from {low:g} to {high:g}; the model takes {least:g} to "
            f"{most:g}, as {dtype}."
        )


def _labels(arrays: Mapping[str, NDArray[Any]], count: int) -> NDArray[np.int64] | None:
    """Labels (n,), if there are some. Answers that are saved beside the inputs are none."""
    values = next((arrays[name] for name in _LABELS if name in arrays), None)
    if values is None or values.dtype.kind not in "biuf" or not np.isfinite(values).all():
        return None
    if values.ndim == 2 and values.shape[1] > 1:
        is_one_hot = np.isin(values, (0, 1)).all() and (values.sum(axis=1) == 1).all()
        if not is_one_hot:
            return None
        values = values.argmax(axis=1)
    values = values.reshape(-1)
    if (values != np.rint(values)).any():
        return None
    if len(values) != count:
        raise InputError(f"there are {len(values):,} labels for {count:,} inputs.")
    return values.astype(np.int64)
