"""An .h5 as Teachable Machine and older Keras write it is found, may be loaded, and answers."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from models.convert import intake
from models.runtimes.keras import keras2


def changed(path: Path, change: Callable[[dict[str, Any]], Any], version: str) -> None:
    """The description anew, and all attributes as bytes, as h5py before 3 wrote them."""
    with h5py.File(path, "r+") as file:
        model = json.loads(file.attrs["model_config"])
        change(model)
        for place in (file, file["model_weights"]):
            place.attrs["keras_version"] = np.bytes_(version)
            place.attrs["backend"] = np.bytes_("tensorflow")
        file.attrs["model_config"] = np.bytes_(json.dumps(model))


def as_teachable_machine(model: dict[str, Any]) -> None:
    """tf.keras 2.4: a functional model is a Model's or Functional's, convolutions have groups."""
    for each in model["config"]["layers"]:
        each.pop("module", None)
        each.pop("registered_name", None)
        if "layers" in each["config"]:
            each["class_name"] = "Model" if each["class_name"] == "Functional" else "Sequential"
            as_teachable_machine(each)
        elif each["class_name"].endswith("Conv2D"):
            each["config"]["groups"] = 1


def as_keras_2_1(model: dict[str, Any]) -> None:
    """A Sequential was a list, without names of its own or an InputLayer."""
    first, *layers = model["config"]["layers"]
    layers[0]["config"]["batch_input_shape"] = first["config"]["batch_input_shape"]
    model["config"] = layers
    for each in layers:
        for key in ("module", "registered_name", "build_config"):
            each.pop(key, None)
        for key in ("kernel_initializer", "bias_initializer"):
            if key in each["config"]:
                given = each["config"][key]
                each["config"][key] = {name: given[name] for name in ("class_name", "config")}


@pytest.mark.parametrize(
    ("change", "version", "name"),
    [
        (as_teachable_machine, "2.4.0", "mobile_input"),
        (as_keras_2_1, "2.1.6", "conv_input"),
    ],
)
def test_it_answers_what_it_answered(tmp_path: Path, change, version: str, name: str) -> None:
    import tf_keras
    from tf_keras import layers

    from models.formats import model_tensors

    if change is as_teachable_machine:
        start = layers.Input((16, 16, 3))
        inner = layers.ReLU(6.0)(layers.DepthwiseConv2D(3)(layers.Conv2D(4, 3)(start)))
        mobile = tf_keras.Model(start, layers.GlobalAveragePooling2D()(inner), name="mobile")
        head = tf_keras.Sequential([layers.Input((4,)), layers.Dense(3, "softmax")])
        model = tf_keras.Sequential([mobile, head])
    else:
        steps = [layers.Conv2D(4, 3, name="conv"), layers.Flatten(), layers.Dense(3, "softmax")]
        model = tf_keras.Sequential([layers.Input((16, 16, 3)), *steps])
    pictures = np.random.default_rng(1).random((2, 16, 16, 3), np.float32)
    expected = np.asarray(model(pictures))
    model.save(tmp_path / "keras_model.h5")
    changed(tmp_path / "keras_model.h5", change, version)
    found = intake.find(tmp_path)
    assert (found.kind, found.version) == ("h5", version)
    taken = model_tensors.read(found.path).inputs
    assert [(each.name, each.shape) for each in taken] == [(name, (16, 16, 3))]
    answers = np.asarray(keras2.read(found.path)(pictures))
    np.testing.assert_array_equal(answers, expected)
