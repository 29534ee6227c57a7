"""The endpoint for the reading of a new drawing, before the page has run."""

from __future__ import annotations

import asyncio
import gc
import json
from concurrent.futures import Future
from typing import Any

import numpy as np
import pytest
from starlette.applications import Starlette

from app.draw.lanes import server_lanes
from app.draw.results import chart_specs, result_api
from models.digit.digit import from_pixels
from models.errors import ModelError
from models.formats import store
from models.lanes import BACKENDS, SERVER_LANES, Lane
from models.runtimes.worker.messages import Answer
from tests.app.conftest import Stage, probabilities
from tests.app.draw.lanes.test_browser_answers import DIGIT, LANE, REMOVED, changed
from tests.support.asgi import Messages, ask, body, headers

APP = Starlette(routes=result_api.routes())


def lane(form: str, top: int) -> dict[str, Any]:
    return LANE | {"format": form, "probabilities": probabilities(top).tolist()}


def browser_answers(top: int = 7) -> dict[str, Any]:
    return changed("lanes", value=[lane("graph", top), lane("layers", top)])


def post(raw: Any, *heads: tuple[bytes, bytes]) -> Messages:
    posted = raw if isinstance(raw, bytes) else json.dumps(raw).encode()
    return ask(APP, "/served/reading", posted=posted, method="POST", headers=list(heads))


def test_all_five_lanes_are_in_the_reading(stage: Stage) -> None:
    answer = post(browser_answers())
    assert answer[0]["status"] == 200
    assert headers(answer)["cache-control"] == "no-store"
    reading = json.loads(body(answer))
    assert "All five lanes read 7." in reading["parts"]["verdict"]
    assert reading["parts"]["cards"].count('data-state="answered"') == 3
    assert reading["lanes"] == [
        *map(str, SERVER_LANES), "graph @ tfjs/wasm", "layers @ tfjs/wasm",
    ]  # fmt: skip
    assert len(reading["rows"]["probabilities"]) == 50


def test_it_is_the_reading_that_the_page_shows_later(stage: Stage) -> None:
    digit = from_pixels(np.round(DIGIT.pixels * 255).astype(np.uint8))
    first = json.loads(body(post(browser_answers())))
    asked = list(stage.worker.asked)
    answers = server_lanes.results(
        digit, server_lanes.futures(digit, model="mnist"), store.manifest("mnist")
    )
    assert stage.worker.asked == asked, "TensorFlow is asked once for both"
    assert first["digit"] == digit.id
    keras = answers[Lane("keras", "tensorflow")].probabilities
    assert keras is not None
    shown = [row["probability"] for row in first["rows"]["probabilities"]][:10]
    assert shown == pytest.approx(keras.tolist())


def test_lanes_that_disagree_are_named(stage: Stage) -> None:
    reading = json.loads(body(post(browser_answers(1))))
    assert 'data-kind="differ"' in reading["parts"]["verdict"]


def test_a_fallback_is_shown_and_its_markup_is_escaped(stage: Stage) -> None:
    raw = browser_answers() | {"fallback": "<img src=x onerror=alert(1)>"}
    verdict = json.loads(body(post(raw)))["parts"]["verdict"]
    assert "&lt;img" in verdict and "<img" not in verdict
    assert "Used wasm instead." in verdict


def test_while_tensorflow_loads_there_is_no_reading(stage: Stage) -> None:
    stage.worker.ready = False
    assert post(browser_answers())[0]["status"] == 204
    assert stage.worker.asked == []


def test_a_failed_lane_is_left_to_the_page(stage: Stage) -> None:
    stage.fails(SERVER_LANES[1], "It was eaten.")
    assert post(browser_answers())[0]["status"] == 204


def test_a_lane_that_is_late_is_not_waited_for(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_lanes, "PATIENCE_SECONDS", 0.01)
    stage.worker.answers[SERVER_LANES[2]] = None
    assert post(browser_answers())[0]["status"] == 204


def test_lanes_that_fail_are_left_to_the_page_and_not_logged(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    for each in SERVER_LANES:
        stage.fails(each, "TensorFlow is not installed.")
    assert post(browser_answers())[0]["status"] == 204
    gc.collect()
    assert caplog.text == ""


def test_a_lane_that_fails_after_the_response_is_not_logged(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(server_lanes, "PATIENCE_SECONDS", 0)
    late: dict[Lane, Future[Answer]] = {each: Future() for each in SERVER_LANES}
    monkeypatch.setattr(server_lanes, "futures", lambda *_, **__: late)

    async def app(*connection: Any) -> None:
        await APP(*connection)
        for future in late.values():
            future.set_exception(ModelError("TensorFlow ended."))
        for _ in range(3):  # turns of the event loop, in which the failures arrive
            await asyncio.sleep(0)

    posted = json.dumps(browser_answers()).encode()
    assert ask(app, "/served/reading", posted=posted, method="POST")[0]["status"] == 204
    assert all(future.done() for future in late.values())
    late.clear()  # they hold on to what waited for them
    gc.collect()
    assert caplog.text == ""


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"no json",
        b"[" * 60_000,
        b"null",
        b"[]",
        browser_answers() | {"model": "../secret"},
        browser_answers() | {"model": ["mnist"]},
        browser_answers() | {"digit": "AAAA"},
        browser_answers() | {"digit": DIGIT.id},  # the server keeps no pixels by a name
        browser_answers() | {"lanes": []},
        changed("lanes", value=REMOVED),
    ],
)
def test_malformed_answers_are_refused_with_a_message(stage: Stage, raw: Any) -> None:
    answer = post(raw)
    assert answer[0]["status"] == 400
    assert body(answer)
    assert stage.worker.asked == []


def test_a_body_that_is_too_large_is_not_read(stage: Stage) -> None:
    answer = post(b" " * (result_api.MAX_BODY + 1))
    assert answer[0]["status"] == 400
    assert b"65536 bytes" in body(answer)


def test_another_sites_request_is_refused(stage: Stage) -> None:
    assert post(browser_answers(), (b"sec-fetch-site", b"cross-site"))[0]["status"] == 403
    assert post(browser_answers(), (b"sec-fetch-site", b"same-origin"))[0]["status"] == 200


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
    assert list(specs) == list(chart_specs.CHARTS)
    for name, spec in specs.items():
        assert f"graph @ tfjs/{backend}" in json.dumps(spec)
        assert spec["description"].startswith(chart_specs.CHARTS[name][0][:10])
        assert spec["config"]["view"]["stroke"] == "transparent"
        assert spec["config"]["axis"]["labelColor"] == "currentColor"


def test_an_outdated_url_has_the_current_specifications_uncached() -> None:
    answer = ask(APP, f"/{chart_specs.URL_PATH}/older/{store.DEFAULT}/wasm.json")
    assert answer[0]["status"] == 200
    assert headers(answer)["cache-control"] == "no-cache"


@pytest.mark.parametrize("path", ["v/nothing/wasm", "v/mnist/nothing", "v/../wasm"])
def test_an_unknown_model_or_backend_has_no_specifications(path: str) -> None:
    assert ask(APP, f"/{chart_specs.URL_PATH}/{path}.json")[0]["status"] == 404
