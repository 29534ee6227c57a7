"""How large a model may be is the operator's to say."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.errors import ModelError
from models.formats import model_limits, safety
from models.formats.architecture import reader
from tests.support import model_files


def test_a_gigabyte_is_the_most_unless_the_operator_says_otherwise(monkeypatch) -> None:
    monkeypatch.delenv(model_limits.SIZE.variable, raising=False)
    assert model_limits.SIZE.value == 1_024
    monkeypatch.setenv(model_limits.SIZE.variable, "64")
    assert model_limits.SIZE.value == 64


@pytest.mark.parametrize("said", ["-1", "0", "1 GB", "1e3", "9" * 5_000, "²"])
def test_a_limit_that_is_none_is_said_when_a_model_is_looked_at(
    monkeypatch, tmp_path, said
) -> None:
    path = model_files.h5(tmp_path / "m.h5")
    monkeypatch.setenv(model_limits.SIZE.variable, said)
    with pytest.raises(ModelError, match="set it to a number of megabytes"):
        safety.check(path)


def too_large(path: Path) -> None:
    with pytest.raises(ModelError, match=r"of 2 MB; 1 MB is the most here.*DIGIT_PARITY_MODEL_MB"):
        safety.check(path)


def test_a_model_that_is_larger_is_refused_whatever_its_kind(monkeypatch, tmp_path: Path) -> None:
    import h5py
    import numpy as np

    numbers = np.random.default_rng(1).random(1 << 18, np.float64)  # 2 MB
    with h5py.File(model_files.h5(tmp_path / "m.h5"), "r+") as file:
        file["model_weights"]["more"] = numbers
    inner = (tmp_path / "m.h5").read_bytes()
    model_files.keras(tmp_path / "m.keras", **{"model.weights.h5": inner})
    weights = [{"name": "w", "shape": [1 << 18], "dtype": "float32"}] * 2
    weights = [each | {"name": f"w{at}"} for at, each in enumerate(weights)]
    layers = model_files.layers(
        tmp_path / "layers", None, model_files.group("weights.bin", weights=weights)
    )
    (layers / "weights.bin").write_bytes(numbers.tobytes())
    for name in ("m.h5", "m.keras", "layers"):
        safety.check(tmp_path / name)
    monkeypatch.setenv(model_limits.SIZE.variable, "1")
    for name in ("m.h5", "m.keras", "layers"):
        too_large(tmp_path / name)


def test_the_operator_says_how_many_layers_a_model_may_have(monkeypatch, tmp_path: Path) -> None:
    path = model_files.h5(tmp_path / "m.h5")
    assert len(reader.read(path).layers) > 1
    monkeypatch.setenv(model_limits.PARTS.variable, "1")
    with pytest.raises(ModelError, match=r"more than 1 layers.*DIGIT_PARITY_MODEL_LAYERS sets"):
        reader.read(path)
