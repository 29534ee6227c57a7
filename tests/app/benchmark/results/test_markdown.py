from __future__ import annotations

from dataclasses import replace

import numpy as np

from app.benchmark.report import BATCHES, LaneTimes, Memory, Report
from app.benchmark.results import markdown
from models.lanes import REFERENCE, Lane
from tests.app.benchmark.test_findings import lane

GRAPH = Lane("graph", "tfjs/wasm")


def test_markdown_holds_every_lane_and_where_it_was_measured() -> None:
    report = Report(
        model="mnist",
        model_version="abc",
        lanes=(
            lane(GRAPH, 0.2, of1=0.2, of512=0.05),
            LaneTimes(REFERENCE, error="It\nended | <b>."),
        ),
        script_ms=120.0,
        backends={"wasm": 80.0},
        memory={"before": Memory(0, 0), "after": Memory(16, 489_080)},
        environment={"browser": "Chrome | 140"},
    )
    text = markdown.markdown(report)
    assert (
        "| graph @ tfjs/wasm | 70 | 12 | 0.2 | 0.21 | 0.01 | 5,000 | – | – | – | 20,000 |" in text
    )
    assert "| keras @ tensorflow | – | – | – | – | – | – | – | – | – | – |" in text
    assert "- **Keras on the server**: It ended \\| &lt;b>." in text
    assert "| browser | Chrome \\| 140 |" in text
    assert "| TensorFlow.js fetched and run | 120 ms |" in text
    assert "| start of wasm | 80 ms |" in text
    assert "| tensors after | 16 of 489,080 bytes |" in text
    assert "cancelled" not in text
    assert "The run was cancelled" in markdown.markdown(replace(report, cancelled=True))


def test_the_table_has_every_figure_as_a_number_and_a_gap_where_none_was_measured() -> None:
    table = markdown.table([lane(GRAPH, 0.2, of8=0.1), lane(REFERENCE, 0.5)])
    assert list(table.columns[1:6]) == list(markdown.TIMES)
    assert len(table.columns) == 6 + len(BATCHES)
    np.testing.assert_allclose(table.loc[0, ["load", "first", "p50"]].astype(float), [70, 12, 0.2])
    assert table.loc[0, "p50"] < table.loc[0, "p95"] and table.loc[0, "spread"] > 0
    assert table["images/s at 8"].isna().tolist() == [False, True]
