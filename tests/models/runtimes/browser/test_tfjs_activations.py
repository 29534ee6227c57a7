"""A lane that a browser looks into gives every part, or the reason why not."""

import json
from pathlib import Path

import numpy as np
import pytest

from models.errors import ModelError
from models.formats.store import SHIPPED
from models.lanes import Lane
from models.runtimes import node
from models.runtimes.browser import tfjs_activations
from models.runtimes.browser.message import Message
from models.runtimes.browser.program import Program

pytestmark = pytest.mark.skipif(not node.SCRIPT.is_file(), reason="`make install` bundles it")
LANE = Lane("layers", "tfjs/webgl+f16")
DIGITS = (np.zeros((2, 28, 28, 1), np.float32),)
GIVEN = {"pixels": np.arange(2, dtype=np.float32)}
FEEDS = {"conv1": ["pixels"]}


def part(of, name, values, shape=None):
    values = np.array(values, np.float32)
    said = {"kind": "part", "lane": 0, "of": of, "name": name}
    return Message(said | {"shape": values.shape if shape is None else shape}, values.reshape(-1))


def lane(**words):
    return Message({"kind": "lane", "lane": 0, **words}, np.zeros(0, np.float32))


@pytest.fixture
def ask(monkeypatch):
    """What comes of a visit with these messages, and what the page was told."""
    told = {}

    def asked(*messages):
        def visit(program, files, job, **rest):
            told.update(files=set(files), job=json.loads(json.dumps(job)), **rest)
            told["known"] = np.fromfile(files["known"], "<f4").tolist()
            return iter(messages)

        monkeypatch.setattr(tfjs_activations, "visit", visit)
        program = Program("chromium", Path("chromium"))
        found = tfjs_activations.trace_and_own(SHIPPED, LANE, DIGITS, GIVEN, FEEDS, program=program)
        return found, told

    return asked


def test_parts_come_whole_and_those_asked_alone_beside_them(ask):
    (trace, own), told = ask(
        part("outputs", "conv1", [[1, 2], [3, 4]]),
        part("own", "conv1", [[5, 6], [7, 8]]),
        lane(errors=[["relu1", "no"]]),
    )
    assert trace.lane == LANE
    assert trace.outputs["conv1"].tolist() == [[1, 2], [3, 4]]
    assert own.outputs["conv1"].tolist() == [[5, 6], [7, 8]]
    assert own.errors == {"relu1": "no"}
    (job,) = told["job"]["lanes"]
    assert job["feeds"] == [["conv1", ["pixels"]]]
    assert job["given"] == {"file": "known", "parts": [{"name": "pixels", "shape": [2]}]}
    assert told["known"] == [0, 1]
    assert told["query"] == "tfjsflags=WEBGL_FORCE_F16_TEXTURES:true"
    assert {"known", "input0", "model/model.json"} <= told["files"]


@pytest.mark.parametrize(
    "messages, words",
    [
        ([lane(error="no webgl")], "could not be looked into: no webgl"),
        ([], "the page gave no answer"),
        ([part("outputs", "a", [1, 2], shape=[3])], "cannot be read: 2 numbers"),
        ([part("outputs", "a", [1], shape=[-1])], "cannot be read"),
        ([part("elsewhere", "a", [1])], "cannot be read"),
        ([lane()], "cannot be read"),
    ],
)
def test_what_is_no_answer_is_a_reason(ask, messages, words):
    with pytest.raises(ModelError, match=words):
        ask(*messages)
