"""A description that asks for more weights than its file holds gets none of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from models.errors import ModelError
from models.runtimes.keras import keras2, keras3, layers_model, weight_budget
from tests.support import model_files
from tests.support.model_files import layer, plain, sequential

HUGE = 1_000_000  # squared, four terabytes


def bomb() -> dict[str, Any]:
    """Two layers of a million units each: few bytes of JSON."""
    first = layer("InputLayer", "in", batch_input_shape=[None, 2], dtype="float32")
    return sequential(first, *(layer("Dense", f"d{n}", units=HUGE) for n in (1, 2)))


def stored_since_2_13(shape: str) -> dict[str, Any]:
    """The same as it stands in a .keras."""

    def whole(kind: str, **config: Any) -> dict[str, Any]:
        return {"module": "keras.layers", "registered_name": None} | layer(kind, **config)

    first = whole("InputLayer", name="in", dtype="float32", **{shape: [None, 2]})
    layers = [first, *(whole("Dense", name=f"d{n}", units=HUGE) for n in (1, 2))]
    return {"module": "keras", "registered_name": None} | sequential(*layers)


def made(monkeypatch: pytest.MonkeyPatch, library: Any) -> list[Any]:
    """The shapes of the weights that are made from now on."""
    shapes: list[Any] = []
    original = library.initializers.GlorotUniform.__call__

    def noted(self: Any, shape: Any, *args: Any, **kwargs: Any) -> Any:
        shapes.append(tuple(shape))
        return original(self, shape, *args, **kwargs)

    monkeypatch.setattr(library.initializers.GlorotUniform, "__call__", noted)
    return shapes


@pytest.mark.parametrize("kind", ["h5", "keras", "layers"])
def test_weights_beyond_the_files_are_not_made(tmp_path, kind, monkeypatch) -> None:
    import tf_keras

    shapes = made(monkeypatch, tf_keras)
    model = stored_since_2_13("batch_input_shape") if kind == "keras" else bomb()
    path = getattr(model_files, kind)(tmp_path / f"m.{kind}", model)
    read = layers_model.read if kind == "layers" else keras2.read
    with pytest.raises(ModelError, match=r"its layer d1 takes weights of the shape \(2, 1000000\)"):
        read(path / "model.json" if kind == "layers" else path)
    assert shapes == []


def test_nor_are_they_by_keras_3(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import keras

    shapes = made(monkeypatch, keras)
    path = model_files.keras(
        tmp_path / "m.keras", stored_since_2_13("batch_shape"), version="3.10.0"
    )
    with pytest.raises(ModelError, match=r"d1 takes weights of the shape \(2, 1000000\)"):
        keras3.read(path)
    assert shapes == []


def test_what_the_files_hold_is_made(tmp_path: Path) -> None:
    for make in (model_files.h5, model_files.layers):
        path = make(tmp_path / make.__name__, plain())
        read = layers_model.read if make is model_files.layers else keras2.read
        model = read(path / "model.json" if make is model_files.layers else path)
        assert model.get_weights()[0].tolist() == model_files.KERNEL.tolist()


def test_without_a_budget_layers_are_made_as_ever() -> None:
    import tf_keras

    with weight_budget.of(0, tf_keras), pytest.raises(ValueError, match="more than its files hold"):
        tf_keras.layers.Dense(200).build((None, 200))
    tf_keras.layers.Dense(200).build((None, 200))
