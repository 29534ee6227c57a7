"""A model of Keras 3 is built again in tf_keras: the same, or refused by the layer's name."""

from __future__ import annotations

import numpy as np
import pytest

from models.convert import building, chosen, keras_source
from models.convert.intake.given import Given
from models.convert.rebuild import keras3, tf_keras_twin
from models.dataset import sample_inputs
from models.errors import ModelError
from models.formats import manifest
from models.formats.labels import Facts
from models.formats.tensors import Tensor
from models.formats.wanted import Wanted
from models.runtimes.keras import calling
from models.runtimes.keras import keras3 as runtime

DIGITS = np.random.default_rng(5).random((64, 28, 28), np.float32)
SHAPE = (28, 28, 1)


def chain(*middle, shape=SHAPE):
    """A Sequential model of Keras 3, with weights that matter."""
    from keras import Sequential, layers

    head = layers.Dense(3, activation="softmax", name="out")
    return scattered(Sequential([layers.Input(shape), *middle, layers.Flatten(), head]))


def scattered(model):
    rng = np.random.default_rng(7)
    model.set_weights([each + rng.uniform(0.1, 0.4, each.shape) for each in model.get_weights()])
    return model


def many_layers():
    from keras import Model, layers

    pixels = layers.Input(SHAPE)
    x = layers.Conv2D(4, 3, strides=2, padding="same", use_bias=False)(pixels)
    x = layers.BatchNormalization()(x)
    y = layers.LeakyReLU(0.2, name="leaky")(x)
    y = layers.SeparableConv2D(4, 3, padding="same", activation="relu")(y)
    x = layers.PReLU(shared_axes=[1, 2])(layers.Add()([x, y]))
    x = layers.Dropout(0.4)(layers.ReLU(6.0)(x))
    x = layers.GlobalAveragePooling2D()(x)
    return scattered(Model(pixels, layers.Dense(3, activation="softmax")(x)))


def recurrent():
    from keras import layers

    return chain(layers.Reshape((28, 28)), layers.Bidirectional(layers.LSTM(4)))


def rescaled():
    from keras import layers

    return chain(layers.Rescaling(2.0), layers.Dense(4, activation="gelu"))


def inner():
    from keras import Sequential, layers

    features = [layers.Input(SHAPE), layers.Conv2D(2, 3), layers.Activation("relu")]
    return chain(Sequential(features, name="features"))


def one_layer_twice():
    from keras import Model, layers

    pixels, twice = layers.Input(SHAPE), layers.Dense(1, activation="tanh")
    x = layers.Flatten()(twice(layers.MaxPooling2D(2)(twice(pixels))))
    return scattered(Model(pixels, layers.Dense(3, activation="softmax")(x)))


def gate():
    """Squeeze and excite, with what Keras 3 computes otherwise than tf_keras."""
    from keras import Model, layers

    pixels = layers.Input(SHAPE)
    x = layers.Conv2D(4, 3, activation="hard_silu")(layers.Rescaling(1 / 255)(pixels))
    y = layers.GlobalAveragePooling2D(keepdims=True)(x)
    y = layers.Conv2D(4, 1, activation="hard_sigmoid")(y)
    x = layers.GlobalAveragePooling2D()(layers.Multiply()([x, y]))
    x = layers.Activation("hard_sigmoid")(x)
    return scattered(Model(pixels, layers.Dense(3, activation="softmax")(x)))


def flipped_in_training():
    from keras import layers

    return chain(layers.RandomFlip(), layers.GaussianNoise(0.5), layers.Conv2D(2, 3))


def attentive():
    from keras import Model, layers

    pixels = layers.Input(SHAPE)
    x = layers.Reshape((28, 28))(pixels)
    x = layers.MultiHeadAttention(2, 4)(query=x, value=x)
    _, x, _ = layers.LSTM(4, return_state=True)(x)
    return scattered(Model(pixels, layers.Dense(3, activation="softmax")(x)))


def rows():
    from keras import layers

    return chain(layers.Dense(4, activation="relu"), shape=(28, 28))


def values():
    from keras import layers

    return chain(layers.Dense(4, activation="relu"), shape=(784,))


def scaled(folder, scale):
    """How the model in a folder is given pixels from 0 to ``scale``."""
    if scale == 1:
        return None
    return chosen.guessed(folder / "model.keras", Facts(), Wanted(range=(0.0, scale)))


MODELS = (
    *(many_layers, recurrent, rescaled, inner, one_layer_twice, gate),
    *(flipped_in_training, attentive, rows, values),
)


