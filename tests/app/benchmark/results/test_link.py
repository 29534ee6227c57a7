"""A report in a link, and what strangers put in its place."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from app.benchmark.checked import Checked
from app.benchmark.report import LaneTimes, Report
from app.benchmark.results import link
from models.digit import tokens
from models.errors import InputError
from models.lanes import BACKENDS, FORMATS, WEIGHTS, Lane, Times
from models.parity.timing import by_turn, median
from tests.app.benchmark.test_findings import lane

GRAPH, LAYERS = Lane("graph", "tfjs/wasm"), Lane("layers", "tfjs/wasm")
REPORT = Report(
    "mnist",
    "abc",
    (
        replace(lane(GRAPH, 0.2, of1=0.2, of8=0.1), checked=Checked(30, 0, 0, None, 1.2e-7)),
        replace(lane(LAYERS, 0.3), checked=Checked(30, 3, 1, 12, 0.5)),
        LaneTimes(Lane("graph", "tfjs/webgpu"), error="No WebGPU."),
    ),
    backends={"wasm": 81.23456},
    environment={"browser": "Chrome/140", "gpu": "none", "server's Python": "3.11"},
    quick=True,
)


def noisy(lanes: int, turns: int, each: int) -> Report:
    """A report as large as this, of times that do not compress."""
    random = np.random.default_rng(0)
    names = [
        Lane(form, f"tfjs/{backend}", weights)
        for form in FORMATS
        for backend in BACKENDS
        for weights in WEIGHTS
    ]
    timed = [
        LaneTimes(
            name,
            Times(
                random.uniform(1, 99), random.uniform(1, 99), random.uniform(0.1, 99, turns * each)
            ),
            turns=(each,) * turns,
            error="".join(map(chr, random.integers(40, 90, 500))),
        )
        for name in names[:lanes]
    ]
    return Report("mnist", "0123456789abcdef", tuple(timed))


def token(content: object) -> str:
    return tokens.pack(json.dumps(content).encode())


def content(**changes: object) -> dict:
    raw = tokens.unpack(link.encode(REPORT) or "", 65_536)
    return json.loads(raw or b"") | changes


def test_a_link_opens_to_the_same_medians_answers_and_device() -> None:
    packed = link.encode(REPORT)
    assert packed is not None and len(packed) < 1_500
    opened = link.decode(packed)
    graph, layers, gone = opened.lanes
    assert median(graph.times.steady_ms) == pytest.approx(0.2, rel=1e-3)
    assert median(graph.batches[8]) == pytest.approx(0.8, rel=1e-3)
    assert (graph.checked, layers.checked) == tuple(each.checked for each in REPORT.lanes[:2])
    assert layers.is_wrong and gone.error == "No WebGPU."
    assert opened.environment == {"browser": "Chrome/140", "gpu": "none"}
    assert (opened.model, opened.model_version, opened.quick) == ("mnist", "abc", True)
    assert opened.backends == {"wasm": 81.2346}


def test_turns_that_were_measured_together_stay_one_time() -> None:
    report = noisy(1, turns=6, each=5)
    opened = link.decode(link.encode(report) or "").lanes[0]
    one = report.lanes[0]
    middle = median(one.times.steady_ms)
    own = sorted(by_turn(one.times.steady_ms, one.turns))
    expected = [*np.minimum(own[:3], middle), middle, *np.maximum(own[3:], middle)]
    np.testing.assert_allclose(opened.times.steady_ms, expected, rtol=1e-5)


@pytest.mark.parametrize("turns", [1, 2, 5, 6, 40, 41, 42, 200])
def test_a_link_says_the_time_that_was_measured_whatever_it_leaves_out(turns: int) -> None:
    report = noisy(1, turns=turns, each=5)
    opened = link.decode(link.encode(report) or "").lanes[0]
    assert median(opened.times.steady_ms) == pytest.approx(
        median(report.lanes[0].times.steady_ms), rel=1e-5
    )
    assert len(opened.times.steady_ms) <= 41


def test_a_large_report_keeps_fewer_turns_and_one_that_is_too_large_has_no_link() -> None:
    packed = link.encode(noisy(14, turns=40, each=5))
    assert packed is not None and len(packed) <= link.LONGEST
    assert len(link.decode(packed).lanes) == 14
    assert link.encode(noisy(36, turns=40, each=5)) is None


BOMB = tokens.pack(b"[" * 1_000_000)
DEEP = tokens.pack(b"[" * 60_000)
ROW = content()["lanes"][0]
DAMAGED = {
    "nothing": "",
    "junk": "hello there",
    "no base64": "äöü" * 10,
    "another version of the token": "Ag" + (link.encode(REPORT) or "")[2:],
    "one character less": (link.encode(REPORT) or "")[:-1],
    "a bomb": BOMB,
    "too deep": DEEP,
    "no JSON": tokens.pack(b"\xff\xfe"),
    "a list": token([]),
    "a number": token(3),
    "another schema": token(content(v=2)),
    "a NaN": tokens.pack(json.dumps(content(start={"wasm": float("nan")})).encode()),
    "a number of many digits": tokens.pack(b'{"v": ' + b"9" * 60_000 + b"}"),
    "no backend": token(content(start={"cuda": 1.0})),
    "flags of another kind": token(content(**{"is": [1, 0]})),
    "too few flags": token(content(**{"is": [True]})),
    "many lanes": token(content(lanes=[ROW] * 1_000)),
    "a lane twice": token(content(lanes=[ROW, ROW])),
    "a lane that is text": token(content(lanes=["graph @"])),
    "a lane without its end": token(content(lanes=[ROW[:-1]])),
    "a lane of no name": token(content(lanes=[["../etc", *ROW[1:]]])),
    "a time below 0": token(content(lanes=[[ROW[0], -1.0, *ROW[2:]]])),
    "times that are no list": token(content(lanes=[[*ROW[:3], {"a": 1}, *ROW[4:]]])),
    "a batch of another size": token(content(lanes=[[*ROW[:4], [[3, 1.0]], *ROW[5:]]])),
    "more wrong than there are": token(content(lanes=[[*ROW[:5], [1, 2, 0, 0, None], None]])),
    "checks of another kind": token(content(lanes=[[*ROW[:5], 7, None]])),
    "a model that is no text": token(content(model={"a": 1})),
}


@pytest.mark.parametrize("text", DAMAGED.values(), ids=DAMAGED.keys())
def test_any_other_text_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(InputError, match="The report in this link is damaged"):
        link.decode(text)


def test_more_characters_than_a_link_has_are_refused_before_they_are_read() -> None:
    with pytest.raises(InputError, match="has 6,001 characters; no link has more than 6,000"):
        link.decode("A" * (link.LONGEST + 1))


def test_every_single_changed_character_is_noticed() -> None:
    packed = link.encode(REPORT) or ""
    for at in range(0, len(packed), 7):
        changed = packed[:at] + ("A" if packed[at] != "A" else "B") + packed[at + 1 :]
        with pytest.raises(InputError):
            link.decode(changed)
