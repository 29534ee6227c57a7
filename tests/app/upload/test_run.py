"""A run through all lanes: the order of batches, and what the browser may send."""

import gc
import json
from concurrent.futures import Future
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from starlette.applications import Starlette

from app.upload import api
from app.upload import run as upload_run
from app.upload.bounds import BATCH
from app.upload.run import Run
from models import dataset
from models.errors import InputError, ModelError
from models.formats import store
from models.lanes import CONVERTED, REFERENCE, SERVER_LANES, Lane, Times
from models.parity import judgement, set_verdict
from models.runtimes.worker.messages import Answer
from tests.support import asgi
from tests.support import dataset_files as files

COUNT = BATCH + 10
MNIST = store.manifest("mnist")
GRAPH = Lane("graph", "tfjs/webgl")


class Worker:
    """Keeps its requests; ``answer`` answers a lane's oldest one."""

    def __init__(self):
        self.requests = []

    def submit(self, _folder, lane, pixels, **_):
        self.requests.append((lane, pixels, Future()))
        return self.requests[-1][2]

    def answer(self, lane, error=None):
        request = next(each for each in self.requests if each[0] == lane)
        self.requests.remove(request)
        if error:
            request[2].set_exception(error)
        else:
            request[2].set_result(Answer(0, rows(len(request[1])), Times(steady_ms=(500.0,))))


def rows(count, top=3):
    values = np.zeros((count, 10), np.float32)
    values[:, top] = 1
    return values


@pytest.fixture
def data():
    return dataset.read("a.npz", files.npz(x=files.digits(COUNT)))


@pytest.fixture
def run(data):
    return Run(data, Path("models/mnist"), MNIST)


def lane(run, name):
    return next(each for each in run.progress if str(each.lane).startswith(name))


def test_server_lanes_take_turns_with_one_batch_at_a_time(run):
    worker, batches = Worker(), []
    run.start(worker)
    while worker.requests:
        ((each, pixels, _),) = worker.requests
        batches.append((each, len(pixels)))
        worker.answer(each)
    first = [(each, BATCH) for each in SERVER_LANES]
    assert batches == first + [(each, 10) for each in SERVER_LANES]
    assert lane(run, "keras").finished and lane(run, "keras").seconds == 1 and not run.finished


def test_cancel_keeps_what_is_done_and_sends_no_more(run):
    worker = Worker()
    run.start(worker)
    worker.answer(REFERENCE)
    run.cancel()
    worker.answer(SERVER_LANES[1])
    assert worker.requests == [] and run.finished
    assert lane(run, "keras").done == BATCH and lane(run, "graph @ tensorflow").done == 0


def test_a_lane_that_fails_says_why_and_the_others_go_on(run):
    worker = Worker()
    run.start(worker)
    worker.answer(REFERENCE)
    worker.answer(SERVER_LANES[1], ModelError("No such file."))
    assert lane(run, "graph @ tensorflow").error == "No such file."
    worker.answer(SERVER_LANES[2])
    assert [each for each, *_ in worker.requests] == [REFERENCE] and not run.finished


def test_run_is_finished_when_every_lane_is(run):
    worker = Worker()
    run.start(worker)
    while worker.requests:
        worker.answer(worker.requests[0][0])
    assert not run.finished
    for form in CONVERTED:
        run.accept(form, "webgl", 0, 0.1, rows(COUNT).tobytes())
    assert run.finished and run.ended is not None
    assert [str(each.lane) for each in run.progress][3:] == [
        "graph @ tfjs/webgl",
        "layers @ tfjs/webgl",
    ]
    assert all(each.done.all() for each in run.scores())


