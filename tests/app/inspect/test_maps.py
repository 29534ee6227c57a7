"""One layer in two versions on a page, with a slider over its channels."""

from __future__ import annotations

import re
from concurrent.futures import Future

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from app.inspect import run as inspect_run
from app.inspect.run import Inspection
from models.bisect.bisection import Bisection, judge
from models.digit.digit import Digit
from models.formats.anatomy import Anatomy, Pairing, Part
from models.lanes import Lane
from models.runtimes.activations import Trace
from models.runtimes.worker.messages import TraceAnswer

KERAS, GRAPH, LAYERS = (Lane(form, "tensorflow") for form in ("keras", "graph", "layers"))
HOSTILE = '<img src=x onerror="alert(1)">'
shown: dict[str, tuple[Inspection, list[Bisection]]] = {}  # what the script has to show


def script() -> None:
    from app.inspect import maps
    from tests.app.inspect.test_maps import shown

    maps.show(*shown["now"])


@pytest.fixture
def show(monkeypatch):
    """Show the layers that the original gives, and the versions' own in which they differ."""

    def run(base: dict[str, np.ndarray], *others: dict[str, np.ndarray], each=10**6, shapes=None):
        lanes = dict(zip((GRAPH, LAYERS), ({**base, **other} for other in others), strict=False))
        parts = Anatomy("keras", "model", tuple(Part(name, "Conv2D") for name in base))
        pairing = Pairing(parts, parts, tuple((name, name) for name in base))
        monkeypatch.setattr(inspect_run, "pairing", lambda *_: pairing)
        traces = {lane: Trace(lane, outputs) for lane, outputs in ({KERAS: base} | lanes).items()}
        futures = {}
        for lane, trace in traces.items():
            futures[lane] = Future()
            futures[lane].set_result(TraceAnswer(0, trace, shapes=shapes or {}))
        digit = Digit(np.zeros((28, 28), np.float32))
        inspection = Inspection("mnist", digit, "float32", KERAS, futures, each)
        found = [judge(pairing, traces[KERAS], traces[lane]) for lane in lanes]
        shown["now"] = inspection, found
        page = AppTest.from_function(script, default_timeout=30).run()
        assert not page.exception
        return page

    return run


def text(page: AppTest) -> str:
    return "\n".join(element.proto.body for element in page.get("html"))


def alts(page: AppTest) -> list[str]:
    return re.findall('alt="([^"]*)"', text(page))


def layer(*shape: int) -> np.ndarray:
    return np.random.default_rng(0).normal(size=shape).astype(np.float32)


def changed(values: np.ndarray, *at: int) -> np.ndarray:
    other = values.copy()
    other[at] += 1
    return other


def test_it_begins_with_the_layer_and_the_channel_that_are_farthest_off(show):
    one, two = layer(1, 6, 6, 5), layer(1, 3, 3, 8)
    page = show({"one": one, "two": two}, {"two": changed(two, 0, 2, 1, 6)})
    assert page.selectbox("inspect-layer").value == "two"
    (slider,) = page.slider
    assert (slider.label, slider.value) == ("Channel, 0 to 7", 6)
    first, second, difference = alts(page)
    assert first.startswith("two, channel 6, in the original: 3×3 values from")
    assert second.startswith("two, channel 6, in the graph model on the server: 3×3 values from")
    assert difference.endswith("up to 1, largest at row 2, column 1")
    assert "Their difference, amplified" in text(page) and ": white is 1<" in text(page)


def test_the_slider_goes_through_the_channels(show):
    values = layer(1, 3, 3, 8)
    page = show({"conv": values}, {"conv": changed(values, 0, 2, 1, 6)})
    page.slider[0].set_value(2).run()
    assert alts(page)[0].startswith("conv, channel 2, in the original")
    assert "none, every value is the same" in text(page)


def test_every_layer_has_a_slider_of_its_own_length(show):
    one, two = layer(1, 6, 6, 2), layer(1, 3, 3, 8)
    page = show({"one": one, "two": two}, {"two": changed(two, 0, 2, 1, 6)})
    page.selectbox("inspect-layer").set_value("one").run()
    assert not page.exception and page.slider[0].label == "Channel, 0 to 1"


def test_all_channels_can_be_seen_at_once_many_of_them_at_most(show):
    page = show({"conv": layer(1, 3, 3, 200)}, {})
    (toggle,) = page.toggle
    assert toggle.label == "Show the first 64 channels at once"
    toggle.set_value(True).run()
    assert not page.slider and alts(page)[0].startswith("conv, in the original")


def test_a_dense_layer_is_a_strip_without_a_slider(show):
    page = show({"fc": layer(1, 10)}, {"fc": layer(1, 10) + 1})
    assert not page.slider and not page.toggle
    assert alts(page)[0].startswith("fc, in the original: 1×10 values from")
    assert 'class="dp-maps dp-strips"' in text(page)


def test_a_long_row_of_values_is_in_lines_and_what_is_too_much_is_said(show):
    page = show({"fc": layer(1, 1000)}, {})
    assert "One row of values, in lines of 64." in text(page)
    page = show({"fc": np.zeros((1, 300_000), np.float32)}, {})
    assert "Shown is a corner of 512 × 512 values." in text(page)
    assert len(text(page)) < 100_000


def test_of_a_layer_that_was_thinned_out_it_says_which_rows_and_columns_there_are(show):
    values = layer(1, 3, 3, 2)
    page = show(
        {"conv": values},
        {"conv": changed(values, 0, 2, 1, 0)},
        each=25,
        shapes={"conv": (1, 6, 6, 2)},
    )
    assert "Of each 2 rows and columns one is shown." in text(page)
    assert alts(page)[2].endswith("largest at row 4, column 2")


def test_two_versions_can_be_compared_with_each_other(show):
    values = layer(1, 3, 3, 2)
    off = {"conv": changed(values, 0, 1, 1, 1)}
    page = show({"conv": values}, off, off)
    assert page.selectbox("inspect-lane").options == ["graph, server", "layers, server"]
    against = page.selectbox("inspect-against")
    assert against.options == ["Keras, the original", "layers, server"]
    against.set_value(LAYERS).run()
    assert "layers, server: " in text(page)
    assert "Their difference: none, every value is the same" in text(page)


def test_other_shapes_are_said_in_place_of_pictures(show):
    page = show({"conv": layer(1, 3, 3, 2)}, {"conv": layer(1, 4, 4, 2)})
    assert "Their shapes differ" in text(page) and not alts(page)


@pytest.mark.parametrize("shape", [(1,), (1, 1), (1, 3, 5), (1, 900, 4), (1, 2, 2, 2, 3)])
def test_a_layer_of_any_shape_is_shown(show, shape):
    values = layer(*shape)
    assert show({"odd": values}, {"odd": values}).exception == []


def test_a_hostile_layer_s_name_is_text(show):
    page = show({HOSTILE: layer(1, 2, 2, 2)}, {})
    assert "<img src=x" not in text(page) and "&lt;img src=x" in text(page)


def test_nothing_is_shown_before_there_is_something_to_compare(show):
    page = show({"conv": layer(1, 2, 2, 2)})
    assert not page.selectbox and not text(page)
