"""Layers models are loaded as the official loader loads them; what is damaged is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models.errors import ModelError
from models.formats.store import SHIPPED
from models.runtimes.keras import layers_model


def chain(*layers: Any) -> Any:
    import tf_keras

    return tf_keras.Sequential(layers)


def dense() -> Any:
    from tf_keras import layers

    return chain(layers.Input((6,)), layers.Dense(5, "relu"), layers.Dense(3, use_bias=False))


def convolutions() -> Any:
    from tf_keras import layers

    return chain(
        layers.Input((9, 9, 2)),
        layers.Conv2D(4, 3, name="plain"),
        layers.DepthwiseConv2D(3, name="depthwise"),
        layers.SeparableConv2D(4, 3, name="separable"),
        layers.Conv2DTranspose(2, 3, name="transposed"),
        layers.PReLU(shared_axes=[1, 2]),
    )


def normalised() -> Any:
    from tf_keras import layers

    return chain(
        layers.Input((6,)),
        layers.BatchNormalization(),
        layers.Dense(4),
        layers.BatchNormalization(scale=False),
        layers.LayerNormalization(),
    )


def lstm() -> Any:
    from tf_keras import layers

    inner = layers.LSTM(3, return_sequences=True)
    return chain(layers.Input((5, 2)), layers.Bidirectional(inner), layers.LSTM(2))


def gru() -> Any:
    from tf_keras import layers

    return chain(layers.Input((5, 2)), layers.Bidirectional(layers.GRU(3)), layers.Dense(2))


def simple_rnn() -> Any:
    from tf_keras import layers

    return chain(layers.Input((5, 2)), layers.Bidirectional(layers.SimpleRNN(3)))


def stacked_cells() -> Any:
    from tf_keras import layers

    cells = [layers.LSTMCell(3, name="first"), layers.LSTMCell(2, name="second")]
    return chain(layers.Input((5, 2)), layers.RNN(cells))


def at_each_step() -> Any:
    from tf_keras import layers

    return chain(layers.Input((5, 2)), layers.TimeDistributed(layers.Dense(3)), layers.Flatten())


def embedded() -> Any:
    from tf_keras import layers

    return chain(layers.Input((4,)), layers.Embedding(7, 3), layers.GlobalMaxPooling1D())


def nested() -> Any:
    from tf_keras import Model, layers

    pixels = layers.Input((6,))
    inner = chain(layers.Input((6,)), layers.Dense(4, name="a"), layers.BatchNormalization())
    return Model(pixels, layers.Dense(2, name="b")(inner(pixels)))


def shared() -> Any:
    from tf_keras import Model, layers

    one, other = layers.Input((6,)), layers.Input((6,))
    twice = layers.Dense(4, "tanh")
    return Model([one, other], layers.Dense(2)(layers.Concatenate()([twice(one), twice(other)])))


def branches() -> Any:
    """A network whose layers are stored in another order than they were made in."""
    from tf_keras import Model, layers

    pixels = layers.Input((6,))
    last, left, right = layers.Dense(2), layers.Dense(4), layers.Dense(4)
    return Model(pixels, last(layers.Add()([right(pixels), left(pixels)])))


MODELS = (
    dense,
    convolutions,
    normalised,
    lstm,
    gru,
    simple_rnn,
    stacked_cells,
    at_each_step,
    embedded,
    nested,
    shared,
    branches,
)


def scattered(model: Any) -> Any:
    """The model with weights of which no two are alike; variances are positive."""
    rng = np.random.default_rng(2)
    model.set_weights([rng.uniform(0.1, 1, each.shape) for each in model.weights])
    return model


def stored(model: Any, folder: Path, **settings: Any) -> Path:
    from tests.support.official import save_keras_model

    save_keras_model(scattered(model), str(folder), **settings)
    return folder / "model.json"


def assert_as_official(path: Path) -> None:
    """Ours and the official loader's model have identical weights, and answer identically."""
    from tests.support.official import load_keras_model

    ours, official = layers_model.read(path), load_keras_model(str(path))
    assert [each.name for each in ours.weights] == [each.name for each in official.weights]
    for one, other in zip(ours.get_weights(), official.get_weights(), strict=True):
        assert one.dtype == other.dtype
        np.testing.assert_array_equal(one, other)
    rng = np.random.default_rng(3)
    inputs = [
        rng.integers(0, 5, (4, *each.shape[1:])).astype(np.float32) for each in official.inputs
    ]
    answers = [np.asarray(model(inputs, training=False)) for model in (ours, official)]
    np.testing.assert_array_equal(*answers)
    assert np.ptp(answers[0]) > 0


