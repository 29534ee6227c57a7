"""The server, the browser and Vega format figures identically."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import altair as alt
import numpy as np
import pytest
import vl_convert

from app.ui import chart_parts as parts
from models.parity import figures
from models.tfjs import bundle

FIGURES_JS = Path(__file__).resolve().parents[3] / "app" / "ui" / "figures.js"

# Exact ties between two roundings.
TIES = [0.125, 0.375, 2.25, 2.75, 10.5, 11.5, 1000.5, 0.0625, 0.03125]
# Ties in decimal, whose floats are just above or below.
NEARLY = [99.95, 0.145, 1.005, 1.45, 2.35, 8.345, 0.0005, 0.0015]
CHANGES = [0.0995, 0.0994, 0.995, 0.9949, 9.95, 9.949]  # where the number of decimals changes
GRID = [0.0, 1.0, 9.0, 100.0, 999.5, 1e-9, 3_600_000.0]
RANDOM = np.random.default_rng(0)
TIMES = [
    *(TIES + NEARLY + CHANGES + GRID),
    *(10 ** RANDOM.uniform(-4, 6.5, 2_000)).tolist(),
    *np.round(10 ** RANDOM.uniform(-3, 3, 2_000), 3).tolist(),  # a browser's clock is this coarse
    *(RANDOM.integers(0, 40_000, 2_000) / 32).tolist(),  # halves, eighths: many exact ties
]
SHARES = [
    0.125,
    0.0,
    1.0,
    *(RANDOM.integers(0, 4097, 2_000) / 4096).tolist(),
    *RANDOM.uniform(0, 1, 2_000).astype(np.float32).tolist(),
]
APART = [
    *(0.0, 1.0, 0.125, 9.96, 99.6, 0.996, 2.3e-5, 1.25e-7, 9e-10, 1e-9, 1e-300, 123_456.0, 3e38),
    *(10 ** RANDOM.uniform(-12, 9, 4_000)).tolist(),
    *(10 ** RANDOM.uniform(-9, 2, 2_000)).astype(np.float32).tolist(),
]


@pytest.mark.parametrize(
    ("function", "values"),
    [(figures.milliseconds, TIMES), (figures.percent, SHARES), (figures.plain, APART)],
)
def test_python_and_javascript_write_the_same(
    function: Callable[[float], str], values: list[float], tmp_path: Path
) -> None:
    module = tmp_path / "figures.mjs"
    module.write_text(FIGURES_JS.read_text("utf-8"), "utf-8")
    script = tmp_path / "script.mjs"
    script.write_text(
        f"import {{ {function.__name__} as write }} from './figures.mjs';\n"
        f"process.stdout.write(JSON.stringify({json.dumps(values)}.map(write)));"
    )
    run = subprocess.run([bundle.node(), script], capture_output=True, text=True, check=True)
    written = zip(values, map(function, values), json.loads(run.stdout), strict=True)
    assert [each for each in written if each[1] != each[2]] == []


def test_a_chart_writes_the_same_times() -> None:
    values = [*TIES, *NEARLY, *CHANGES, *GRID, *TIMES[-200:]]
    rows = [{"row": row, "ms": value} for row, value in enumerate(values)]
    chart = (
        alt.Chart(alt.InlineData(rows))
        .transform_calculate(written=parts.written("ms"))
        .mark_text()
        .encode(y=alt.Y("row:O", axis=None), text="written:N")
    )
    svg = ElementTree.fromstring(vl_convert.vegalite_to_svg(chart.to_dict()))
    written = [each.text for each in svg.iter("{http://www.w3.org/2000/svg}text")]
    assert written == [figures.time(value) for value in values]
