"""The command's figures, on the hundred digits that ship with the model."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from models import dataset
from models.evaluate import command as evaluate
from models.evaluate import text
from models.formats import manifest as manifests
from models.formats.manifest import Manifest
from models.formats.model_input import Input
from models.formats.store import EXAMPLES, SHIPPED
from models.lanes import Lane
from models.runtimes import ask, node, predict_set
from models.runtimes.ask import Answered
from tests.support import dataset_files as files
from tests.support import model_files

needs_bundle = pytest.mark.skipif(not node.SCRIPT.is_file(), reason="`make install` bundles it")
LANE_KEYS = {"format", "runtime", "accuracy", "agreement", "max_abs_diff", "confusion"}


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "models.evaluate", *map(str, arguments)]
    # Commands that ran in this process have set the variable.
    env = {name: value for name, value in os.environ.items() if name != "TF_CPP_MIN_LOG_LEVEL"}
    return subprocess.run(command, capture_output=True, text=True, timeout=120, env=env)


@pytest.fixture(scope="module")
def all_formats() -> subprocess.CompletedProcess[str]:
    return run(EXAMPLES, "--json")


def test_nothing_but_the_report_is_printed(all_formats):
    assert all_formats.stderr == ""


def test_json_is_one_object_with_every_figure(all_formats):
    assert all_formats.returncode == 0, all_formats.stderr
    result = json.loads(all_formats.stdout)
    assert result["images"] == 100 and result["skipped"] == []
    assert [lane["format"] for lane in result["lanes"]] == ["keras", "graph", "layers"]
    for lane in result["lanes"]:
        assert set(lane) >= LANE_KEYS and lane["runtime"] == "tensorflow"
        assert lane["accuracy"] > 0.95 and lane["agreement"] == 1 and lane["max_abs_diff"] < 1e-4
        low, high = lane["accuracy_interval"]
        assert low < lane["accuracy"] <= high
        assert np.sum(lane["confusion"]) == 100
        assert np.trace(lane["confusion"]) == lane["correct"] == round(lane["accuracy"] * 100)


@pytest.fixture
def instant(monkeypatch):
    """Lanes that answer at once with the labels of ``examples``, except for one digit."""

    def answer(samples, lane, *_):
        probabilities = np.eye(10, dtype=np.float32)[np.maximum(samples.labels, 0)]
        if lane.format == "graph":
            probabilities[0] = [0.25, 0.75, *[0] * 8]
        return Answered(lane, (probabilities,), 1.0)

    monkeypatch.setattr(ask, "_on_server", answer)


def test_a_lane_that_differs_is_shown_to_differ(instant, capsys):
    assert evaluate.main([str(EXAMPLES), "--json", "--format", "graph"]) == 0
    (lane,) = json.loads(capsys.readouterr().out)["lanes"]
    assert lane["format"] == "graph"
    assert lane["accuracy"] == lane["agreement"] == 0.99 and lane["max_abs_diff"] == 0.75
    assert lane["confusion"][0][1] == 1


def test_without_json_it_prints_text(instant, capsys):
    assert evaluate.main([str(EXAMPLES)]) == 0
    printed = capsys.readouterr().out
    assert "100 images, 100 with a label" in printed
    assert "graph @ tensorflow\n  accuracy  99.00% (95 % interval 94.55% to 99.82%)" in printed


def test_without_labels_there_is_agreement_but_no_accuracy(instant, capsys, tmp_path):
    path = tmp_path / "a.npz"
    path.write_bytes(files.npz(x=files.digits(3)))
    assert evaluate.main([str(path), "--json"]) == 0
    lanes = json.loads(capsys.readouterr().out)["lanes"]
    assert [lane["accuracy"] for lane in lanes] == [None] * 3 and lanes[0]["agreement"] == 1


def test_a_picture_without_a_label_says_what_was_read_by_format(instant, capsys, tmp_path):
    path = tmp_path / "mine.png"
    path.write_bytes(files.picture())
    assert evaluate.main([str(path)]) == 0
    printed = capsys.readouterr().out
    alike = "0 (keras @ tensorflow 100.0 %, layers @ tensorflow 100.0 %)"
    assert f"  mine.png: {alike}; 1 (graph @ tensorflow 75.0 %)\n" in printed
    assert evaluate.main([str(path), "--json", "--format", "graph"]) == 0
    (read,) = json.loads(capsys.readouterr().out)["read"]
    assert (read["image"], read["label"]) == ("mine.png", None)
    (lane,) = read["lanes"]
    assert (lane["format"], lane["read"], lane["probability"]) == ("graph", "1", 0.75)


def test_of_many_pictures_figures_are_printed_and_no_readings(instant, capsys):
    assert evaluate.main([str(EXAMPLES), "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["read"] == [] and result["remedies"] == []


def test_numbers_that_count_are_said_with_the_option_that_takes_them(instant, capsys, tmp_path):
    for number in range(1, 4):
        (tmp_path / f"digit{number}.png").write_bytes(files.picture())
    assert evaluate.main([str(tmp_path)]) == 0
    printed = capsys.readouterr().out
    assert "3 images, 0 with a label" in printed and "accuracy" not in printed
    assert "Note: The numbers in names (digit1.png … digit3.png) count the pictures" in printed
    assert "Take them as labels: --labels name\n" in printed
    assert evaluate.main([str(tmp_path), "--labels", "name", "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["labelled"] == 3
    assert [each["option"] for each in result["remedies"]] == ["--labels folder"]
    assert evaluate.main([str(tmp_path), "--labels", "off", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["labelled"] == 0


def test_skipped_files_are_listed(instant, capsys, tmp_path):
    (tmp_path / "7").mkdir()
    (tmp_path / "7" / "good.png").write_bytes(files.picture())
    (tmp_path / "bad.png").write_bytes(b"text")
    assert evaluate.main([str(tmp_path), "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["images"] == 1
    assert [each["file"] for each in result["skipped"]] == ["bad.png"]


def test_nothing_to_read_exits_1_and_still_prints_one_object(capsys, tmp_path):
    (tmp_path / "bad.png").write_bytes(b"text")
    assert evaluate.main([str(tmp_path), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["lanes"] == []
    assert evaluate.main([str(tmp_path / "none")]) == 1
    assert "There is nothing at" in capsys.readouterr().err


def test_unknown_model_exits_1(capsys):
    assert evaluate.main([str(EXAMPLES), "--model", "none"]) == 1
    assert "There is no model named 'none'" in capsys.readouterr().err


@needs_bundle
def test_tensorflow_js_answers_beside_the_reference(capsys):
    assert evaluate.main([str(EXAMPLES), "--runtime", "tfjs", "--json"]) == 0
    lanes = json.loads(capsys.readouterr().out)["lanes"]
    assert [f"{lane['format']} @ {lane['runtime']}" for lane in lanes] == [
        "keras @ tensorflow",
        "graph @ tfjs/wasm",
        "layers @ tfjs/wasm",
    ]
    for lane in lanes:
        assert set(lane) >= LANE_KEYS
        assert lane["accuracy"] >= 0.99 and lane["agreement"] == 1
        assert lane["max_abs_diff"] < 1e-5 and np.sum(lane["confusion"]) == 100
    assert lanes[1]["max_abs_diff"] > 0, "another runtime rounds otherwise"


def test_a_lane_without_an_answer_says_why_and_exits_1(instant, capsys, monkeypatch):
    monkeypatch.setattr(node, "SCRIPT", EXAMPLES.parent / "none.mjs")
    assert evaluate.main([str(EXAMPLES), "--runtime", "tfjs"]) == 1
    printed = capsys.readouterr().out
    assert "keras @ tensorflow\n  accuracy  100.00%" in printed
    assert "graph @ tfjs/wasm\n  no answer" in printed and "models.tfjs" in printed


def test_many_digits_reach_node_in_parts(monkeypatch):
    batches = []

    def answer(_folder, lanes, tensors):
        count = len(tensors[0])
        batches.append(count)
        failed = len(batches) == 2
        return {
            lane: node.NodeRun(lane, error="eaten")
            if failed and lane.format == "layers"
            else node.NodeRun(
                lane, (np.full((count, 10), len(batches) / 4, np.float32),), seconds=2.0
            )
            for lane in lanes
        }

    monkeypatch.setattr(node, "predict", answer)
    monkeypatch.setattr(ask, "NODE_BATCH", 40)
    lanes = [Lane(form, "tfjs/wasm") for form in ("graph", "layers")]
    graph, layers = predict_set.predict(dataset.read_path(EXAMPLES), lanes, SHIPPED)
    assert batches == [40, 40, 20] and graph.seconds == 6
    assert graph.probabilities[::20, 0].tolist() == [0.25, 0.25, 0.5, 0.5, 0.75]
    assert layers.error == "eaten" and not layers.done.any()


PETS = ("cat", "dog", "Golden Retriever")


def pets(tmp_path, **fields) -> str:
    """A model's folder of 8×8 pictures in colour; what it computes is asked of nobody here."""
    folder = tmp_path / "pets"
    folder.mkdir()
    path = model_files.h5(folder / "model.h5")
    lanes, files_ = {"keras": path.name}, {path.name: manifests.record(path)}
    given = Input((8, 8, 3), framing="none")
    about = {"input": given} | fields
    manifests.write(Manifest("pets", "Pets", PETS, lanes, files_, **about), folder)
    return str(folder)


