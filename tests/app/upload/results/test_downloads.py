"""A test set's downloads are exact, complete and safe to open."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest

from app.upload.results import downloads, frames, html_report, tables
from models import dataset
from models.formats import store
from models.lanes import REFERENCE, Lane
from models.parity.scores import Scores
from tests.support import dataset_files as files

EVIL = "<script>alert(1)</script>.npz"


@pytest.fixture
def data():
    return dataset.read(EVIL, files.npz(x=files.digits(3), y=np.array([0, 1, 2])))


@pytest.fixture
def lane_scores():
    one, other = np.eye(10, dtype=np.float32)[[0, 1, 2]], np.eye(10, dtype=np.float32)[[0, 1, 5]]
    stopped = np.full((3, 10), np.nan, np.float32)
    return [
        Scores(REFERENCE, one, 1.0),
        Scores(Lane("graph", "tfjs/wasm"), other, 1.0),
        Scores(Lane("layers", "tfjs/wasm"), stopped, 0.0, "No <memory>."),
    ]


def test_csv_has_every_image_with_the_disagreement_first(data, lane_scores):
    table = pd.read_csv(io.StringIO(downloads.csv(data, lane_scores, tuple("0123456789"))))
    assert list(table["place"]) == [2, 0, 1]
    assert list(table["graph @ tfjs/wasm"]) == [5, 0, 1]
    assert table["largest difference"][0] == 1 and list(table["disagree"]) == [True, False, False]


def test_csv_runs_no_formula(lane_scores):
    data = dataset.read("=cmd().npz", files.npz(x=files.digits(3)))
    assert "\n2,'=cmd()" in downloads.csv(data, lane_scores, tuple("0123456789"))


def test_json_has_all_figures_and_answers(data, lane_scores):
    report = json.loads(downloads.json_report(data, lane_scores, store.manifest("mnist")))
    assert report["schema"] == "digit-parity/set/2" and report["images"] == 3
    assert [lane["accuracy"] for lane in report["lanes"]] == [1, 2 / 3, None]
    assert report["digits"]["lanes"]["graph @ tfjs/wasm"]["read"] == [0, 1, 5]
    assert report["digits"]["lanes"]["layers @ tfjs/wasm"]["sure"] == [None] * 3
    assert report["lanes"][2]["error"] == "No <memory>."
    (judged,) = report["parity"]["lanes"]
    assert report["parity"]["rule"] == "softmax" and report["parity"]["bound"] < 1e-4
    assert (judged["lane"], judged["judgement"]) == ("graph @ tfjs/wasm", "differs")
    assert judged["distance"] > 1


def test_the_tables_judge_each_lane_and_say_by_what(data, lane_scores):
    stored = store.manifest("mnist")
    table = tables.versions(frames.lanes(data, lane_scores, stored), stored.reference)
    assert re.findall(r"<td>(differs|passed|cannot run)</td>", table) == ["differs", "cannot run"]
    assert "up to 2.3e-5 may be rounding." in tables.what_is_compared(stored)
    older = tables.what_is_compared(replace(stored, rounding=None))
    assert "The fixed tolerance is 1e-5" in older and "adding it anew" in older
    assert "up to 2.3e-5 may be rounding." in html_report.page(data, lane_scores, stored)


def test_only_what_others_are_compared_with_is_called_so(data, lane_scores):
    nothing = [replace(each, probabilities=each.probabilities * np.nan) for each in lane_scores[:2]]
    stored = store.manifest("mnist")
    table = tables.versions(frames.lanes(data, nothing, stored), stored.reference)
    assert re.findall(r"<td>(the original|–)</td>\n?</tr>", table) == ["the original", "–"]


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.seen = []

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))


def test_html_report_stands_alone_and_runs_nothing(data, lane_scores):
    text = html_report.page(data, lane_scores, store.manifest("mnist"))
    parser = Tags()
    parser.feed(text)
    tags = [tag for tag, _ in parser.seen]
    assert "script" not in tags and "link" not in tags and "iframe" not in tags
    assert tags.count("svg") == 1 + len(lane_scores), "differences, and a matrix a lane"
    assert all(a.get("src", "data:").startswith("data:") for _, a in parser.seen)
    assert not re.search(r"https?://", text)
    assert "&lt;script&gt;alert(1)" in text and "No &lt;memory&gt;." in text
    assert "1 image read wrong or differently" in text
    style, _, shown = text.partition("</style>")
    assert "--dp-keras:" in style and "{" not in shown, "the lanes' colours are style, not text"
