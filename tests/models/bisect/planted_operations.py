"""Twelve faults of twelve kinds, each planted in one operation."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from models.bisect.bisection import bisect
from models.bisect.bug_report import making
from models.bisect.bug_report.making import Found
from models.bisect.search import Search
from models.dataset.samples import Samples, of_tensors
from models.formats.store import SHIPPED
from models.lanes import Lane
from models.tfjs import bundle
from tests.support.weight_faults import (
    change_layer,
    change_node,
    change_weight,
    fused,
    grown,
    scaled,
    whole,
)

KERNEL = "tfjs-backend-cpu/dist/kernels/MaxPool.js"


@dataclass(frozen=True)
class Planted:
    """``model`` is a fixture of tests/models/conftest.py, or "mnist"; ``layer`` is the one to name.

    ``patched`` says that the fault is in TensorFlow.js: see ``patched_packages``.
    """

    model: str
    lane: Lane
    layer: str
    plant: Callable[[Path], None]
    patched: bool = False


def _swapped(values: np.ndarray) -> np.ndarray:
    return values[..., [1, 0, *range(2, values.shape[-1])]]


def _nothing(_: Path) -> None:
    pass


def _layers(backend: str) -> Lane:
    return Lane("layers", f"tfjs/{backend}")


def _graph(backend: str) -> Lane:
    return Lane("graph", f"tfjs/{backend}")


FAULTS: dict[str, Planted] = {
    "a weight off by 1 %": Planted(
        "stepped",
        _layers("wasm"),
        "first",
        lambda path: change_weight(path, "first/kernel", grown(0.01, 18)),
    ),
    "an epsilon of 1e-3 made 1.1e-3": Planted(
        "stepped", _layers("cpu"), "norm2", lambda path: change_layer(path, "norm2", epsilon=1.1e-3)
    ),
    "the sides of a padding": Planted(
        "stepped",
        _layers("cpu"),
        "padded",
        lambda path: change_layer(path, "padded", padding=[[1, 0], [1, 0]]),
    ),
    "the axis of a concatenation": Planted(
        "hard", _layers("cpu"), "both", lambda path: change_layer(path, "both", axis=1)
    ),
    "a dilation": Planted(
        "mnist",
        _graph("cpu"),
        "relu6",
        lambda path: change_node(path, "relu6/Relu", dilations=whole(1, 2, 2, 1)),
    ),
    "a kernel of TensorFlow.js, patched": Planted(
        "stepped", _graph("cpu"), "pooled", _nothing, patched=True
    ),
    "a stride": Planted(
        "mnist",
        _graph("wasm"),
        "relu5",
        lambda path: change_node(path, "relu5/Relu", strides=whole(1, 2, 2, 1)),
    ),
    "a data format": Planted(
        "stepped",
        _layers("cpu"),
        "flat",
        lambda path: change_layer(path, "flat", data_format="channels_first"),
    ),
    "an activation": Planted(
        "mnist",
        _graph("cpu"),
        "relu4",
        lambda path: change_node(path, "relu4/Relu", fused_ops=fused("BiasAdd", "Elu")),
    ),
    "a bias left out": Planted(
        "stepped",
        _graph("wasm"),
        "out",
        lambda path: change_weight(path, "out/BiasAdd/ReadVariableOp", scaled(0)),
    ),
    "quantised weights": Planted("mnist", Lane("graph", "tfjs/wasm", "uint8"), "relu1", _nothing),
    "a swapped pair": Planted(
        "hard", _layers("wasm"), "dense", lambda path: change_weight(path, "dense/kernel", _swapped)
    ),
}


def planted(fault: Planted, healthy: Path, place: Path) -> Path:
    """A copy of the healthy model with the fault in it."""
    folder = place / "model"
    shutil.copytree(healthy, folder)
    fault.plant(folder / f"model_{fault.lane.format}" / "model.json")
    return folder


def digits(count: int = 4) -> Samples:
    """Handwritten ones, as each of the models takes them."""
    with np.load(SHIPPED / "examples.npz") as file:
        pixels = file["x_test"][:count] / np.float32(255)
    return of_tensors((pixels.astype(np.float32)[..., None],))


def find(folder: Path, lane: Lane, samples: Samples) -> Found:
    """What a report shows of a lane; the lane is looked into without being judged before."""
    found = bisect(folder, lane, samples)
    return making.find(folder, samples, Search(found.reference, len(samples), (), {lane: found}))


def patched_packages(place: Path) -> Path:
    """A copy of what builds TensorFlow.js in which a kernel takes the mean in place of the largest.

    All other files are what npm installed.
    """
    project = place / "tfjs"
    left_out = shutil.ignore_patterns("dist", "__pycache__", "typescript", "@biomejs", "@types")
    shutil.copytree(
        bundle.PACKAGE, project, ignore=left_out, copy_function=_linked, dirs_exist_ok=True
    )
    shutil.copytree(
        bundle.PACKAGE / "node_modules" / "@tensorflow",
        project / "node_modules" / "@tensorflow",
        copy_function=_linked,
        dirs_exist_ok=True,
    )
    file = project / "node_modules" / "@tensorflow" / KERNEL
    healthy = file.read_text("utf-8")
    assert healthy.count("convInfo, 'max')") == 1
    file.unlink()  # else the package itself would change
    file.write_text(healthy.replace("convInfo, 'max')", "convInfo, 'avg')"), "utf-8")
    return project


def _linked(source: str, target: str) -> None:
    """A file of thousands, without its bytes where the disk is the same."""
    with suppress(FileExistsError):
        try:
            os.link(source, target)
        except OSError as error:
            if isinstance(error, FileExistsError):
                raise
            shutil.copy2(source, target)
