"""Models that several tests take apart, made once. Change only a copy."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.support import weight_faults as faults


@pytest.fixture(scope="session")
def hard(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of ``weight_faults.hard_model`` in all three formats."""
    model = faults.scattered(faults.hard_model())
    return faults.convert(model, tmp_path_factory.mktemp("models") / "hard")


@pytest.fixture(scope="session")
def stepped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of ``weight_faults.stepped_model`` in all three formats."""
    model = faults.scattered(faults.stepped_model())
    return faults.convert(model, tmp_path_factory.mktemp("models") / "stepped")


@pytest.fixture(scope="session")
def looped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a network with a branch and a loop in its graph, as the converter puts them."""
    model = faults.scattered(faults.looped_model())
    return faults.convert(model, tmp_path_factory.mktemp("models") / "looped")


@pytest.fixture(scope="session")
def looped_by_functions(looped: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with the branch and the loop as functions, by ``--control_flow_v2``."""
    from models.convert.official import converter

    folder = tmp_path_factory.mktemp("models") / "looped"
    shutil.copytree(looped, folder)
    shutil.rmtree(folder / "model_graph")
    formats = ["--input_format=keras", "--output_format=tfjs_graph_model"]
    ends = [str(folder / "model.h5"), str(folder / "model_graph")]
    converter.run(["--control_flow_v2=True", *formats, *ends])
    return folder


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
