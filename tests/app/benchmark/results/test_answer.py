"""The answer in one sentence, for whatever a report holds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.benchmark.report import LaneTimes, Report
from app.benchmark.results import answer
from app.benchmark.results.answer import About
from app.benchmark.results.devices import Device, Origin
from models.lanes import REFERENCE, YARDSTICK, Lane
from models.parity.verdict import Verdict
from tests.app.benchmark.results.test_bars import WRONG, checked

GRAPH, LAYERS = Lane("graph", "tfjs/wasm"), Lane("layers", "tfjs/wasm")
PLAIN = Lane("graph", "tfjs/cpu")
ABOUT = About("digit", {"graph": 260_000, "layers": 261_000})


def said(
    *lanes: LaneTimes,
    origin: Origin = "own",
    about: About = ABOUT,
    cancelled: bool = False,
    quick: bool = False,
) -> Verdict:
    report = Report("mnist", "abc", lanes, cancelled=cancelled, quick=quick)
    return answer.verdict(Device("a phone", report, origin), about)


def test_the_fastest_right_version_is_what_to_ship() -> None:
    verdict = said(checked(GRAPH, 0.2), checked(LAYERS, 0.6), checked(PLAIN, 2.0))
    assert verdict.kind == "agree"
    assert verdict.headline == (
        "Ship the graph model on wasm: 0.200 ms a digit, and every answer was right."
    )
    assert verdict.detail == (
        "The layers model there takes 3.0 times as long, with 261 kB to load against 260 kB. "
        "Graph on cpu takes 10 times as long. Measured on this device."
    )


@pytest.mark.parametrize(
    "origin, begin",
    [
        ("example", "Example: ship"),
        ("link", "The link's report: ship"),
        ("file", "The file's report"),
    ],
)
def test_an_answer_of_another_device_says_whose_it_is(origin: Origin, begin: str) -> None:
    verdict = said(checked(GRAPH, 0.2), origin=origin)
    assert verdict.headline.startswith(begin) and verdict.headline.count(":") == 1
    assert verdict.detail.endswith("Measured on a phone.")


def test_of_two_formats_that_are_as_fast_the_much_smaller_one_is_shipped() -> None:
    lanes = checked(GRAPH, 0.2), checked(LAYERS, 0.2001)
    assert said(*lanes).headline.startswith("Ship either format on wasm: ")
    small = About("digit", {"graph": 900_000, "layers": 261_000})
    verdict = said(*lanes, about=small)
    assert verdict.headline.startswith("Ship the layers model on wasm")
    assert "The graph model there is as fast, as far as this run can tell" in verdict.detail


@pytest.mark.parametrize("forms", [(GRAPH, LAYERS), (LAYERS, GRAPH)])
def test_a_version_with_wrong_answers_is_never_shipped_however_fast(
    forms: tuple[Lane, Lane],
) -> None:
    bad, good = forms
    verdict = said(checked(bad, 0.01, WRONG), checked(good, 0.6))
    assert verdict.kind == "differ"
    assert verdict.headline == (
        f"Ship the {good.format} model on wasm: 0.60 ms a digit; "
        f"{bad.format} on wasm gave wrong answers."
    )


def test_where_all_are_wrong_nothing_is_shipped() -> None:
    verdict = said(checked(GRAPH, 0.1, WRONG), checked(LAYERS, 0.1, WRONG))
    assert verdict.kind == "differ"
    assert verdict.headline == (
        "Nothing can be shipped: graph on wasm and layers on wasm gave wrong answers."
    )
    many = [
        checked(Lane(form, f"tfjs/{on}"), 1.0, WRONG)
        for form in ("graph", "layers")
        for on in ("cpu", "wasm")
    ]
    assert "4 versions gave wrong answers" in said(*many).headline


def test_answers_that_nobody_checked_are_not_called_right() -> None:
    verdict = said(checked(GRAPH, 0.2, None), checked(LAYERS, 0.3, None))
    assert verdict.kind == "unsure"
    assert verdict.headline.endswith("0.200 ms a digit; the answers were not checked.")


def test_two_backends_that_are_as_fast_are_both_named() -> None:
    verdict = said(checked(GRAPH, 0.2), checked(PLAIN, 0.2001))
    assert verdict.headline.startswith("Ship the graph model on wasm or cpu: ")
    assert "Graph on cpu is as fast, as far as this run can tell." in verdict.detail


def test_a_cancelled_run_says_so_and_claims_no_lead_that_few_times_cannot_show() -> None:
    few = [
        replace(each, times=replace(each.times, steady_ms=each.times.steady_ms[:2]))
        for each in (checked(GRAPH, 0.2), checked(LAYERS, 0.9))
    ]
    verdict = said(*few, cancelled=True)
    assert "times as long" not in verdict.detail
    assert verdict.detail == (
        "The run was cancelled, a full run tells more. Measured on this device."
    )
    assert said(*few).detail.startswith("Too few times were measured to compare, a full run")
    assert verdict.kind == "unsure"
    assert verdict.headline.startswith("Too early to tell, graph on wasm leads so far: ")


def test_a_quick_run_claims_no_lead_that_a_full_run_might_contradict() -> None:
    close = checked(GRAPH, 0.2), checked(LAYERS, 0.206)
    assert said(*close).headline.startswith("Ship the graph model on wasm: ")
    verdict = said(*close, quick=True)
    assert verdict.headline.startswith("Ship either format on wasm: ")
    assert "The layers model there is as fast, as far as this run can tell" in verdict.detail


def test_nothing_measured_is_said_with_its_reason() -> None:
    failed = said(
        LaneTimes(GRAPH, error="No WebAssembly."), LaneTimes(LAYERS, error="No WebAssembly.")
    )
    assert (failed.kind, failed.detail) == ("failed", "No WebAssembly. Measured on this device.")
    assert said(cancelled=True).headline == "Cancelled before anything was measured."


def test_the_server_alone_gives_its_fastest_and_the_yardstick_is_never_shipped() -> None:
    on_server = said(checked(REFERENCE, 1.0), checked(YARDSTICK, 0.01))
    assert on_server.headline.startswith("Keras on the server is the fastest: 1.00 ms a digit")
    assert said(checked(YARDSTICK, 0.01)).headline == (
        "Nothing can be shipped: only LiteRT was measured."
    )


def test_names_of_strangers_reports_cannot_break_the_sentence() -> None:
    report = Report("mnist", "abc", (checked(GRAPH, 0.2),))
    assert "{0} {x}" in answer.verdict(Device("{0} {x}", report, "file"), ABOUT).detail
