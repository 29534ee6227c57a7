"""The endpoint that reads a picture: a stream of figures, a line each time that lanes answer."""

from __future__ import annotations

import asyncio
import gc
import json
from concurrent.futures import Future
from typing import Any

import numpy as np
import pytest
from starlette.applications import Starlette

from app.draw.reading import endpoint, posted, server_lanes
from app.draw.results import chart_specs
from app.session import links, shared
from models.digit.digit import from_pixels
from models.errors import ModelError
from models.formats import store
from models.lanes import BACKENDS, SERVER_LANES, Lane
from models.runtimes.worker.messages import Answer
from tests.app.conftest import Stage, probabilities
from tests.app.draw.reading.test_posted import ANSWERS, DIGIT, REMOVED, changed
from tests.support.asgi import Messages, ask, body, headers

APP = Starlette(routes=endpoint.routes())
PATH = f"/{endpoint.URL_PATH}/mnist"


def post(raw: Any, *heads: tuple[bytes, bytes], path: str = PATH) -> Messages:
    content = raw if isinstance(raw, bytes) else json.dumps(raw).encode()
    return ask(APP, path, posted=content, method="POST", headers=list(heads))


def states(line: dict[str, Any]) -> list[str]:
    return [lane["state"] for lane in line["lanes"]]


def test_loaded_lanes_come_in_one_line_with_all_figures(stage: Stage) -> None:
    (line,) = stage.read()
    assert line["done"] and line["verdict"]["kind"] == "agree"
    assert line["digit"] == shared.first_example().id
    assert [lane["lane"] for lane in line["lanes"]] == [
        *map(str, SERVER_LANES), "graph @ tfjs/wasm", "layers @ tfjs/wasm",
    ]  # fmt: skip
    assert states(line) == ["answered"] * 5
    assert [lane["reads"] for lane in line["lanes"]] == ["7"] * 5
    assert [len(lane["probabilities"]) for lane in line["lanes"]] == [10] * 5
    assert line["lanes"][3]["steadyMs"] == [0.2, 0.3]


def test_nothing_holds_a_line_back(stage: Stage) -> None:
    answer = post(stage.post(shared.first_example()))
    assert headers(answer)["cache-control"] == "no-store, no-transform"
    assert headers(answer)["x-accel-buffering"] == "no"
    assert headers(answer)["content-encoding"] == "identity"


