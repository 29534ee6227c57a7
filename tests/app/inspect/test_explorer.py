"""The files for Model Explorer, offered on a page."""

from __future__ import annotations

import json
from concurrent.futures import Future

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from app.inspect.run import Inspection
from models.bisect.bisection import Bisection
from models.bisect.layer_difference import LayerDifference
from models.digit.digit import Digit
from models.formats import store
from models.lanes import Format, Lane, Weights
from models.runtimes.activations import Trace
from models.runtimes.worker.messages import TraceAnswer

KERAS = Lane("keras", "tensorflow")
CONV1 = LayerDifference("conv1", "conv1", (1, 2), 3e-7, 1e-7, 1.0, (0, 0), 1e-5)
shown: list[tuple[Inspection, list[Bisection]]] = []


def script() -> None:
    from app.inspect import explorer
    from tests.app.inspect.test_explorer import shown

    explorer.offer(*shown[-1])


@pytest.fixture
def files(monkeypatch):
    """What each button downloads, by the file's name, where these formats were compared."""

    def offered(*formats: Format, weights: Weights = "float32") -> dict[str, bytes]:
        saved = {}

        def download_button(_label, data, file_name, **_) -> None:
            content = data()
            saved[file_name] = content if isinstance(content, bytes) else content.encode()

        monkeypatch.setattr(st, "download_button", download_button)
        lane = Lane("layers", "tensorflow", weights)
        answer: Future[TraceAnswer] = Future()
        answer.set_result(TraceAnswer(0, Trace(lane, {}), shapes={"conv1": (1, 28, 28, 16)}))
        digit = Digit(np.zeros((28, 28), np.float32))
        inspection = Inspection("mnist", digit, weights, KERAS, {lane: answer}, 10**6)
        found = [Bisection(Lane(form, "tfjs/wasm", weights), KERAS, (CONV1,)) for form in formats]
        shown.append((inspection, found))
        page = AppTest.from_function(script, default_timeout=30).run()
        assert not page.exception
        return saved

    return offered


def test_each_format_has_its_graph_and_its_differences(files):
    saved = files("graph", "layers")
    assert list(saved) == [
        "mnist-graph-model.json",
        "mnist-graph-differences.json",
        "mnist-layers.json",
        "mnist-layers-differences.json",
    ]
    differences = json.loads(saved["mnist-layers-differences.json"])["default"]["results"]
    assert differences == {"conv1": {"value": 3e-7}}
    (graph,) = json.loads(saved["mnist-layers.json"])["graphs"]
    conv1 = next(node for node in graph["nodes"] if node["id"] == "conv1")
    assert {"key": "gives", "value": "28×28×16"} in conv1["attrs"]


@pytest.mark.parametrize(("weights", "folder"), [("float32", ""), ("uint8", "_uint8")])
def test_the_graph_model_s_own_file_is_that_of_the_weights_that_are_shown(files, weights, folder):
    stored = store.folder("mnist") / f"model_graph{folder}" / "model.json"
    assert files("graph", weights=weights)["mnist-graph-model.json"] == stored.read_bytes()


def test_a_format_that_was_not_compared_has_no_buttons(files):
    assert list(files("layers")) == ["mnist-layers.json", "mnist-layers-differences.json"]
    assert files() == {}


def test_buttons_have_names_of_their_own(files, monkeypatch):
    files("graph", "layers")
    monkeypatch.undo()
    labels = [
        each.proto.label
        for each in AppTest.from_function(script, default_timeout=30).run().get("download_button")
    ]
    assert len(labels) == len(set(labels)) == 4
