from __future__ import annotations

from dataclasses import replace

import pytest

from app.benchmark.checked import Checked
from app.benchmark.report import LaneTimes
from app.benchmark.results import answers, bars
from models.lanes import REFERENCE, YARDSTICK, Lane
from tests.app.benchmark.test_findings import lane

GRAPH, LAYERS = Lane("graph", "tfjs/wasm"), Lane("layers", "tfjs/wasm")
PLAIN = Lane("graph", "tfjs/cpu")
RIGHT, WRONG = Checked(30, 0, 0, None, 1.2e-7), Checked(30, 30, 0, 0, 0.5)


def checked(name: Lane, ms: float, what: Checked | None = RIGHT) -> LaneTimes:
    return replace(lane(name, ms), checked=what)


def test_bars_are_shares_of_the_longest_with_the_interval_around_the_median() -> None:
    graph, layers = bars.rows([checked(GRAPH, 0.2), checked(LAYERS, 0.4)])
    assert (graph.name, layers.name) == ("graph on wasm", "layers on wasm")
    assert (graph.at, layers.at) == (50.0, 100.0)
    assert graph.low <= graph.at <= graph.high < 55
    assert graph.took == "0.200 ms" and graph.interval == "0.196–0.204"
    assert (graph.is_fastest, layers.is_fastest) == (True, False)


@pytest.mark.parametrize(
    "ends, said",
    [
        ((0.196, 0.204), "0.196–0.204"),
        ((42.0, 77.0), "40–80"),
        ((58.0, 399.0), "60–400"),
        ((1.2, 57.0), "1–57"),
        ((0.4, 20.2), "0–20"),
        ((0.5, 0.5), ""),
        ((1234.0, 2345.0), "1,000–2,000"),
    ],
)
def test_an_interval_has_the_digits_that_tell_its_ends_apart(
    ends: tuple[float, float], said: str
) -> None:
    each = replace(lane(GRAPH, 1.0), turns=())
    times = (*([ends[0]] * 3), *([ends[1]] * 2))  # of fewer than six turns it is all of them
    each = replace(each, times=replace(each.times, steady_ms=times))
    assert bars.rows([each])[0].interval == said


def test_a_bar_much_longer_than_the_shortest_is_cut_so_that_the_others_are_seen() -> None:
    rows = bars.rows([checked(GRAPH, 0.2), checked(LAYERS, 0.4), checked(PLAIN, 90.0)])
    assert [row.is_cut for row in rows] == [False, False, True]
    assert rows[0].at == pytest.approx(100 / bars.CUT, abs=0.1)
    assert rows[2].at == 100.0


def test_what_a_fading_bar_means_is_said_where_there_is_one() -> None:
    even, cut = ([checked(GRAPH, 0.2), checked(LAYERS, ms)] for ms in (0.4, 90.0))
    assert "a bar that fades is longer" not in bars.html(even, thing="digit")
    assert "a bar that fades is longer" in bars.html(cut, thing="digit")


def test_what_answers_wrongly_and_the_yardstick_are_never_the_fastest() -> None:
    rows = bars.rows([checked(GRAPH, 0.1, WRONG), checked(LAYERS, 0.4), checked(YARDSTICK, 0.01)])
    assert [row.is_fastest for row in rows] == [False, True, False]
    assert [row.is_wrong for row in rows] == [True, False, False]
    assert rows[2].name == "LiteRT on the server"


def test_rows_keep_the_order_of_measuring() -> None:
    rows = bars.rows([checked(PLAIN, 9.0), checked(GRAPH, 0.1), checked(REFERENCE, 1.0)])
    assert [row.lane for row in rows] == [PLAIN, GRAPH, REFERENCE]


def test_a_version_that_does_not_run_says_so_and_why() -> None:
    gone = [LaneTimes(Lane(form, "tfjs/webgpu"), error="<b>No.") for form in ("graph", "layers")]
    lanes = [checked(GRAPH, 0.2), *gone, LaneTimes(LAYERS)]
    html = bars.html(lanes, thing="digit")
    assert html.count("does not run here") == 2 and "not measured" in html
    assert bars.unable(lanes) == ["graph on webgpu and layers on webgpu: <b>No."]


def test_nothing_measured_gives_rows_without_bars() -> None:
    assert [row.took for row in bars.rows([LaneTimes(GRAPH), LaneTimes(LAYERS)])] == ["", ""]


@pytest.mark.parametrize(
    "what, said",
    [
        (RIGHT, "all right"),
        (None, "not checked"),
        (Checked(), "not checked"),
        (WRONG, "all wrong"),
        (Checked(1_200, 3, 0, 1_100, 0.5), "3 of 1,200 wrong"),
        (Checked(30, 3, 3, 2, 1e-7), "3 of 30 NaN"),
        (Checked(30, 30, 30, 0, None), "all NaN"),
    ],
)
def test_answers_are_said_in_few_words(what: Checked | None, said: str) -> None:
    assert answers.said(checked(GRAPH, 0.2, what)) == said
    assert f"<td>{said}</td>" in bars.html([checked(GRAPH, 0.2, what)], thing="digit")


@pytest.mark.parametrize(
    "what, said",
    [
        (RIGHT, "0.00000012 off"),
        (Checked(30, 0, 0, None, 0.0), "no difference"),
        (None, "not checked"),
        (WRONG, "all wrong"),
    ],
)
def test_a_difference_is_said_as_people_read_it(what: Checked | None, said: str) -> None:
    assert answers.distance(checked(GRAPH, 0.2, what)) == said
