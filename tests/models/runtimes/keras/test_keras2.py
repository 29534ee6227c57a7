"""A model that Keras 2 saved is loaded, or why it is not is said in a line."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.errors import ModelError
from models.runtimes.keras import keras2


def saved(path: Path, name: str) -> Path:
    from tf_keras import Sequential, layers

    Sequential([layers.Input((4,)), layers.Dense(2)], name=name).save(path)
    return path


@pytest.mark.parametrize("name", ["my model", "modèle", "_mine", "a:b"])
def test_a_name_that_no_graph_can_have_is_refused_with_the_way_out(
    tmp_path: Path, name: str
) -> None:
    path = saved(tmp_path / "model.h5", name)
    with pytest.raises(ModelError, match=r"set model\._name to letters, digits") as error:
        keras2.read(path)
    assert f"{path} is a model that is named {name!r}" in str(error.value)
    assert "\n" not in str(error.value)
    import tf_keras

    model = tf_keras.models.load_model(path, compile=False)
    model._name = "mine"
    model.save(path)
    assert keras2.read(path).name == "mine"


@pytest.mark.parametrize("name", ["a/b", "a-b", "2.0", "Model_1"])
def test_a_name_that_graphs_may_have_is_taken(tmp_path: Path, name: str) -> None:
    assert keras2.read(saved(tmp_path / "model.h5", name)).name == name
