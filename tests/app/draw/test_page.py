from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from app.draw.lanes import server_lanes
from app.draw.results import chart_specs, explanation
from app.session import links, shared, state
from models.lanes import SERVER_LANES, Lane, Times
from models.runtimes.worker.messages import Answer
from tests.app.conftest import DASHBOARD, Stage, probabilities

Text = Callable[[AppTest], str]
SEVEN = {
    "type": "Path",
    "path": [["M", 40, 60], ["L", 220, 60], ["L", 120, 240]],
    "originX": "center",
    "originY": "center",
    "left": 130,
    "top": 150,
    "width": 180,
    "height": 180,
}


def test_a_newcomer_sees_an_example_digit_read_by_five_lanes(stage: Stage, text: Text) -> None:
    page = text(stage.run())
    assert "All five lanes read 7." in page
    assert "identical to the last bit" in page
    assert "Draw your own digit" in page


def test_an_empty_canvas_asks_for_a_digit_and_predicts_nothing(stage: Stage, text: Text) -> None:
    test = stage.run()
    stage.worker.asked.clear()
    next(button for button in test.button if button.label == "Clear").click().run()
    page = text(test)
    assert "Draw a digit." in page
    assert "read 7" not in page
    assert stage.worker.asked == []


def test_an_empty_canvas_keeps_the_charts_places_and_offers_nothing_to_download(
    stage: Stage,
) -> None:
    test = stage.run()
    next(button for button in test.button if button.label == "Clear").click().run()
    assert stage.readings[-1].rows == {name: [] for name in chart_specs.CHARTS}
    places = "".join(element.proto.body for element in test.get("html"))
    assert all(f'data-chart="{name}"' in places for name in chart_specs.CHARTS)
    assert not test.get("download_button")


def test_a_drawing_replaces_the_example_digit(stage: Stage, text: Text) -> None:
    stage.drawing = [SEVEN]
    stage.says(probabilities(1))
    assert "All five lanes read 1." in text(stage.run())


def test_an_example_digit_is_one_click_away(stage: Stage, text: Text) -> None:
    test = stage.run()
    stage.says(probabilities(3))
    next(button for button in test.button if button.label == "Ready digit 3").click().run()
    assert not test.exception
    assert "All five lanes read 3." in text(test)


def test_the_verdict_on_a_digit_that_no_lane_is_sure_of_is_unsure(stage: Stage, text: Text) -> None:
    stage.says(probabilities(2, confidence=0.31))
    page = text(stage.run())
    assert 'data-kind="unsure"' in page
    assert "best guess is 2, at 31 %" in page


def test_lanes_that_disagree_are_named_with_what_they_read(stage: Stage, text: Text) -> None:
    stage.worker.answers[Lane("graph", "tensorflow")] = probabilities(1)
    page = text(stage.run())
    assert 'data-kind="differ"' in page
    assert "graph @ tensorflow read 1" in page


def test_a_failed_server_lane_says_why_and_the_others_go_on(stage: Stage, text: Text) -> None:
    stage.fails(Lane("layers", "tensorflow"), "The layers model was eaten.")
    page = text(stage.run())
    assert "The layers model was eaten." in page
    assert "Four of five lanes read 7." in page


def test_a_browser_lane_that_gives_nan_differs(stage: Stage, text: Text) -> None:
    assert stage.in_browser is not None
    source = (Path(chart_specs.__file__).parents[1] / "lanes" / "predict.js").read_text("utf-8")
    said = "The lane's answer holds values that are no numbers (NaN or infinite). "
    assert said in source, "what predict.js says"
    stage.in_browser["graph"] = said
    page = text(stage.run())
    assert 'data-kind="differ"' in page
    assert "graph @ tfjs/wasm gives NaN where others read 7." in page


def test_a_failed_browser_lane_says_why_and_the_others_go_on(stage: Stage, text: Text) -> None:
    assert stage.in_browser is not None
    stage.in_browser["graph"] = "no such file"
    page = text(stage.run())
    assert "graph @ tfjs/wasm" in page
    assert "Four of five lanes read 7." in page


def test_a_fallback_of_the_backend_is_shown_with_its_reason(stage: Stage, text: Text) -> None:
    stage.backend, stage.fallback = "wasm", "The backend webgpu does not work here: no adapter."
    page = text(stage.run())
    assert "The backend webgpu does not work here: no adapter. Used wasm instead." in page


def test_server_lanes_answer_while_the_browser_still_loads(stage: Stage, text: Text) -> None:
    stage.in_browser = None
    page = text(stage.run())
    assert "Three lanes so far read 7." in page
    assert "Waiting for graph @ tfjs/wasm, layers @ tfjs/wasm." in page


def test_tensorflow_waits_for_a_new_visitors_first_page_only(stage: Stage) -> None:
    page = stage.run()
    assert stage.worker.held_back == 1
    page.run()
    assert stage.worker.held_back == 1
    stage.run()  # another visitor
    assert stage.worker.held_back == 2


def test_the_page_is_there_while_tensorflow_still_loads(stage: Stage, text: Text) -> None:
    stage.worker.ready = False
    stage.worker.answers = dict.fromkeys(SERVER_LANES)
    page = text(stage.run())
    assert "Two lanes so far read 7." in page
    assert "Waiting for keras @ tensorflow" in page


