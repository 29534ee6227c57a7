"""Models that several tests take apart, made once. Change only a copy."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support import weight_faults as faults


@pytest.fixture(scope="session")
def hard(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of ``weight_faults.hard_model`` in all three formats."""
    model = faults.scattered(faults.hard_model())
    return faults.convert(model, tmp_path_factory.mktemp("models") / "hard")


@pytest.fixture(scope="session")
def small_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small network with every kind of weights, and a record of its training."""
    import tf_keras

    from models.convert import conversion
    from models.train import network

    tf_keras.utils.set_random_seed(6)  # with some seeds a weight's sign changes next to nothing
    folder = tmp_path_factory.mktemp("models") / "small"
    folder.mkdir()
    network.build(((4, 4), (8,))).save(folder / conversion.KERAS_FILE)
    (folder / conversion.TRAINING_FILE).write_text(
        json.dumps({"title": "Small", "epochs": 3, "accuracy": {"MNIST test": {"keras": 0.5}}})
    )
    conversion.convert(folder)
    return folder
