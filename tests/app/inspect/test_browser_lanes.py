"""What the browser sends of its layers is checked before anything is made of it."""

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


def report(**changes: Any) -> dict[str, Any]:
    lane = {
        "parts": [{"name": "a", "shape": [1, 2, 3]}, {"name": "b", "shape": [1, 4]}],
        "values": base64.b64encode(VALUES.tobytes()).decode(),
        "error": None,
    }
    lanes = [{**lane, "format": "graph"}, {**lane, "format": "layers"}]
    return {"token": "t", "backend": "wasm", "fallback": None, "lanes": lanes} | changes


def test_each_layer_gets_its_own_numbers_in_its_own_shape() -> None:
    looked = parse(report(), weights="uint8")
    lane = Lane("layers", "tfjs/wasm", "uint8")
    assert set(looked.traces) == {Lane("graph", "tfjs/wasm", "uint8"), lane}
    outputs = looked.traces[lane].outputs
    np.testing.assert_array_equal(outputs["a"], VALUES[:6].reshape(1, 2, 3))
    np.testing.assert_array_equal(outputs["b"], VALUES[6:].reshape(1, 4))


def test_a_lane_that_failed_says_why_and_the_other_is_there() -> None:
    sent = report()
    sent["lanes"][0] |= {"error": "no such operation", "parts": [], "values": ""}
    looked = parse(sent, weights="float32")
    assert looked.errors == {Lane("graph", "tfjs/wasm"): "no such operation"}
    assert list(looked.traces) == [Lane("layers", "tfjs/wasm")]


def test_numbers_that_are_none_are_kept_to_be_looked_at() -> None:
    sent = report()
    odd = np.full(10, np.nan, np.float32)
    sent["lanes"][0]["values"] = base64.b64encode(odd.tobytes()).decode()
    trace = parse(sent, weights="float32").traces[Lane("graph", "tfjs/wasm")]
    assert np.isnan(trace.outputs["a"]).all()


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
    "a name that is none": on_lane(parts=[{"name": 1, "shape": [1, 10]}]),
    "a shape of two digits": shape(2, 5),
    "a shape of nothing": shape(),
    "a negative size": shape(1, -10),
    "a size that is true": shape(1, True, 10),
    "a size with a fraction": shape(1, 10.0),
    "a huge size": shape(1, 10**12),
    "too many dimensions": shape(*[1] * 7),
}


@pytest.mark.parametrize("name", BROKEN)
def test_anything_else_is_refused_in_words(name: str) -> None:
    sent = report()
    BROKEN[name](sent)
    with pytest.raises(InputError, match="Reload the page"):
        parse(sent, weights="float32")


@pytest.mark.parametrize("raw", [None, [], "text", 7, {}, {"backend": "wasm"}])
def test_what_is_no_report_at_all_is_refused(raw: Any) -> None:
    with pytest.raises(InputError):
        parse(raw, weights="float32")


def test_more_numbers_than_fit_in_a_message_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser_lanes, "MAX_VALUES", 9)
    with pytest.raises(InputError):
        parse(report(), weights="float32")
    monkeypatch.setattr(browser_lanes, "MAX_VALUES", 10)
    parse(report(), weights="float32")
