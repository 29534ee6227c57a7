"""Which lanes a model has, and what they are compared with."""

from dataclasses import replace

from models.formats import manifest
from models.formats.manifest import FileRecord, Manifest
from models.lanes import REFERENCE, SERVER_LANES, Lane
from models.runtimes import server_lane


def of(*forms: str) -> Manifest:
    return Manifest("toy", "Toy", ("a", "b"), dict.fromkeys(forms, "model.json"), {})


def test_keras_is_the_reference_and_comes_first():
    model = of("layers", "graph", "keras", "graph uint8")
    assert model.reference == REFERENCE and model.server_lanes == SERVER_LANES


def test_without_an_original_the_layers_model_stands_in_for_it():
    model = of("graph", "layers")
    assert model.reference == Lane("layers", "tensorflow")
    assert [lane.format for lane in model.server_lanes] == ["layers", "graph"]


def test_what_keras_3_saved_is_answered_by_keras_3_and_is_the_reference():
    model = replace(of("graph", "keras", "layers"), original="original.keras")
    assert model.reference == Lane("keras", "keras3") == model.server_lane("keras")
    assert [str(lane) for lane in model.server_lanes] == [
        "keras @ keras3",
        "graph @ tensorflow",
        "layers @ tensorflow",
    ]
    assert model.path("keras") == "model.json"  # the rebuild, which was converted


def test_the_original_is_written_where_there_is_one_and_nothing_otherwise(tmp_path):
    for original in ("", "original.keras"):
        model = replace(of("keras"), original=original)
        manifest.write(model, tmp_path)
        assert ("original" in (tmp_path / manifest.NAME).read_text("utf-8")) == bool(original)
        assert manifest.read(tmp_path) == replace(model, changes=())


def test_layers_that_no_keras_loads_leave_the_graph_to_be_compared_with(tmp_path):
    model = replace(of("graph", "layers"), unread="layers")
    assert model.reference == Lane("graph", "tensorflow")
    assert [lane.format for lane in model.server_lanes] == ["graph", "layers"]
    manifest.write(model, tmp_path)
    assert manifest.read(tmp_path).unread == "layers"


def test_an_exported_original_is_the_folder_of_tensorflow_with_all_its_files():
    files = {
        "saved_model/saved_model.pb": FileRecord("", 5),
        "saved_model/variables/variables.index": FileRecord("", 7),
        "model.json": FileRecord("", 11),
    }
    lanes = {"keras": "saved_model", "graph": "model.json"}
    model = Manifest("toy", "Toy", (), lanes, files)
    assert model.exported and not of("keras", "graph").exported and not of("graph").exported
    assert (model.size("keras"), model.size("graph")) == (12, 11)
    assert "(TensorFlow 2." in server_lane.described(model.reference, model)
