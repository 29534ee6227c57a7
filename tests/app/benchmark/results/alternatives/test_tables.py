"""The measured table of other runtimes, on the page and in the document."""

from __future__ import annotations

import json
from pathlib import Path

from streamlit.testing.v1 import AppTest

from app.benchmark.results.alternatives import tables
from app.benchmark.results.alternatives.tables import Model, Row
from models.verify.alternatives import text

DOCUMENT = Path(__file__).resolve().parents[5] / "docs" / "alternatives.md"


def test_the_document_and_the_page_have_what_was_measured() -> None:
    kept = json.loads(tables.KEPT.read_text("utf-8"))
    _, _, rest = DOCUMENT.read_text("utf-8").partition(text.BEGIN)
    assert rest.partition(text.END)[0] == text.markdown(kept)
    assert [each["title"] for each in kept["models"]] == [
        "The shipped model, 28×28×1",
        "MobileNetV2, 224×224×3",
    ]
    assert len(tables.HEADINGS) == len(text.HEADINGS)
    for model in kept["models"]:
        assert {len(row["cells"]) for row in model["rows"]} == {len(text.HEADINGS)}


def test_the_part_shows_tables_the_advice_and_the_command() -> None:
    def script() -> None:
        from app.benchmark.results.alternatives import tables

        tables.show()

    page = AppTest.from_function(script, default_timeout=30).run()
    assert not page.exception
    said = " ".join(each.proto.body for each in page.get("html"))
    assert said.count("<table>") == 2 and "LiteRT.js on wasm" in said
    assert "your model." in said and "Measured on " in said
    assert "`digit-parity setup alternatives`" in page.markdown[0].value


def test_whatever_a_cell_says_is_text() -> None:
    said = tables.html(Model("<b>", [Row("<script>", ["&"])], ()))
    assert "<script>" not in said and "&lt;script&gt;" in said and "&amp;" in said