def photos(tmp_path) -> str:
    folder = tmp_path / "photos"
    for name in ("cat", "golden_retriever", "zebra"):
        (folder / name).mkdir(parents=True)
        image = Image.new("RGB", (20, 10), "orange")
        (folder / name / "1.jpg").write_bytes(files.picture(image, "JPEG"))
    return str(folder)


def test_a_model_of_colour_pictures_is_evaluated_by_the_names_of_its_classes(
    monkeypatch, capsys, tmp_path
):
    shapes = []

    def answer(samples, lane, *_):
        shapes.append(samples.tensors()[0].shape)
        return Answered(lane, (np.eye(3, dtype=np.float32)[[0, 1, 1]],), 1.0)

    monkeypatch.setattr(ask, "_on_server", answer)
    assert evaluate.main([photos(tmp_path), "--model", pets(tmp_path)]) == 0
    printed = capsys.readouterr().out
    assert shapes == [(3, 8, 8, 3)]
    assert "skipped labels: zebra names no class of the model: 1 image is used" in printed
    assert "3 images, 2 with a label\n  2 labels from the folder (cat/1.jpg)" in printed
    assert "accuracy  50.00%" in printed and "  2 Golden Retriever     ·     1     ·" in printed


@pytest.mark.parametrize(
    ("fields", "reason"),
    [({"answers": "values"}, "gives numbers and no classes"), ({"input": None}, "no pictures")],
)
def test_a_model_that_classifies_no_pictures_is_refused(capsys, tmp_path, fields, reason):
    assert evaluate.main([photos(tmp_path), "--model", pets(tmp_path, **fields)]) == 1
    assert reason in capsys.readouterr().err


def test_of_many_classes_the_pairs_that_were_confused_are_printed_in_place_of_a_matrix(capsys):
    lane = {"format": "graph", "runtime": "tensorflow", "error": None, "agreement": None}
    lane |= {"accuracy": 0.5, "accuracy_interval": [0.4, 0.6], "top5_accuracy": 0.75}
    lane |= {"images_per_second": 10, "ms_per_image": 100}
    lane["confused"] = [{"label": 344, "read": at, "images": 1_200 - at} for at in range(30)]
    result = {"skipped": [], "images": 4, "labelled": 4, "labels": {}, "cautions": []}
    classes = [f"class of pictures with the number {at}" for at in range(345)]
    text.write(result | {"lanes": [lane]}, Lane("keras", "tensorflow"), classes, digits=False)
    printed = capsys.readouterr().out
    assert "  top 5     75.00% have their label among five" in printed
    assert "     1,200 344 class of pictures with …, read as 0 class of pictures" in printed
    assert printed.count("read as") == 10 and "confusion" not in printed


def test_a_usage_error_exits_2():
    assert evaluate.main([str(EXAMPLES), "--format", "onnx"]) == 2
