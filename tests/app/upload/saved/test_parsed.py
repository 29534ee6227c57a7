"""A report that a stranger made is opened as the page would show its run, or refused."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from app.upload.results import downloads, outcome
from app.upload.saved import checked, opened, parsed
from models import dataset
from models.errors import InputError
from models.formats import store
from models.lanes import REFERENCE, Lane
from models.parity import set_verdict
from models.parity.scores import Scores
from tests.support import dataset_files as files

GRAPH = Lane("graph", "tfjs/wasm")
MANIFEST = store.manifest("mnist")


def run() -> tuple[dataset.Dataset, list[Scores]]:
    """Three digits, of which the graph model reads the last otherwise, and a lane that failed."""
    data = dataset.read("<b>.npz", files.npz(x=files.digits(3), y=np.array([0, 1, 2])))
    one = np.eye(10, dtype=np.float32)
    stopped = np.full((3, 10), np.nan, np.float32)
    return data, [
        Scores(REFERENCE, one[[0, 1, 2]], 1.0),
        Scores(GRAPH, one[[0, 1, 5]], 1.0),
        Scores(Lane("layers", "tfjs/wasm"), stopped, 0.0, "No <memory>."),
    ]


def saved() -> dict[str, Any]:
    report: dict[str, Any] = json.loads(downloads.json_report(*run(), MANIFEST))
    return report


def parse(content: Any) -> parsed.Report:
    return parsed.from_file(json.dumps(content).encode())


def test_a_report_opens_as_its_run_was_shown():
    before = outcome.of_run(*run(), MANIFEST, "a")
    after = opened.outcome(parse(saved()), "b")
    assert set_verdict.conclude(after.seen) == set_verdict.conclude(before.seen)
    for name in ("pairs", "differences", "images"):
        shown, kept = getattr(after, name), getattr(before, name)
        assert shown.to_csv(float_format="%.3g") == kept.to_csv(float_format="%.3g"), name
    shown, kept = (each.versions.drop(columns="distance") for each in (after, before))
    assert shown.to_csv(float_format="%.3g") == kept.to_csv(float_format="%.3g")
    assert (after.title, after.compared) == (before.title, before.compared)


def test_a_report_holds_small_pictures_with_each_versions_difference():
    after = opened.outcome(parse(saved()), "b")
    data, _ = run()
    digit = after.pictures.digit(2)
    assert digit is not None and digit.id == data.digit(2).id
    assert after.pictures.differences(2) == {GRAPH: 1.0}
    assert after.pictures.png(0) is not None
    assert after.pictures.png(3) is None and after.pictures.digit(3) is None


def test_a_report_of_the_first_schema_is_still_read():
    old = saved() | {"schema": "digit-parity/set/1"}
    for name in ("differences", "pictures"):
        del old[name]
    del old["digits"]["apart"], old["model"]["title"], old["model"]["reference"]
    after = opened.outcome(parse(old), "b")
    before = opened.outcome(parse(saved()), "b")
    assert set_verdict.conclude(after.seen) == set_verdict.conclude(before.seen)
    assert after.differences.empty and after.title == "mnist"


def test_only_a_json_file_that_names_the_schema_is_a_report():
    raw = json.dumps(saved()).encode()
    assert parsed.is_report("A.JSON", lambda: raw)
    assert not parsed.is_report("a.csv", lambda: raw)
    assert not parsed.is_report("labels.json", lambda: b'{"a.png": 3}')


def put(*path: Any, value: Any) -> Callable[[dict[str, Any]], None]:
    """A change of one value of a report."""

    def change(report: Any) -> None:
        for each in path[:-1]:
            report = report[each]
        report[path[-1]] = value

    return change


LARGE = base64.b64encode(
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (60_000).to_bytes(4, "big") * 2
).decode()
HOSTILE = {
    "another schema": put("schema", value="digit-parity/set/99"),
    "a schema that is a list": put("schema", value=[]),
    "no object": put("digits", value=[]),
    "names that are numbers": put("digits", "names", value=[1, 2, 3]),
    "more names than answers": put("digits", "names", value=["a"] * 4),
    "too many names": put("digits", "names", value=["a"] * 70_001),
    "no images": put("digits", "names", value=[]),
    "a class that is none": put("digits", "labels", value=[0, 1, 10]),
    "a negative class": put("digits", "labels", value=[0, 1, -1]),
    "a class that is true": put("digits", "labels", value=[0, 1, True]),
    "a class with a fraction": put("digits", "labels", value=[0, 1, 1.5]),
    "a huge class": put("digits", "labels", value=[0, 1, 2**70]),
    "one class": put("model", "classes", value=["a"]),
    "too many classes": put("model", "classes", value=["a"] * 30_001),
    "a lane that is none": put("model", "reference", value="keras @ moon"),
    "lanes that are others": put("lanes", 0, "format", value="layers"),
    "fewer lanes": put("lanes", value=[]),
    "a share above one": put("digits", "lanes", str(GRAPH), "sure", value=[1, 1, 7]),
    "a share that is a text": put("digits", "lanes", str(GRAPH), "sure", value=[1, 1, "1"]),
    "a difference below nothing": put("lanes", 1, "max_abs_diff", value=-1),
    "a difference without end": put("lanes", 1, "max_abs_diff", value=1e308),
    "a judgement of another lane": put("parity", "lanes", 0, "lane", value="layers @ tfjs/cpu"),
    "a judgement that is none": put("parity", "lanes", 0, "judgement", value="fine"),
    "no bound": put("parity", "bound", value=None),
    "an error that is a list": put("lanes", 2, "error", value=[]),
    "a count below nothing": put("differences", str(GRAPH), 0, value=-1),
    "more differences than images": put("differences", str(GRAPH), 0, value=10**9),
    "a picture of no image": put("pictures", 0, "place", value=3),
    "a picture that is none": put("pictures", 0, "png", value="AAAA"),
    "a picture that is no base64": put("pictures", 0, "png", value="<svg>"),
    "a picture that is said to be huge": put("pictures", 0, "png", value=LARGE),
    "a long picture": put("pictures", 0, "png", value="A" * 1_000_000),
    "a difference that is no share": put("pictures", 0, "differs", value={str(GRAPH): 9}),
    "too many pictures": put("pictures", value=[{}] * 61),
    "skipped texts": put("skipped", value=["a"]),
    "pairs of nothing": put("pairs", value=[{}]),
}


@pytest.mark.parametrize("change", HOSTILE.values(), ids=HOSTILE)
def test_what_the_page_would_not_write_is_refused_in_a_sentence(change):
    report = saved()
    change(report)
    with pytest.raises(InputError, match=r"This is not a report of a test set: .*Report as JSON"):
        parse(report)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe",
        b'{"schema": "digit-parity/set/2"',
        b'{"schema": "digit-parity/set/2", "digits": NaN}',
        b'{"schema": "digit-parity/set/2", "digits": Infinity}',
        b'{"schema": "digit-parity/set/2", "digits": ' + b"9" * 5_000 + b"}",
        b'{"schema": "digit-parity/set/2", "digits": ' + b"[" * 100_000,
        b'"digit-parity/set/2"',
        b"[]",
        b"null",
    ],
    ids=lambda raw: str(raw[-12:]),
)
def test_what_is_no_json_object_is_refused(raw):
    with pytest.raises(InputError, match="This is not a report of a test set"):
        parsed.from_file(raw)


@pytest.mark.parametrize(
    ("limit", "raw"),
    [
        ("MAX_FILE", b" " * 101),
        ("MAX_VALUES", b"[" + b"0," * 101 + b"0]"),
        ("MAX_NESTED", b"[" + b"[]" * 101 + b"]"),
    ],
)
def test_a_file_that_would_take_much_memory_is_not_even_parsed(monkeypatch, limit, raw):
    monkeypatch.setattr(parsed, limit, 100)
    monkeypatch.setattr(parsed.json, "loads", lambda *_, **__: pytest.fail("It was parsed."))
    with pytest.raises(InputError, match="holds more than a report of 70,000 images"):
        parsed.from_file(raw)


def test_long_texts_are_cut_and_a_damaged_picture_has_no_digit():
    report = saved()
    report["digits"]["names"][0] = "a" * 10_000
    report["pictures"] = report["pictures"][:1]
    report["pictures"][0]["png"] = base64.b64encode(
        base64.b64decode(report["pictures"][0]["png"])[:40]
    ).decode()
    after = opened.outcome(parse(report), "b")
    assert len(after.names[0]) == checked.MAX_NAME and after.pictures.digit(2) is None
