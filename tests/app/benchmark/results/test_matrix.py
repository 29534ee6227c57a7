from __future__ import annotations

from app.benchmark.report import LaneTimes, Report
from app.benchmark.results import matrix
from app.benchmark.results.devices import Device
from models.lanes import REFERENCE, YARDSTICK, Lane
from tests.app.benchmark.results.test_bars import WRONG, checked

GRAPH, LAYERS = Lane("graph", "tfjs/wasm"), Lane("layers", "tfjs/wasm")
WEBGPU = Lane("graph", "tfjs/webgpu")


def device(name: str, *lanes: LaneTimes) -> Device:
    return Device(name, Report("mnist", "abc", lanes), "file")


def test_a_row_for_each_device_and_a_column_for_each_version_that_any_measured() -> None:
    devices = [
        device(
            "This device", checked(REFERENCE, 1.0), checked(YARDSTICK, 0.1), checked(GRAPH, 0.2)
        ),
        device("phone", checked(WEBGPU, 0.4), checked(LAYERS, 0.9)),
    ]
    assert matrix.versions(devices) == [GRAPH, LAYERS, WEBGPU, YARDSTICK, REFERENCE]
    html = matrix.html(devices, thing="digit")
    assert html.count('<th scope="row">') == 2
    assert '<th scope="col">graph on wasm</th>' in html
    assert html.count("<small>–</small>") == 5  # what one of them did not measure


def test_the_fastest_of_each_device_is_said_in_text_and_wrong_answers_never_are() -> None:
    html = matrix.html(
        [
            device("a", checked(GRAPH, 0.1, WRONG), checked(LAYERS, 0.9)),
            device("b", checked(GRAPH, 0.3), checked(LAYERS, 0.9)),
        ],
        thing="digit",
    )
    assert html.count("<em>fastest</em>") == 2
    assert "<b>0.100 ms</b><br><small>all wrong</small>" in html
    assert "<b>0.30 ms</b> <em>fastest</em><br><small>0.00000012 off</small>" in html


def test_a_version_that_does_not_run_on_a_device_says_so() -> None:
    html = matrix.html([device("a", LaneTimes(WEBGPU, error="No."))], thing="digit")
    assert "<small>does not run here</small>" in html


def test_the_names_of_strangers_devices_are_text() -> None:
    html = matrix.html([device("<script>alert(1)</script>", checked(GRAPH, 0.1))], thing="digit")
    assert "<script>" not in html and "&lt;script&gt;" in html
