"""The operator's command makes what a visitor's browser needs, once for each version of a model."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from models.convert.setup import prepared
from models.errors import ModelError
from models.formats import store
from models.runtimes.browser import conversion
from models.runtimes.browser.conversion import Made
from models.tfjs.alternatives import packages


@pytest.fixture
def models(tmp_path, monkeypatch) -> Path:
    """A store with a copy of the shipped model, and converters that are stood in for."""
    folder = tmp_path / "models"
    shutil.copytree(store.SHIPPED, folder / "mine")
    monkeypatch.setenv(store.VARIABLE, str(folder))
    monkeypatch.setattr(packages, "folder", lambda: tmp_path / "alternatives")

    def convert(_manifest, _folder, out: Path) -> tuple[Made, ...]:
        (out / "model.tflite").write_bytes(b"made")
        return Made("tflite", out / "model.tflite"), Made("onnx", reason="tf2onnx cannot make it.")

    monkeypatch.setattr(conversion, "convert", convert)
    return folder


def test_files_inputs_and_exact_answers_are_kept_for_this_version(models, monkeypatch) -> None:
    assert prepared.names() == ["mine"]
    assert prepared.prepare("mine") == "tf2onnx cannot make it."
    found = prepared.find("mine")
    tflite = found.model("tflite")
    assert tflite is not None and tflite.read_bytes() == b"made"
    assert found.model("onnx") is None and found.why_not("onnx") == "tf2onnx cannot make it."
    assert found.images == prepared.INPUTS
    (given,) = found.inputs
    assert given["shape"] == [28, 28, 1]
    assert (found.folder / given["file"]).stat().st_size == 4 * 784 * prepared.INPUTS
    (base,) = found.reference.base
    assert base.shape == (prepared.INPUTS, 10) and base.dtype == np.float64
    own = found.reference.judged(found.reference.lane, found.reference.answers)
    assert own.kind == "passed" and own.bound is not None and own.bound < 1e-4
    monkeypatch.setattr(conversion, "convert", None)  # not asked again
    assert prepared.prepare("mine") == "tf2onnx cannot make it."
    manifest = models / "mine" / "manifest.json"
    manifest.write_text(manifest.read_text("utf-8") + "\n", "utf-8")
    with pytest.raises(ModelError, match="another version"):
        prepared.find("mine")


def test_a_model_that_cannot_be_looked_at_keeps_its_reason(models) -> None:
    (models / "mine" / "model.h5").unlink(missing_ok=True)
    for path in (models / "mine").glob("*.h5"):
        path.unlink()
    why = prepared.prepare("mine")
    assert why and why.endswith(".")
    with pytest.raises(ModelError) as caught:
        prepared.find("mine")
    assert str(caught.value) == why


def test_what_was_never_made_and_what_is_damaged_say_what_to_do(models) -> None:
    with pytest.raises(ModelError, match=r"not been converted yet. Run `digit-parity setup"):
        prepared.find("mine")
    folder = packages.folder() / "models" / "mine"
    folder.mkdir(parents=True)
    (folder / "about.json").write_text("{")
    with pytest.raises(ModelError, match="not been converted yet"):
        prepared.find("mine")
    assert prepared.prepare("mine") == "tf2onnx cannot make it."
    (folder / "answers.npz").write_bytes(b"PK")
    prepared._read.cache_clear()
    with pytest.raises(ModelError, match=r"is damaged\. Run `digit-parity setup"):
        prepared.find("mine")
    (folder / "model.tflite").unlink()
    assert prepared.prepare("mine") == "tf2onnx cannot make it."
    assert prepared.find("mine").model("tflite") is not None
