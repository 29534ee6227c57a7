"""A description and weights that lie together are a model."""

from __future__ import annotations

import json
from pathlib import Path

import h5py
import numpy as np
import pytest

from models.convert import intake
from models.errors import ModelError
from models.formats import safety
from models.formats.architecture import reader
from models.runtimes.keras import keras2
from tests.support import model_files


def two_files(folder: Path) -> tuple[Path, Path]:
    """model.json and model.h5, as a tutorial saves them."""
    folder.mkdir()
    whole = model_files.h5(folder.parent / "whole.h5")
    weights = folder / "model.h5"
    with h5py.File(whole) as source, h5py.File(weights, "w") as target:
        for name, value in source["model_weights"].attrs.items():
            target.attrs[name] = value
        for name in source["model_weights"]:
            source["model_weights"].copy(name, target)
    described = model_files.plain() | {"keras_version": "2.2.4", "backend": "tensorflow"}
    (folder / "model.json").write_text(json.dumps(described))
    whole.unlink()
    return folder / "model.json", weights


def test_either_file_and_their_folder_stand_for_both(tmp_path: Path) -> None:
    description, weights = two_files(tmp_path / "it")
    for path in (tmp_path / "it", description, weights):
        with intake.opened(path) as found:
            assert (found.kind, found.format, found.called) == ("h5", "keras", str(path))
            assert "layers are those of model.json, the weights those of model.h5" in found.notes[0]
            assert safety.check(found.path).format == "keras"
            assert [each.kind for each in reader.read(found.path).layers] == ["InputLayer", "Dense"]
        assert not found.path.exists()


def test_a_zip_of_both_is_the_same(tmp_path: Path) -> None:
    archive = model_files.zipped(tmp_path / "m.zip", *two_files(tmp_path / "it"))
    with intake.opened(archive) as found:
        assert (found.kind, found.called) == ("h5", str(archive))


def test_they_answer_as_the_model_that_was_saved_so(tmp_path: Path) -> None:
    import tf_keras

    steps = [tf_keras.layers.Input((4,)), tf_keras.layers.Dense(3, "softmax")]
    model = tf_keras.Sequential(steps)
    (tmp_path / "model.json").write_text(model.to_json())
    model.save_weights(tmp_path / "weights.h5")
    noise = np.random.default_rng(3).random((5, 4), np.float32)
    with intake.opened(tmp_path) as found:
        np.testing.assert_array_equal(keras2.read(found.path)(noise), model(noise))


def test_code_in_the_description_and_links_in_the_weights_are_refused(tmp_path: Path) -> None:
    description, weights = two_files(tmp_path / "it")
    spoilt = model_files.sequential(model_files.layer("Lambda", "l"))
    description.write_text(json.dumps(spoilt))
    with intake.opened(weights) as found, pytest.raises(ModelError, match="Lambda"):
        safety.check(found.path)
    description.write_text(json.dumps(model_files.plain()))
    with h5py.File(weights, "a") as file:
        file["elsewhere"] = h5py.ExternalLink("/etc/hosts", "/")
    with pytest.raises(ModelError, match="a link"), intake.opened(weights):
        pass


def test_two_of_either_are_not_paired(tmp_path: Path) -> None:
    _, weights = two_files(tmp_path / "it")
    (tmp_path / "it" / "other.h5").write_bytes(weights.read_bytes())
    for path in (tmp_path / "it", weights):
        with pytest.raises(ModelError, match="without"), intake.opened(path):
            pass


def test_one_half_alone_is_refused_with_the_way_out(tmp_path: Path) -> None:
    description, weights = two_files(tmp_path / "it")
    description.unlink()
    with (
        pytest.raises(ModelError, match="weights without a model; build the model"),
        intake.opened(weights),
    ):
        pass
