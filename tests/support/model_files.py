"""Models of a few bytes in every kind of file, to be spoilt: nothing of TensorFlow is needed."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import h5py
import numpy as np

KERNEL = np.arange(6, dtype=np.float32).reshape(2, 3)


def layer(kind: str, name: str, **config: Any) -> dict[str, Any]:
    return {"class_name": kind, "config": {"name": name} | config}


def sequential(*layers: Any, name: str = "model") -> dict[str, Any]:
    return {"class_name": "Sequential", "config": {"name": name, "layers": list(layers)}}


def plain() -> dict[str, Any]:
    """A description that everybody may load: one Dense layer without a bias."""
    first = layer("InputLayer", "in", batch_input_shape=[None, 2], dtype="float32")
    dense = layer("Dense", "dense", units=3, use_bias=False, activation="softmax")
    return sequential(first, dense)


def h5(path: Path, model: Any = None, **attributes: Any) -> Path:
    """An .h5 as tf_keras writes it. ``model`` may be JSON already."""
    model = plain() if model is None else model
    with h5py.File(path, "w") as file:
        text = model if isinstance(model, str) else json.dumps(model)
        file.attrs["model_config"] = text
        file.attrs["keras_version"] = "2.15.0"
        file.attrs.update(attributes)
        weights = file.create_group("model_weights")
        weights.attrs["layer_names"] = ["in", "dense"]
        weights.create_group("in").attrs["weight_names"] = np.array([], dtype="S1")
        dense = weights.create_group("dense")
        dense.attrs["weight_names"] = ["dense/kernel:0"]
        dense["dense/kernel:0"] = KERNEL
    return path


def keras(path: Path, model: Any = None, *, version: str = "2.15.0", **members: Any) -> Path:
    """A .keras; ``members`` are further ones, or others in place of its own."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        named = {
            "metadata.json": json.dumps({"keras_version": version}),
            "config.json": json.dumps(plain() if model is None else model),
            "model.weights.h5": h5(path.with_name("inner.h5")).read_bytes(),
        }
        for name, content in (named | members).items():
            archive.writestr(name, content)
    return path


def group(*paths: str, weights: Any = None) -> dict[str, Any]:
    """A group of a weightsManifest for KERNEL."""
    own = [{"name": "dense/kernel", "shape": [2, 3], "dtype": "float32"}]
    return {"paths": list(paths), "weights": own if weights is None else weights}


def layers(folder: Path, model: Any = None, *groups: Any) -> Path:
    """The folder of a layers model."""
    topology = {"keras_version": "2.15.0", "model_config": plain() if model is None else model}
    return _converted(folder, topology, groups)


def graph(folder: Path, *nodes: Any, library: Any = None, groups: Any = ()) -> Path:
    """The folder of a graph model."""
    own = (
        {"name": "x", "op": "Placeholder", "attr": {"dtype": {"type": "DT_FLOAT"}}},
        {"name": "dense/kernel", "op": "Const", "attr": {"dtype": {"type": "DT_FLOAT"}}},
        {"name": "y", "op": "MatMul", "input": ["x", "dense/kernel"]},
    )
    topology = {"node": [*own, *nodes], "library": {} if library is None else library}
    return _converted(folder, topology, groups)


def old_graph(folder: Path, content: bytes, *groups: Any) -> Path:
    """The folder of a graph as converters before 1.0 wrote it; ``content`` is its GraphDef."""
    folder.mkdir()
    (folder / "tensorflowjs_model.pb").write_bytes(content)
    listed = list(groups) or [group("group1-shard1of1")]
    (folder / "weights_manifest.json").write_text(json.dumps(listed), "utf-8")
    (folder / "group1-shard1of1").write_bytes(KERNEL.tobytes())
    return folder


def saved_by_page(folder: Path, name: str, model: Any = None) -> Path:
    """What ``model.save('downloads://NAME')`` leaves in a folder: no model.json, no envelope."""
    folder.mkdir(exist_ok=True)
    stored = {
        "modelTopology": plain() if model is None else model,
        "format": "layers-model",
        "generatedBy": "TensorFlow.js tfjs-layers v4.22.0",
        "convertedBy": None,
        "weightsManifest": [group(f"./{name}.weights.bin")],
    }
    (folder / f"{name}.json").write_text(json.dumps(stored), "utf-8")
    (folder / f"{name}.weights.bin").write_bytes(KERNEL.tobytes())
    return folder


def zipped(path: Path, *files: Path, inside: str = "") -> Path:
    """A ZIP of files and folders, in the folder ``inside``."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for each in files:
            below = sorted(each.rglob("*")) if each.is_dir() else [each]
            for file in below:
                name = file.relative_to(each.parent).as_posix()
                archive.write(file, f"{inside}/{name}" if inside else name)
    return path


def _converted(folder: Path, topology: Any, groups: Any) -> Path:
    folder.mkdir()
    (folder / "weights.bin").write_bytes(KERNEL.tobytes())
    stored = {"modelTopology": topology, "weightsManifest": list(groups) or [group("weights.bin")]}
    (folder / "model.json").write_text(json.dumps(stored), "utf-8")
    return folder