@pytest.mark.parametrize("model", MODELS)
def test_a_model_is_loaded_as_the_official_loader_loads_it(
    model: Callable[[], Any], tmp_path: Path
) -> None:
    made = model()
    path = stored(made, tmp_path)
    assert_as_official(path)
    for one, other in zip(layers_model.read(path).get_weights(), made.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("kind", ["uint8", "uint16", "float16"])
@pytest.mark.parametrize("model", [convolutions, lstm, normalised])
def test_so_is_one_with_quantised_weights(
    model: Callable[[], Any], kind: str, tmp_path: Path
) -> None:
    assert_as_official(stored(model(), tmp_path, quantization_dtype_map={kind: True}))


@pytest.mark.parametrize("name", ["model_layers", "model_layers_float16", "model_layers_uint8"])
def test_so_is_the_model_that_ships(name: str) -> None:
    assert_as_official(SHIPPED / name / "model.json")


def test_so_is_one_in_several_shards(tmp_path: Path) -> None:
    path = stored(convolutions(), tmp_path, weight_shard_size_bytes=64)
    assert len(json.loads(path.read_text())["weightsManifest"][0]["paths"]) > 3
    assert_as_official(path)


def edited(path: Path, edit: Callable[[dict[str, Any]], None]) -> Path:
    content = json.loads(path.read_text())
    edit(content)
    path.write_text(json.dumps(content))
    return path


def test_so_is_one_whose_weights_lie_in_groups_of_another_order(tmp_path: Path) -> None:
    from tests.support.official import write_weights

    path = stored(nested(), tmp_path)
    groups = [
        [{"name": each.name.removesuffix(":0"), "data": each.numpy()}]
        for each in reversed(scattered(layers_model.read(path)).weights)
    ]
    manifest = write_weights.write_weights(groups, str(tmp_path), write_manifest=False)
    assert len(manifest) == 8
    assert_as_official(edited(path, lambda content: content.update(weightsManifest=manifest)))


def test_so_is_one_that_tensorflow_js_saved_without_a_model_config(tmp_path: Path) -> None:
    def edit(content: dict[str, Any]) -> None:
        content["modelTopology"] = content["modelTopology"]["model_config"]

    assert_as_official(edited(stored(dense(), tmp_path), edit))


def test_so_is_one_whose_files_name_no_cells(tmp_path: Path) -> None:
    """Keras before 2.4 wrote lstm/kernel where it writes lstm/lstm_cell/kernel now."""

    def edit(content: dict[str, Any]) -> None:
        for weight in content["weightsManifest"][0]["weights"]:
            *outer, cell, last = weight["name"].split("/")
            assert "cell" in cell
            weight["name"] = "/".join([*outer, last])

    assert_as_official(edited(stored(lstm(), tmp_path), edit))


def without(name: str) -> Callable[[dict[str, Any]], None]:
    def edit(content: dict[str, Any]) -> None:
        (group,) = content["weightsManifest"]
        group["weights"] = [each for each in group["weights"] if not each["name"].endswith(name)]

    return edit


def empty(content: dict[str, Any]) -> None:
    content["weightsManifest"] = []


def turned(content: dict[str, Any]) -> None:
    content["weightsManifest"][0]["weights"][0]["shape"].reverse()


def no_topology(content: dict[str, Any]) -> None:
    del content["modelTopology"]


def unknown_layer(content: dict[str, Any]) -> None:
    content["modelTopology"]["model_config"]["config"]["layers"][1]["class_name"] = "Unheard"


def of_keras_3(content: dict[str, Any]) -> None:
    config = content["modelTopology"]["model_config"]["config"]["layers"][0]["config"]
    config["batch_shape"] = config.pop("batch_input_shape")


def unscaled(content: dict[str, Any]) -> None:
    content["weightsManifest"][0]["weights"][0]["quantization"] = {"dtype": "float32"}


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (without("/bias"), "has 200 bytes in its shards, where its weights take 180"),
        (empty, r"the weights of dense\w*/kernel are missing"),
        (turned, r"kernel have the shape \(5, 6\), the layer takes \(6, 5\)"),
        (no_topology, "modelTopology"),
        (unknown_layer, "Unheard"),
        (of_keras_3, "batch_shape"),
        (unscaled, "quantised without a scale and a min"),
    ],
)
def test_files_that_are_damaged_are_refused_in_a_sentence(
    damage: Callable[[dict[str, Any]], None], words: str, tmp_path: Path
) -> None:
    path = edited(stored(dense(), tmp_path), damage)
    with pytest.raises(ModelError, match=words) as caught:
        layers_model.read(path)
    assert "\n" not in str(caught.value) and str(path) in str(caught.value)


def test_a_shard_that_is_cut_short_or_missing_is_refused(tmp_path: Path) -> None:
    path = stored(dense(), tmp_path)
    (shard,) = tmp_path.glob("*.bin")
    shard.write_bytes(shard.read_bytes()[:-1])
    with pytest.raises(ModelError, match="the files end before the weights of"):
        layers_model.read(path)
    shard.unlink()
    with pytest.raises(ModelError, match="cannot be read"):
        layers_model.read(path)


def test_code_in_a_layer_is_refused_and_never_run(tmp_path: Path) -> None:
    from tf_keras import layers

    trace = tmp_path / "trace"
    code = layers.Lambda(lambda x, to=str(trace): (open(to, "w").close(), x)[1])  # noqa: PTH123
    path = stored(chain(layers.Input((6,)), layers.Dense(2), code), tmp_path)
    trace.unlink()  # it ran when the model was made
    with pytest.raises(ModelError, match="has a Lambda layer: Python code"):
        layers_model.read(path)
    assert not trace.exists()
