"""The other runtimes as if they were installed: planted files, and answers that are known."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from app.benchmark.beyond import lanes
from models.formats import store
from models.storage import locations
from models.tfjs import failures
from models.tfjs.alternatives import packages

IMAGES = 3
SCRIPTS = (
    "litert.js",
    "onnx_wasm.js",
    "onnx_webgpu.js",
    "measured.js",
    "litert_wasm_internal.wasm",
)


@dataclass(frozen=True)
class Planted:
    """The folder of all, that of the shipped model, and the exact answers (IMAGES, 10)."""

    folder: Path
    model: Path
    exact: np.ndarray

    def about(self, **changes: object) -> None:
        """Write what is said of the model, with these changes."""
        said = {
            "version": store.version("mnist"),
            "inputs": [
                {"name": "", "file": "input0", "shape": [28, 28, 1], "dtype": "float32"},
            ],
            "images": IMAGES,
            "lacking": {},
            "reference": {
                "lane": "keras @ tensorflow",
                "names": ["0"],
                "judges": [{"head": "softmax", "bound": 1e-5, "scale": None, "unit": "class"}],
            },
        }
        (self.model / "about.json").write_text(json.dumps(said | changes))


@pytest.fixture
def planted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Planted:
    folder = tmp_path / "alternatives"
    monkeypatch.setattr(locations, "alternatives", lambda: folder)

    def built(command, *_) -> None:  # what npm and Node would do
        if "build.js" in command:
            Path(command[-1]).mkdir()
            for name in SCRIPTS:
                (Path(command[-1]) / name).write_bytes(b"x" * 1000)

    monkeypatch.setattr(failures, "run", built)
    packages.install(lambda python: python.mkdir())
    model = folder / "models" / "mnist"
    model.mkdir(parents=True)
    exact = np.random.default_rng(1).dirichlet(np.ones(10), IMAGES)
    np.savez(model / "answers.npz", answers0=exact.astype(np.float32), base0=exact)
    for name in ("input0", "model.tflite", "model.onnx"):
        (model / name).write_bytes(b"0" * 4 * 784 * IMAGES)
    made = Planted(folder, model, exact)
    made.about()
    lanes._files.cache_clear()
    return made