def test_each_lane_that_answers_later_adds_a_line(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(endpoint, "TOGETHER_SECONDS", 0)
    late: dict[Lane, Future[Answer]] = {each: Future() for each in SERVER_LANES}
    monkeypatch.setattr(server_lanes, "futures", lambda *_, **__: late)
    lines = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        async def heard(message: Any) -> None:
            await send(message)
            if lines_of(message):
                lines.extend(lines_of(message))
                waiting = [future for future in late.values() if not future.done()]
                if waiting:  # only now does the next lane answer
                    waiting[0].set_result(stage.worker.answer(probabilities(7)))

        await APP(scope, receive, heard)

    content = json.dumps(stage.post(shared.first_example())).encode()
    ask(app, PATH, posted=content, method="POST")
    assert [states(line).count("answered") for line in lines] == [2, 3, 4, 5]
    assert [line["done"] for line in lines] == [False, False, False, True]
    assert [line["verdict"]["kind"] for line in lines] == ["waiting"] * 3 + ["agree"]


def test_the_first_line_waits_for_no_tensorflow_that_is_loading(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(endpoint, "TOGETHER_SECONDS", 1e6)
    monkeypatch.setattr(endpoint, "PATIENCE_SECONDS", 0.01)
    stage.worker.ready = False
    stage.worker.answers = dict.fromkeys(SERVER_LANES)
    first, *_ = stage.read()
    assert states(first) == ["waiting"] * 3 + ["answered"] * 2


def lines_of(message: Any) -> list[Any]:
    return [json.loads(line) for line in message.get("body", b"").splitlines()]


def test_while_the_browser_loads_the_servers_lanes_are_shown(stage: Stage) -> None:
    stage.in_browser = None
    (line,) = stage.read()
    assert states(line) == ["answered"] * 3 + ["waiting"] * 2
    assert line["done"], "of the server"
    assert line["verdict"]["kind"] == "waiting"


def test_a_lane_that_fails_says_why_and_the_others_go_on(stage: Stage) -> None:
    stage.fails(SERVER_LANES[1], "It was eaten.")
    (line,) = stage.read()
    assert states(line) == ["answered", "failed", *["answered"] * 3]
    assert line["lanes"][1]["error"] == "It was eaten."
    assert line["verdict"]["kind"] == "failed"


def test_a_lane_of_the_browser_that_failed_says_why(stage: Stage) -> None:
    assert stage.in_browser is not None
    stage.in_browser["graph"] = "no such file"
    (line,) = stage.read()
    failed = line["lanes"][3]
    assert (failed["state"], failed["error"]) == ("failed", "no such file")
    assert "probabilities" not in failed and "reads" not in failed


def test_a_lane_of_another_number_of_classes_is_a_lane_that_failed(stage: Stage) -> None:
    stage.worker.answers[SERVER_LANES[1]] = np.full(12, 1 / 12, np.float32)
    (line,) = stage.read()
    assert line["lanes"][1]["error"] == "It gives 12 numbers for a picture, not 10."
    assert line["verdict"]["kind"] == "failed"


def test_a_lane_that_never_answers_ends_the_stream_with_a_sentence(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(endpoint, "TOGETHER_SECONDS", 0)
    monkeypatch.setattr(endpoint, "PATIENCE_SECONDS", 0.01)
    stage.worker.answers[SERVER_LANES[2]] = None
    *_, line = stage.read()
    assert line["done"] and line["lanes"][2]["error"] == endpoint.LATE


def test_lanes_that_fail_are_not_logged(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    for each in SERVER_LANES:
        stage.fails(each, "TensorFlow is not installed.")
    stage.read()
    gc.collect()
    assert caplog.text == ""


def test_a_client_that_leaves_leaves_nothing_behind(
    stage: Stage, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(endpoint, "TOGETHER_SECONDS", 0)
    late: dict[Lane, Future[Answer]] = {each: Future() for each in SERVER_LANES}
    monkeypatch.setattr(server_lanes, "futures", lambda *_, **__: late)
    content = json.dumps(stage.post(shared.first_example())).encode()
    first = [{"type": "http.request", "body": content}]

    async def app(scope: Any, _receive: Any, send: Any) -> None:
        left = asyncio.Event()

        async def receive() -> Any:
            if first:
                return first.pop()
            await left.wait()
            return {"type": "http.disconnect"}

        async def heard(message: Any) -> None:
            await send(message)
            if message.get("body"):
                left.set()

        await APP(scope, receive, heard)  # ends, though no lane has answered
        for future in late.values():
            future.set_exception(ModelError("TensorFlow ended."))
        for _ in range(3):  # turns of the event loop, in which the failures arrive
            await asyncio.sleep(0)

    ask(app, PATH, method="POST")
    late.clear()  # they hold on to what waited for them
    gc.collect()
    assert caplog.text == ""


def test_a_fallback_is_said_with_its_reason(stage: Stage) -> None:
    (line,) = stage.read(fallback="The backend webgpu does not work here: no adapter.")
    assert line["fallback"] == (
        "The backend webgpu does not work here: no adapter. Used wasm instead."
    )


def test_the_address_carries_the_digit_but_not_the_newcomers(stage: Stage) -> None:
    (line,) = stage.read()
    assert line["query"] == ""
    digit = shared.examples()[3]
    (line,) = stage.read(digit, asked="cpu")
    assert line["query"] == f"digit={links.encode(digit)}&backend=cpu"


def test_the_result_is_a_file_of_every_lane_and_every_pixel(stage: Stage) -> None:
    stage.fails(SERVER_LANES[1], "broken")
    digit = shared.first_example()
    answer = post(stage.post(digit), path=f"/{endpoint.FILE_PATH}/mnist")
    content = json.loads(body(answer))
    pixels = np.array(content["digit"]["pixels"], np.float32).reshape(28, 28)
    assert np.array_equal(pixels, digit.pixels)
    assert [lane["lane"] for lane in content["lanes"]] == [
        *map(str, SERVER_LANES), "graph @ tfjs/wasm", "layers @ tfjs/wasm",
    ]  # fmt: skip
    assert content["lanes"][0]["steady_ms"] == [0.5, 0.6, 0.7]
    assert content["lanes"][1]["error"] == "broken"
    assert content["parity"]["rule"] == "softmax"
    assert content["model"]["versions"]["tensorflowjs"]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"no json",
        b"[" * 60_000,
        b"null",
        b"[]",
        ANSWERS | {"digit": "AAAA"},
        ANSWERS | {"digit": DIGIT.id},  # the server keeps no pixels by a name
        ANSWERS | {"lanes": []},
        changed("lanes", value=REMOVED),
    ],
)
def test_malformed_answers_are_refused_with_a_message(stage: Stage, raw: Any) -> None:
    answer = post(raw)
    assert answer[0]["status"] == 400
    assert body(answer)
    assert stage.worker.asked == []


def test_a_body_that_is_too_large_is_not_read(stage: Stage) -> None:
    most = posted.largest(store.manifest("mnist"))
    answer = post(b" " * (most + 1))
    assert answer[0]["status"] == 400
    assert f"{most} bytes".encode() in body(answer)


@pytest.mark.parametrize("path", [endpoint.URL_PATH, endpoint.FILE_PATH])
def test_a_model_that_is_not_here_is_not_asked(stage: Stage, path: str) -> None:
    for name in ("nothing", "..", "%2e%2e"):
        assert post(ANSWERS, path=f"/{path}/{name}")[0]["status"] == 404


def test_another_sites_request_is_refused(stage: Stage) -> None:
    assert post(ANSWERS, (b"sec-fetch-site", b"cross-site"))[0]["status"] == 403
    assert post(ANSWERS, (b"sec-fetch-site", b"same-origin"))[0]["status"] == 200


def test_a_digit_is_requested_once_and_again_when_a_lane_failed(stage: Stage) -> None:
    first = server_lanes.futures(DIGIT, model="mnist")
    assert server_lanes.futures(DIGIT, model="mnist") is first
    failed: Future[Answer] = Future()
    failed.set_exception(ModelError("gone"))
    first[SERVER_LANES[0]] = failed
    assert server_lanes.futures(DIGIT, model="mnist") is not first


def test_the_cache_drops_the_oldest_digit(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_lanes, "KEPT", 2)
    digits = [from_pixels(np.full((28, 28), level, np.uint8)) for level in (1, 2, 3)]
    first = [server_lanes.futures(digit, model="mnist") for digit in digits]
    again = [server_lanes.futures(digit, model="mnist") for digit in reversed(digits)]
    assert [new is old for new, old in zip(reversed(again), first, strict=True)] == [
        False,
        True,
        True,
    ]


@pytest.mark.parametrize("backend", BACKENDS)
def test_the_charts_specifications_are_cached_forever(backend: str) -> None:
    answer = ask(APP, f"/{chart_specs.url_path(store.DEFAULT, backend)}")
    assert answer[0]["status"] == 200
    assert "immutable" in headers(answer)["cache-control"]
    specs = json.loads(body(answer))
    assert list(specs) == [*chart_specs.CHARTS, chart_specs.LOG]
    for name, spec in specs.items():
        assert f"graph @ tfjs/{backend}" in json.dumps(spec)
        assert spec["description"].startswith(chart_specs.CHARTS[name.removesuffix(" log")][0][:10])
        assert spec["config"]["view"]["stroke"] == "transparent"
        assert spec["config"]["axis"]["labelColor"] == "currentColor"


def test_an_outdated_url_has_the_current_specifications_uncached() -> None:
    answer = ask(APP, f"/{chart_specs.URL_PATH}/older/{store.DEFAULT}/float32/wasm.json")
    assert answer[0]["status"] == 200
    assert headers(answer)["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    "path", ["v/nothing/float32/wasm", "v/mnist/float32/nothing", "v/../float32/wasm"]
)
def test_an_unknown_model_or_backend_has_no_specifications(path: str) -> None:
    assert ask(APP, f"/{chart_specs.URL_PATH}/{path}.json")[0]["status"] == 404
