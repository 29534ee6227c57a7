"""What the browser sends about its layers is checked before it is used."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from app.inspect import browser_lanes
from app.inspect.browser_lanes import parse
from models.errors import InputError
from models.lanes import Lane

VALUES = np.arange(10, dtype=np.float32)


def answer(**changes: Any) -> dict[str, Any]:
    lane = {
        "parts": [{"name": "a", "shape": [1, 2, 3]}, {"name": "b", "shape": [1, 4]}],
        "values": base64.b64encode(VALUES.tobytes()).decode(),
        "error": None,
        "answers": base64.b64encode(np.eye(2, 5, dtype=np.float32).tobytes()).decode(),
        "ms": 30,
        "failure": None,
    }
    lanes = [{**lane, "format": "graph"}, {**lane, "format": "layers"}]
    return {"token": "t", "backend": "wasm", "fallback": None, "lanes": lanes} | changes


def test_each_layer_gets_its_own_numbers_in_its_own_shape() -> None:
    traces = parse(answer(), weights="uint8").traces
    lane = Lane("layers", "tfjs/wasm", "uint8")
    assert set(traces) == {Lane("graph", "tfjs/wasm", "uint8"), lane}
    outputs = traces[lane].outputs
    np.testing.assert_array_equal(outputs["a"], VALUES[:6].reshape(1, 2, 3))
    np.testing.assert_array_equal(outputs["b"], VALUES[6:].reshape(1, 4))


def test_of_a_large_layer_as_many_rows_and_columns_are_taken_as_were_asked_for() -> None:
    sent = answer()
    for lane in sent["lanes"]:
        lane["parts"] = [{"name": "a", "shape": [1, 4, 4, 2]}, {"name": "b", "shape": [1, 2]}]
    traces = parse(sent, weights="float32", each=8)
    lane = Lane("graph", "tfjs/wasm")
    assert traces.traces[lane].outputs["a"].shape == (1, 2, 2, 2)
    assert traces.shapes[lane] == {"a": (1, 4, 4, 2), "b": (1, 2)}
    with pytest.raises(InputError, match="do not add up"):
        parse(sent, weights="float32", each=32)


def test_a_model_of_one_format_has_one_lane() -> None:
    sent = answer()
    with pytest.raises(InputError, match="a list of at most 1"):
        parse(sent, weights="float32", known=("layers",))
    del sent["lanes"][0]
    found = parse(sent, weights="float32", known=("layers",))
    assert list(found.traces) == [Lane("layers", "tfjs/wasm")]


def test_a_lane_that_failed_says_why_and_the_other_is_kept() -> None:
    sent = answer()
    sent["lanes"][0] |= {"error": "no such operation", "parts": [], "values": ""}
    parsed = parse(sent, weights="float32")
    assert parsed.errors == {Lane("graph", "tfjs/wasm"): "no such operation"}
    assert list(parsed.traces) == [Lane("layers", "tfjs/wasm")]


def test_values_that_are_not_numbers_are_kept() -> None:
    sent = answer()
    odd = np.full(10, np.nan, np.float32)
    sent["lanes"][0]["values"] = base64.b64encode(odd.tobytes()).decode()
    trace = parse(sent, weights="float32").traces[Lane("graph", "tfjs/wasm")]
    assert np.isnan(trace.outputs["a"]).all()


def test_the_answers_to_the_ready_digits_are_read_where_they_were_asked_for() -> None:
    lane = Lane("graph", "tfjs/wasm")
    assert parse(answer(), weights="float32").answers == {}
    given = parse(answer(), weights="float32", asked=(2, 5)).answers[lane]
    assert given.error is None and given.seconds == pytest.approx(0.03)
    np.testing.assert_array_equal(given.values, np.eye(2, 5))
    sent = answer()
    sent["lanes"][0] |= {"failure": "no memory", "answers": ""}
    failed = parse(sent, weights="float32", asked=(2, 5)).answers[lane]
    assert (failed.error, failed.values) == ("no memory", None)


@pytest.mark.parametrize(
    "change", [{"answers": ""}, {"ms": -1}, {"ms": "1"}, {"failure": 7}, {"answers": "~" * 56}]
)
def test_invalid_answers_to_the_ready_digits_are_refused(change: dict[str, Any]) -> None:
    sent = answer()
    sent["lanes"][1] |= change
    with pytest.raises(InputError, match="Reload the page"):
        parse(sent, weights="float32", asked=(2, 5))


def on_lane(**changes: Any) -> Callable[[dict[str, Any]], object]:
    return lambda sent: sent["lanes"][0].update(changes)


def shape(*sizes: Any) -> Callable[[dict[str, Any]], object]:
    return on_lane(parts=[{"name": "a", "shape": list(sizes)}])


BROKEN: dict[str, Callable[[dict[str, Any]], object]] = {
    "an unknown backend": lambda sent: sent.update(backend="quantum"),
    "no backend": lambda sent: sent.update(backend=None),
    "a lane too few": lambda sent: sent["lanes"].pop(),
    "a lane too many": lambda sent: sent["lanes"].append(sent["lanes"][0]),
    "lanes in another order": lambda sent: sent["lanes"].reverse(),
    "no lanes": lambda sent: sent.update(lanes="graph"),
    "a missing key": lambda sent: sent["lanes"][1].pop("parts"),
    "numbers for nothing": on_lane(parts=[]),
    "too few numbers": on_lane(values=base64.b64encode(VALUES[:9].tobytes()).decode()),
    "half a number": on_lane(values=base64.b64encode(VALUES.tobytes()[:-1]).decode()),
    "no base64": on_lane(values="~" * 56),
    "no text": on_lane(values=[1.0]),
    "a layer twice": on_lane(parts=[{"name": "a", "shape": [1, 5]}] * 2),
    "a name that is not text": on_lane(parts=[{"name": 1, "shape": [1, 10]}]),
    "a shape of two digits": shape(2, 5),
    "a shape of nothing": shape(),
    "a negative size": shape(1, -10),
    "a size that is true": shape(1, True, 10),
    "a size with a fraction": shape(1, 10.0),
    "a huge size": shape(1, 10**12),
    "too many dimensions": shape(*[1] * 7),
}


@pytest.mark.parametrize("name", BROKEN)
def test_an_invalid_answer_is_refused_with_a_sentence(name: str) -> None:
    sent = answer()
    BROKEN[name](sent)
    with pytest.raises(InputError, match="Reload the page"):
        parse(sent, weights="float32")


@pytest.mark.parametrize("raw", [None, [], "text", 7, {}, {"backend": "wasm"}])
def test_other_values_are_refused(raw: Any) -> None:
    with pytest.raises(InputError):
        parse(raw, weights="float32")


def test_more_numbers_than_fit_in_a_message_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser_lanes, "MAX_VALUES", 9)
    with pytest.raises(InputError):
        parse(answer(), weights="float32")
    monkeypatch.setattr(browser_lanes, "MAX_VALUES", 10)
    parse(answer(), weights="float32")