def test_lanes_that_answer_while_the_page_is_being_made_are_shown(
    stage: Stage, text: Text, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.worker.ready = False
    stage.worker.answers = dict.fromkeys(SERVER_LANES)
    waiting = []

    def submit(*_: object, **__: object) -> Future[Answer]:
        waiting.append(Future())
        return waiting[-1]

    def show(*_: object) -> None:
        for future in waiting:
            if not future.done():
                future.set_result(Answer(0, probabilities(7)[None], Times(30.0, 12.0, (0.5,))))

    monkeypatch.setattr(stage.worker, "submit", submit)
    monkeypatch.setattr(explanation, "show", show)
    assert "All five lanes read 7." in text(stage.run())


def test_the_page_polls_only_while_lanes_are_late(stage: Stage) -> None:
    stage.worker.ready = False
    stage.worker.answers = dict.fromkeys(SERVER_LANES)
    test = stage.run()
    assert test.session_state["watches_server"]
    stage.says(probabilities(7))
    test.session_state["server_answers"] = None
    server_lanes.forget_all()
    assert not test.run().session_state["watches_server"]


def test_the_charts_and_the_exact_table_are_there(stage: Stage) -> None:
    test = stage.run()
    rows = stage.readings[-1].rows
    assert {name: len(chart_rows) for name, chart_rows in rows.items()} == {
        "probabilities": 50,  # five lanes, ten classes
        "differences": 40,
        "pairs": 10,
        "steady": 3 * 3 + 2 * 2,
        "load": 10,
    }
    assert len(test.dataframe) == 0  # it is made when it is opened
    test.session_state["exact"] = True
    table = test.run().dataframe[0].value
    assert list(table["lane"]) == [
        "keras @ tensorflow",
        "graph @ tensorflow",
        "layers @ tensorflow",
        "graph @ tfjs/wasm",
        "layers @ tfjs/wasm",
    ]
    assert table["P(7)"].tolist() == pytest.approx([0.99] * 5)
    columns = json.loads(test.dataframe[0].proto.columns)
    # Streamlit's own four decimals would write probabilities that differ alike.
    assert {columns[f"P({each})"]["type_config"]["format"] for each in range(10)} == {"%.9g"}


def test_an_unreadable_drawing_is_an_error_and_is_not_predicted(stage: Stage, text: Text) -> None:
    stage.drawing = [SEVEN | {"path": [["Z", 1]]}]
    page = text(stage.run())
    assert "The canvas sent a drawing that cannot be read" in page
    assert stage.worker.asked == []


def test_undo_removes_the_last_stroke(stage: Stage) -> None:
    stage.drawing = [SEVEN, SEVEN]
    test = stage.run()
    next(button for button in test.button if button.label == "Undo").click().run()
    assert test.session_state["drawing"].initial == [SEVEN]


def test_undo_removes_the_last_stroke_even_before_the_page_has_shown_it(stage: Stage) -> None:
    stage.drawing = [SEVEN, SEVEN]
    test = stage.run()
    stage.drawing = [SEVEN, SEVEN, SEVEN]  # it comes with the click, or while the page is made
    next(button for button in test.button if button.label == "Undo").click().run()
    assert test.session_state["drawing"].initial == [SEVEN, SEVEN]


def test_an_answer_for_an_older_digit_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state.st, "session_state", {})
    old = state.server_answers("old", "mnist")
    old[Lane("keras", "tensorflow")] = object()  # type: ignore[assignment]
    assert state.server_answers("old", "mnist") is old
    assert state.server_answers("new", "mnist") == {}
    assert state.server_answers("old", "mnist") == {}


def test_the_downloaded_result_holds_every_lane_and_every_pixel(stage: Stage) -> None:
    from app.draw.results.result_file import result_file

    from models.formats import store
    from models.lanes import LaneResult, Times

    digit = __import__("app.session.shared", fromlist=["examples"]).examples()[7]
    results = [
        LaneResult(SERVER_LANES[0], digit.id, probabilities(7), Times(1.0, 2.0, (3.0,))),
        LaneResult(SERVER_LANES[1], digit.id, error="broken"),
    ]
    content = json.loads(result_file(digit, results, None, store.manifest("mnist")))
    assert np.array_equal(
        np.array(content["digit"]["pixels"], np.float32).reshape(28, 28), digit.pixels
    )
    assert content["lanes"][0]["steady_ms"] == [3.0]
    assert content["lanes"][1]["error"] == "broken"
    assert content["parity"] == {
        "rule": "softmax",
        "bound": store.manifest("mnist").rounding.bound,
        "lanes": [],
    }
    assert content["model"]["versions"]["tensorflowjs"]


def test_a_link_opens_on_its_digit_and_backend(stage: Stage, text: Text) -> None:
    stage.says(probabilities(3))
    test = AppTest.from_file(str(DASHBOARD), default_timeout=30)
    digit = shared.examples()[3]
    test.query_params["digit"] = links.encode(digit)
    test.query_params["backend"] = "cpu"
    test.run()
    assert not test.exception
    assert test.session_state["shown"].id == digit.id
    assert test.session_state["backend"] == "cpu"
    assert "All five lanes read 3." in text(test)


def test_a_damaged_link_says_so_and_opens_an_empty_canvas(stage: Stage, text: Text) -> None:
    test = AppTest.from_file(str(DASHBOARD), default_timeout=30)
    test.query_params["digit"] = "AAAA"
    test.run()
    assert "damaged" in test.warning[0].value
    assert "Draw a digit." in text(test)
    assert stage.worker.asked == []


def test_the_query_follows_the_digit(stage: Stage) -> None:
    test = stage.run()
    assert "digit" not in test.query_params
    next(button for button in test.button if button.label == "Ready digit 3").click().run()
    assert test.query_params["digit"] == links.encode(shared.examples()[3])