@pytest.mark.parametrize("build", MODELS)
def test_a_model_of_keras_3_answers_alike_when_it_is_built_again_and_saved(build, tmp_path):
    import tf_keras

    model = build()
    model.save(tmp_path / "model.keras")
    scale = 255 if build is gate else 1
    source = keras_source.load(tmp_path / "model.keras", choose=scaled(tmp_path, scale))
    source.save(tmp_path, "model.h5")
    again = tf_keras.models.load_model(tmp_path / "model.h5", compile=False)
    fed = (DIGITS * np.float32(scale)).reshape(-1, *model.input_shape[1:])
    assert again.input_shape == model.input_shape and again.output_shape == model.output_shape
    np.testing.assert_allclose(again(fed, training=False), model(fed, training=False), atol=1e-6)
    assert (tmp_path / source.original).read_bytes() == (tmp_path / "model.keras").read_bytes()


@pytest.mark.filterwarnings("ignore:You are saving")
def test_the_older_kind_of_file_and_a_name_that_keras_3_does_not_know_are_read(tmp_path):
    many_layers().save(tmp_path / "model.h5")
    (tmp_path / "model.h5").rename(tmp_path / "model.hdf")
    assert keras_source.load(tmp_path / "model.hdf").original == "original.h5"


def test_what_is_built_otherwise_is_said(tmp_path):
    for build, words in {
        many_layers: [],
        inner: ["The layers of features, inside the model, are layers of the model itself"],
        rows: [],
    }.items():
        build().save(tmp_path / "model.keras")
        changes = keras_source.load(tmp_path / "model.keras").changes
        assert len(changes) == len(words)
        assert all(each in said for each, said in zip(words, changes, strict=True))
    gate().save(tmp_path / "model.keras")
    said = " ".join(keras_source.load(tmp_path / "model.keras").changes)
    assert said.count("is built of other layers") == 3 and "ignores keepdims" in said


def test_a_layer_that_tf_keras_lacks_is_refused_with_the_way_out(tmp_path):
    from keras import layers

    chain(layers.RMSNormalization(name="norm")).save(tmp_path / "model.keras")
    with pytest.raises(ModelError, match=r"layer norm.*no layer RMSNormalization.*set_weights"):
        keras_source.load(tmp_path / "model.keras")


def by_dictionary():
    """Keras lists the tensors of a dictionary by its keys: b comes before a here."""
    from keras import Model, layers

    a, b = layers.Input((6,), name="a"), layers.Input((6,), name="b")
    return Model({"y": a, "x": b}, {"k2": layers.Dense(3)(a), "k1": layers.Dense(3)(b)})


def two_of_each():
    from keras import Model, layers

    picture, values = layers.Input((8, 8, 1), name="picture"), layers.Input((4,), name="values")
    x = layers.Concatenate()([layers.Flatten()(layers.Conv2D(2, 3)(picture)), values])
    return Model([picture, values], [layers.Dense(3, name="z")(x), layers.Dense(3, name="a")(x)])


def inner_with_two():
    from keras import Model, layers

    a, b = layers.Input((6,)), layers.Input((4,))
    both = layers.Concatenate()([a, b])
    inner = Model([a, b], [layers.Dense(3)(both), layers.Dense(2)(a)], name="inner")
    p, q = layers.Input((6,), name="p"), layers.Input((4,), name="q")
    return Model([p, q], layers.Dense(2)(layers.Concatenate()(inner([p, q]))))


def words():
    """The mask of the words that are 0 goes to the LSTM."""
    from keras import Sequential, layers

    table = layers.Embedding(50, 8, mask_zero=True)
    return Sequential([layers.Input((12,), dtype="int32"), table, layers.LSTM(6), layers.Dense(3)])


def of_float16():
    from keras import Sequential, layers

    small = {"dtype": "mixed_float16"}
    steps = [layers.Conv2D(4, 3, **small), layers.BatchNormalization(**small)]
    pooled = layers.GlobalAveragePooling2D(**small)
    return Sequential([layers.Input((16, 16, 3)), *steps, pooled, layers.Dense(3, dtype="float32")])


def bytes_by_fours():
    from keras import Sequential, layers

    pixels = layers.Input((8, 8, 1), dtype="uint8", batch_size=4)
    return Sequential([pixels, layers.Rescaling(1 / 255), layers.Flatten(), layers.Dense(3)])


def normalized():
    from keras import Sequential, layers

    norm = layers.Normalization(mean=[1.0, 2.0, 3.0], variance=[1.0, 4.0, 9.0])
    return Sequential([layers.Input((40, 40, 3)), layers.Resizing(24, 24), norm, layers.Flatten()])


ANY = (by_dictionary, two_of_each, inner_with_two, words, of_float16, bytes_by_fours, normalized)


