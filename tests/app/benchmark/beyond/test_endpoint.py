"""The files of a visitor's worker, and what it posts."""

from __future__ import annotations

import json
import struct

import pytest
from starlette.applications import Starlette

from app.benchmark.beyond import endpoint, installed, lanes
from app.benchmark.beyond import run as beyond
from models.lanes import Lane
from models.storage import locations
from models.verify.alternatives.running import BESIDE
from tests.support.asgi import ask, body, headers

APP = Starlette(routes=endpoint.routes())
GRAPH, LITERT = BESIDE[0], Lane("keras", "litert.js/wasm")


def folder(lane: Lane = LITERT) -> str:
    return "/" + lanes.url_path("mnist", lane).rpartition("/")[0]


def posted(words: object, *, of: bytes = b"") -> bytes:
    text = json.dumps(words).encode()
    return struct.pack("<I", len(text)) + text + of


def post(content: bytes, token: str, lane: Lane = GRAPH, **heads: str) -> int:
    given = [(name.replace("_", "-").encode(), value.encode()) for name, value in heads.items()]
    query = f"run={token}".encode()
    path = f"{folder(lane)}/say"
    sent = ask(APP, path, posted=content, method="POST", query_string=query, headers=given)
    return int(sent[0]["status"])


def test_a_lane_has_the_gates_page_its_engine_its_model_and_the_inputs(planted) -> None:
    sent = ask(APP, f"{folder()}/job.json")
    job = json.loads(body(sent))
    assert headers(sent)["cache-control"].endswith("immutable")
    assert job["images"] == 3 and job["lanes"][0]["inner"] == "alternatives/litert.js"
    wanted = ["worker.js", "run.js", "measured.js", "alternatives/litert.js", "input0"]
    for name in [*wanted, "model/model.tflite", "litert_wasm_internal.wasm"]:
        assert ask(APP, f"{folder()}/{name}")[0]["status"] == 200, name
    for name in ("tfjs.js", "job.json", "model/model.json"):
        assert ask(APP, f"{folder(GRAPH)}/{name}")[0]["status"] == 200, name


@pytest.mark.parametrize(
    "name", ["about.json", "answers.npz", "model/model.onnx", "../x", "%2e%2e/about.json", "say"]
)
def test_what_is_not_listed_is_not_there(planted, name) -> None:
    assert ask(APP, f"{folder()}/{name}")[0]["status"] == 404


@pytest.mark.parametrize(
    "path",
    [
        "old/mnist/3/run.js",
        "old/nobody/3/run.js",
        "old/mnist/99/run.js",
        f"old/mnist/{'9' * 5_000}/run.js",
    ],
)
def test_an_old_address_is_not_kept_and_an_unknown_one_not_there(planted, path) -> None:
    sent = ask(APP, f"/{installed.URL_PATH}/{path}")
    known = path == "old/mnist/3/run.js"
    assert sent[0]["status"] == (200 if known else 404)
    assert headers(sent).get("cache-control", "no-cache") == "no-cache"


def test_without_them_there_is_nothing(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(locations, "alternatives", lambda: tmp_path / "nothing")
    assert ask(APP, f"/{installed.URL_PATH}/v/mnist/3/run.js")[0]["status"] == 404
    sent = ask(APP, f"/{installed.URL_PATH}/v/mnist/3/say", posted=b"x", method="POST")
    assert sent[0]["status"] == 404


def test_what_a_worker_says_is_heard(planted) -> None:
    run = beyond.begin("mnist")
    assert post(posted({"kind": "fault", "error": "no wasm"}), run.token) == 204
    assert run.measured[0].judgement.reason == "no wasm"


def test_who_does_not_know_the_run_or_comes_from_elsewhere_is_refused(planted) -> None:
    run = beyond.begin("mnist")
    end = posted({"kind": "end"})
    assert post(end, "guessed") == 404
    assert post(end, run.token, sec_fetch_site="cross-site") == 403
    assert run.measured == []


HOSTILE = [
    b"",
    b"\xff\xff\xff\xff",
    posted([]),
    posted({"kind": 1}),
    posted({"kind": "end"}, of=b"123"),
    posted({"kind": "end", "x": "x" * 40_000}),
    posted({"kind": "rows", "rows": "9" * 5_000}),
    b"\x10\x27\x00\x00" + b"[" * 10_000,
    b"0" * 200_000,
]


@pytest.mark.parametrize("content", HOSTILE)
def test_bodies_that_no_worker_sends_are_refused(planted, content) -> None:
    run = beyond.begin("mnist")
    assert post(content, run.token) == 400
    assert run.measured == []
