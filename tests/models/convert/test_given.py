"""What a user has, made a model's folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.convert import given
from models.convert.given import Given
from models.errors import ModelError
from tests.support import model_files
from tests.support.model_files import layer, sequential


def test_layers_of_keras_3_that_would_be_the_reference_are_refused_with_the_way_out(
    tmp_path: Path,
) -> None:
    first = layer("InputLayer", "in", batch_shape=[None, 2], dtype="float32")
    dense = layer("Dense", "dense", units=3, use_bias=False, activation="softmax")
    layers = model_files.layers(tmp_path / "layers", sequential(first, dense))
    graph = model_files.graph(tmp_path / "graph")
    with pytest.raises(ModelError) as refused:
        given.build(Given(graph=graph, layers=layers), tmp_path / "model")
    said = str(refused.value)
    assert said.startswith(f"{layers} was converted from a model of Keras 3")
    assert "digit-parity add" in said and "graph model alone can be verified" in said