def test_time_left_follows_the_pace(data):
    now = [0.0]
    run = Run(data, Path("models/mnist"), MNIST, clock=lambda: now[0])
    assert lane(run, "graph @ tfjs").seconds_left(0) is None
    now[0] = 2.0
    run.accept("graph", "wasm", 0, 0.1, rows(COUNT // 3).tobytes())
    assert lane(run, "graph @ tfjs").seconds_left(2.0) == pytest.approx(4, rel=0.01)


@pytest.mark.parametrize(
    ("form", "backend", "start", "seconds", "raw"),
    [
        ("keras", "wasm", 0, 1, rows(1).tobytes()),
        ("graph", "cuda", 0, 1, rows(1).tobytes()),
        ("graph", "wasm", COUNT, 1, rows(1).tobytes()),
        ("graph", "wasm", -1, 1, rows(1).tobytes()),
        ("graph", "wasm", 0, -1, rows(1).tobytes()),
        ("graph", "wasm", 0, float("nan"), rows(1).tobytes()),
        ("graph", "wasm", 0, 1, b""),
        ("graph", "wasm", 0, 1, rows(1).tobytes()[:-1]),
        ("graph", "wasm", 0, 1, rows(COUNT + 1).tobytes()),
        ("graph", "wasm", 0, 1, (rows(1) * np.float32("nan")).tobytes()),
        ("graph", "wasm", 0, 1, (rows(1) * 7).tobytes()),
    ],
)
def test_an_invalid_answer_is_refused(run, form, backend, start, seconds, raw):
    with pytest.raises(InputError):
        run.accept(form, backend, start, seconds, raw)
    assert not any(each.done for each in run.progress)


def test_a_browser_lane_that_sends_nan_differs(run):
    """It is told why its answers are refused, and says so: see post() in set_runner.js."""
    with pytest.raises(InputError) as refused:
        run.accept("graph", "wasm", 0, 1, (rows(1) * np.float32("nan")).tobytes())
    run.fail("graph", f"The server refused the answers: {refused.value}")
    scores = run.scores()
    said = set_verdict.verdict(scores, judge=judgement.FIXED)
    assert (said.kind, said.headline) == ("differ", "The graph model in your browser gives NaN.")


def test_parts_come_in_any_order_and_only_once(run):
    run.accept("graph", "wasm", 40, 0.1, rows(20, top=4).tobytes())
    run.accept("graph", "wasm", 0, 0.1, rows(20).tobytes())
    with pytest.raises(InputError, match="each is answered once"):
        run.accept("graph", "wasm", 59, 0.1, rows(2).tobytes())
    assert lane(run, "graph @ tfjs").done == 40
    answered = next(each for each in run.scores() if str(each.lane) == "graph @ tfjs/wasm")
    assert answered.top[[0, 19, 20, 39, 40, 59, 60]].tolist() == [3, 3, -1, -1, 4, 4, -1]


def call(method, url, body=b""):
    """Send one request to the routes."""
    path, _, query = url.partition("?")
    app = Starlette(routes=api.routes("/base"))
    messages = asgi.ask(app, path, posted=body, method=method, query_string=query.encode())
    return SimpleNamespace(status=messages[0]["status"], content=asgi.body(messages))


def get(url):
    return call("GET", url)


def post(url, body):
    return call("POST", url, body)


def test_pixels_and_answers_over_http(run):
    url = f"/base/served/sets/{run.token}"
    response = get(f"{url}/pixels?start=2&stop=5")
    assert response.content == run.data.stored[2:5].tobytes()
    body = rows(20).tobytes()
    response = post(f"{url}/answers/graph?backend=webgl&start=0&ms=40", body)
    assert json.loads(response.content) == {"goOn": True}
    assert lane(run, "graph @ tfjs/webgl").done == 20
    run.cancel()
    response = post(f"{url}/answers/graph?backend=webgl&start=20&ms=40", body)
    assert json.loads(response.content) == {"goOn": False}


def test_failure_over_http(run):
    post(f"/base/served/sets/{run.token}/failure/layers", b"No WebGL.")
    assert lane(run, "layers @ tfjs").error == "No WebGL."


@pytest.mark.parametrize(
    "end",
    ["pixels", "pixels?start=0&stop=99999", "pixels?start=-1&stop=2", "pixels?start=a&stop=2"],
)
def test_bad_requests_for_pixels(run, end):
    assert get(f"/base/served/sets/{run.token}/{end}").status == 400


def test_bad_answers_over_http_are_refused(run):
    url = f"/base/served/sets/{run.token}/answers/graph"
    assert post(url, b"x").status == 400
    big = post(f"{url}?backend=wasm&start=0&ms=1", bytes(1_000_000))
    assert big.status == 400 and b"More than" in big.content


def test_a_run_is_gone_when_its_session_ends(data):
    run = Run(data, Path("models/mnist"), MNIST)
    run.start(Worker())
    token = run.token
    assert upload_run.find(token) is run
    del run
    gc.collect()
    assert upload_run.find(token) is None
    assert get(f"/base/served/sets/{token}/pixels?start=0&stop=1").status == 404
