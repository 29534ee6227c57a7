"""Which lanes a model has, and what they are compared with."""

from models.formats.manifest import Manifest
from models.lanes import REFERENCE, SERVER_LANES, Lane


def of(*forms: str) -> Manifest:
    return Manifest("toy", "Toy", ("a", "b"), dict.fromkeys(forms, "model.json"), {})


def test_keras_is_the_reference_and_comes_first():
    model = of("layers", "graph", "keras", "graph uint8")
    assert model.reference == REFERENCE and model.server_lanes == SERVER_LANES


def test_without_an_original_the_layers_model_stands_in_for_it():
    model = of("graph", "layers")
    assert model.reference == Lane("layers", "tensorflow")
    assert [lane.format for lane in model.server_lanes] == ["layers", "graph"]