@pytest.mark.parametrize("build", ANY)
def test_a_model_of_any_inputs_and_outputs_is_built_again_as_it_is(build, tmp_path):
    build().save(tmp_path / "model.keras")
    source = keras_source.load(tmp_path / "model.keras")
    model = runtime.read(tmp_path / "model.keras")
    given = source.taken.examples()
    found, wanted = (calling.outputs(each, given) for each in (source.model, model))
    assert [each.shape for each in source.model.inputs] == [each.shape for each in model.inputs]
    assert [each.name for each in source.taken.tensors] == [each.name for each in model.inputs]
    for one, other in zip(found, wanted, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-2 if build is of_float16 else 1e-5)


def test_a_model_that_is_wired_otherwise_in_one_output_is_refused(monkeypatch):
    model = two_of_each()
    build = keras3._build

    def swapped(original, takes, twins):
        made = build(original, takes, twins)
        return type(made)(made.inputs, made.outputs[::-1])

    monkeypatch.setattr(keras3, "_build", swapped)
    takes = (Tensor("picture", (8, 8, 1)), Tensor("values", (4,)))
    with pytest.raises(ModelError, match="the whole model does not"):
        keras3.rebuild("m.keras", model, takes, sample_inputs.generated(takes, 8))


def test_a_layer_that_is_another_function_is_refused_by_its_name_and_the_reason(tmp_path):
    from keras import layers

    gru = layers.GRU(4, recurrent_activation="hard_sigmoid", name="memory")
    chain(layers.Reshape((28, 28)), gru).save(tmp_path / "model.keras")
    with pytest.raises(ModelError, match=r"layer memory \(GRU\).*apart.*relu6\(x \+ 3\) / 6"):
        keras_source.load(tmp_path / "model.keras")


def test_a_layer_with_another_setting_is_refused_by_its_name(tmp_path, monkeypatch):
    from keras import layers

    leaky = layers.LeakyReLU(0.2, name="leaky")
    chain(layers.Rescaling(2.0, -1.0), leaky).save(tmp_path / "model.keras")
    settings = tf_keras_twin._settings

    def another_slope(config):
        changed = {"negative_slope": 0.201} if "negative_slope" in config else {}
        return iter({**dict(settings(config)), **changed}.items())

    monkeypatch.setattr(tf_keras_twin, "_settings", another_slope)
    with pytest.raises(ModelError, match=r"layer leaky \(LeakyReLU\) is another function"):
        keras_source.load(tmp_path / "model.keras")


@pytest.mark.parametrize("scale", [1, 255])
def test_layers_are_compared_on_what_the_model_is_used_on(scale, tmp_path, monkeypatch):
    """A ReLU that ends at 60 is another one for grey values only."""
    from keras import layers

    chain(layers.ReLU(name="short")).save(tmp_path / "model.keras")
    stored = tf_keras_twin._stored

    def shortened(kind, config):
        made = stored(kind, config)
        made["config"] |= {"max_value": 60.0} if kind == "ReLU" else {}
        return made

    monkeypatch.setattr(tf_keras_twin, "_stored", shortened)
    if scale == 1:
        assert keras_source.load(tmp_path / "model.keras").classes == 3
        return
    with pytest.raises(ModelError, match="layer short"):
        keras_source.load(tmp_path / "model.keras", choose=scaled(tmp_path, scale))


def test_layers_in_another_order_are_refused(monkeypatch):
    model = inner()
    build, other = keras3._build, one_layer_twice()

    def wrong(_original, takes, twins):
        build(model, takes, twins)
        return build(other, takes, tf_keras_twin.Twins())

    monkeypatch.setattr(keras3, "_build", wrong)
    with pytest.raises(ModelError, match="the whole model does not"):
        keras3.rebuild("m.keras", model, (Tensor("pixels", SHAPE),), (DIGITS[..., None],))


def test_rounding_of_large_numbers_is_no_other_function(tmp_path):
    """Grey values around 200 with a deviation of 0.1 leave few digits behind the point."""
    from keras import layers

    norm = layers.BatchNormalization()
    model = chain(norm)
    norm.set_weights(np.float32([[1.0], [0.0], [200.0], [0.01]]))
    near = (200 + DIGITS[..., None] / 10).astype(np.float32)
    assert keras3.rebuild("m.keras", model, (Tensor("pixels", SHAPE),), (near,)).changes == ()


def test_the_manifest_has_both_the_original_and_what_was_converted(tmp_path):
    folder = tmp_path / "built"
    folder.mkdir()
    rows().save(tmp_path / "rows.keras")
    built = building.build(Given(original=tmp_path / "rows.keras"), folder).manifest
    assert built.original == "original.keras" and built.lanes["keras"] == "model.h5"
    assert str(built.reference) == "keras @ keras3" and "keras" in built.versions
    assert manifest.read(folder) == built and not manifest.changed(built, folder)
