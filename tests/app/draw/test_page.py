"""The Draw page: what it begins with, and what it is told. What it shows then is the browser's."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np
import pytest

from app.draw import page
from app.draw.reading import server_lanes
from app.frontend import lane_wire
from app.session import links, shared, state, stroke_tokens
from models.digit import fabric_drawing
from models.digit.digit import from_strokes
from models.formats import store
from tests.app.conftest import Stage
from tests.support.recorded_strokes import drawings

STROKE = {
    "type": "Path",
    "path": [["M", 40, 60], ["L", 220, 60], ["L", 120, 240]],
    "originX": "center",
    "originY": "center",
    "left": 130,
    "top": 150,
    "width": 180,
    "height": 180,
    "strokeWidth": 18,
}


def levels(number: int) -> str:
    """The ready digit as the component has it."""
    return base64.b64encode(shared.examples()[number].levels).decode()


def told(number: int | None, **changed: Any) -> dict[str, Any]:
    """What the component tells when this ready digit is shown."""
    return {
        "model": "mnist",
        "levels": None if number is None else levels(number),
        "label": "Yours",
        "strokes": [STROKE],
        "asked": "auto",
        "backend": "wasm",
        "query": "",
    } | changed


def test_a_newcomer_begins_with_a_ready_digit(stage: Stage) -> None:
    stage.run()
    assert stage.mounted[-1]["shown"] == {
        "version": 0,
        "levels": levels(7),
        "label": "Ready digit 7",
        "strokes": [],
    }


def test_the_page_itself_asks_nothing_of_tensorflow(stage: Stage) -> None:
    stage.run()
    assert stage.worker.asked == [], "the browser asks, with what its own lanes answer"


def test_what_is_told_is_kept_for_other_pages_and_not_sent_back(stage: Stage) -> None:
    stage.told = told(3, backend="webgl", asked="webgl")
    test = stage.run()
    shown = test.session_state["visit"]
    assert shown.digit.id == shared.examples()[3].id and shown.strokes == [STROKE]
    assert test.session_state["last_backend"] == "webgl"
    assert len(stage.mounted) == 1 and stage.mounted[0]["shown"]["levels"] == levels(7)


def test_the_page_comes_back_with_what_it_showed_last(stage: Stage) -> None:
    stage.told = told(3)
    test = stage.run()
    test.run()  # as another page and back do: the whole script runs
    begin = stage.mounted[-1]["shown"]
    assert begin["levels"] == levels(3) and begin["strokes"] == [STROKE]
    assert begin["label"] == "Yours"
    assert begin["version"] == 0, "a page that is open goes on with what it shows"


def test_an_emptied_pad_stays_empty(stage: Stage) -> None:
    stage.told = told(None, strokes=[], label="")
    test = stage.run()
    test.run()
    assert stage.mounted[-1]["shown"]["levels"] is None


@pytest.mark.parametrize(
    "changed",
    [
        {"levels": "AAAA"},
        {"levels": 7},
        {"levels": "?" * 1_045},
        {"model": "another"},
        {"strokes": [STROKE | {"path": [["Z", 1]]}]},
        {"strokes": [STROKE] * 1_001},
        {"strokes": [STROKE | {"more": "x" * 600_000}]},
        {"strokes": "none"},
        {"asked": "abacus"},
        {"weights": "int4"},
        {"weights": ["uint8"]},
        {"backend": "auto"},
        {"label": None},
        {"query": "?" + "&".join(f"a{n}=1" for n in range(99))},
        {"query": 7},
    ],
    ids=str,
)
def test_what_cannot_be_read_is_not_kept(
    stage: Stage, changed: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    stage.told = told(3, **changed)
    test = stage.run()
    assert "visit" not in test.session_state
    assert "cannot be read" in caplog.text


def test_a_link_opens_on_its_digit_and_backend(stage: Stage) -> None:
    digit = shared.examples()[3]
    test = stage.run(digit=links.encode(digit), backend="cpu")
    begin = stage.mounted[-1]
    assert begin["shown"]["levels"] == levels(3)
    assert begin["shown"]["label"] == "Ready digit 3"
    assert begin["shown"]["version"] == 1, "an open page shows it too"
    assert begin["backend"] == test.session_state["backend"] == "cpu"


def test_a_link_shows_its_strokes_on_the_pad(stage: Stage) -> None:
    strokes = fabric_drawing.strokes(drawings()[3])
    digit = from_strokes(strokes)
    token = stroke_tokens.encode(strokes)
    stage.run(digit=links.encode(digit), strokes=token or "")
    shown = stage.mounted[-1]["shown"]
    assert shown["label"] == "Shared digit"
    drawn = from_strokes(fabric_drawing.strokes({"objects": shown["strokes"]}))
    assert np.abs(drawn.pixels - digit.pixels).mean() < page.ALIKE / 2


@pytest.mark.parametrize("token", ["", "AQ", "no strokes at all", "x" * 5_000])
def test_a_link_with_damaged_strokes_opens_on_its_digit(stage: Stage, token: str) -> None:
    digit = from_strokes(fabric_drawing.strokes(drawings()[3]))
    test = stage.run(digit=links.encode(digit), strokes=token)
    shown = stage.mounted[-1]["shown"]
    assert base64.b64decode(shown["levels"]) == digit.levels and shown["strokes"] == []
    assert not test.warning


def test_strokes_of_another_digit_are_not_shown_over_what_is_read(stage: Stage) -> None:
    digit, other = (fabric_drawing.strokes(drawings()[each]) for each in (3, 8))
    stage.run(digit=links.encode(from_strokes(digit)), strokes=stroke_tokens.encode(other) or "")
    assert stage.mounted[-1]["shown"]["strokes"] == []


def test_strokes_without_a_digit_open_nothing(stage: Stage) -> None:
    stage.run(strokes=stroke_tokens.encode(fabric_drawing.strokes(drawings()[3])) or "")
    assert stage.mounted[-1]["shown"]["label"] == "Ready digit 7"


def test_a_link_asks_for_weights_and_another_kind_is_ignored(stage: Stage) -> None:
    test = stage.run(weights="uint8")
    assert stage.mounted[-1]["weights"] == test.session_state["weights"] == "uint8"
    assert "uint8" in stage.mounted[-1]["specs"]
    stage.run(weights="int4")
    assert stage.mounted[-1]["weights"] == "float32"


def test_the_component_is_told_every_way_in_which_weights_are_stored(stage: Stage) -> None:
    stage.run()
    model = stage.mounted[-1]["model"]
    assert list(model["stored"]) == ["float32", "float16", "uint8"]
    stored = model["stored"]["uint8"]
    assert stored["weights"] == "uint8"
    assert stored["paths"] == {
        "graph": "model_graph_uint8/model.json",
        "layers": "model_layers_uint8/model.json",
    }
    assert [each["name"] for each in stored["lanes"]] == [
        "Keras, the original",
        "graph uint8, on the server",
        "layers uint8, on the server",
        "graph uint8, in your browser",
        "layers uint8, in your browser",
    ]
    assert model["weights"] == "float32"


def test_the_weights_that_are_told_are_kept_for_the_pages_return(stage: Stage) -> None:
    stage.told = told(3, weights="float16")
    test = stage.run()
    test.run()
    assert stage.mounted[-1]["weights"] == "float16"


def test_the_address_that_the_page_wrote_opens_nothing_anew(stage: Stage) -> None:
    token = links.encode(shared.examples()[3])
    stage.told = told(3, query=f"?digit={token}")
    test = stage.run()
    test.query_params["digit"] = token
    stage.told = told(5, query=f"?digit={token}")  # the address is late, or could not be written
    test.run()
    test.run()
    assert stage.mounted[-1]["shown"]["levels"] == levels(5)
    assert stage.mounted[-1]["shown"]["version"] == 0


def test_an_opened_link_that_streamlit_repeats_does_not_replace_what_was_drawn_since(
    stage: Stage,
) -> None:
    token = links.encode(shared.examples()[3])
    stage.told = told(5, query=f"?digit={links.encode(shared.examples()[5])}")
    test = stage.run(digit=token)
    version = stage.mounted[-1]["shown"]["version"]
    test.run()  # Streamlit's query is still the link's: it does not see what the browser writes
    test.run()
    assert stage.mounted[-1]["shown"]["levels"] == levels(5)
    assert stage.mounted[-1]["shown"]["version"] == version


def test_a_damaged_link_says_so_and_opens_an_empty_pad(stage: Stage) -> None:
    test = stage.run(digit="AAAA")
    assert "damaged" in test.warning[0].value
    assert stage.mounted[-1]["shown"]["levels"] is None


def test_tensorflow_waits_for_a_new_visitors_first_page_only(stage: Stage) -> None:
    page = stage.run()
    assert stage.worker.held_back == 1
    page.run()
    assert stage.worker.held_back == 1
    stage.run()  # another visitor
    assert stage.worker.held_back == 2


def test_the_component_is_told_what_the_model_takes(stage: Stage) -> None:
    stage.run()
    data = stage.mounted[-1]
    assert data["picture"]["shape"] == [28, 28] and data["picture"]["hasCanvas"]
    assert data["model"]["classes"] == list("0123456789")
    assert [each["lane"] for each in data["model"]["lanes"]] == list(
        map(str, lane_wire.lanes(store.manifest("mnist")))
    )
    assert [each["name"] for each in data["examples"]] == [f"Ready digit {n}" for n in range(10)]
    assert [each["levels"] for each in data["examples"]] == [levels(n) for n in range(10)]


def test_other_pages_have_the_digit_only_if_their_model_takes_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from app.session.visit import Visit

    monkeypatch.setattr(state.st, "session_state", {})
    assert state.digit() is None
    state.remember(Visit(shared.examples()[3]))
    assert state.digit() is shared.examples()[3]
    monkeypatch.setattr(state, "model", lambda: "another")
    monkeypatch.setattr(state.store, "manifest", _colour)
    assert state.digit() is None


def _colour(_name: str) -> Any:
    from dataclasses import replace

    from models.formats.model_input import Input

    return replace(MANIFEST, input=Input((8, 8, 3), framing="none"))


MANIFEST = store.manifest("mnist")


@pytest.fixture(autouse=True)
def _forget() -> None:
    server_lanes.forget_all()
