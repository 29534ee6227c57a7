"""Any JSON in place of any part of a model: TensorFlow answers, or there is a sentence."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.errors import ModelError
from models.runtimes import tensorflow
from tests.models.formats.safety.test_any_description import assert_is_a_sentence, put, values
from tests.support import model_files

often = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
MANIFEST = {
    "name": "any",
    "title": "any",
    "classes": ["0", "1", "2"],
    "lanes": {"graph": "graph/model.json", "layers": "layers/model.json"},
    "files": {},
    "input": {"shape": [2], "scale": 1},
}
ENDS = {"inputs": {"x": {"name": "x:0"}}, "outputs": {"y": {"name": "y:0"}}}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("any")
    (folder / "manifest.json").write_text(json.dumps(MANIFEST))
    model_files.layers(folder / "layers")
    fused = {
        "name": "z",
        "op": "_FusedMatMul",
        "input": ["y", "dense/kernel", "dense/kernel"],
        "attr": {"fused_ops": {"list": {"s": ["Qmlhc0FkZA=="]}}, "num_args": {"i": "1"}},
    }
    prelu = {"name": "p", "op": "Prelu", "input": ["y", "y"]}
    path = model_files.graph(folder / "graph", fused, prelu) / "model.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"signature": ENDS}))
    return folder


@pytest.mark.parametrize("form", ["graph", "layers"])
@given(data=st.data())
@often
def test_a_model_is_loaded_and_answers_or_there_is_a_sentence(folder, form, data) -> None:
    path = folder / form / "model.json"
    stored = path.read_text("utf-8")
    path.write_text(json.dumps(put(json.loads(stored), values, data)), "utf-8")
    try:
        answer = tensorflow.load(folder, form).predict(np.ones((1, 2), np.float32))
        assert len(answer) == 1
    except ModelError as error:
        assert_is_a_sentence(error)
    finally:
        path.write_text(stored, "utf-8")
