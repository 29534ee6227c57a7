"""``docs/known-limits.md`` is what the table says."""

from __future__ import annotations

from models.parity.known_limits import LIMITS, page


def test_the_page_is_up_to_date():
    written = page.PAGE.read_text("utf-8")
    assert written == page.text(), "run `python -m models.parity.known_limits.page`"


def test_every_row_has_a_section_with_all_that_it_says():
    text = page.text()
    for row in LIMITS:
        section = text.partition(f"\n## {row.name}\n")[2].partition("\n## ")[0]
        assert all(part in section for part in (row.what, row.effect, row.happens, row.way_out))
        assert f"<{row.reference}>" in section
    wasm = text.partition("\n## lstm-graph-wasm\n")[2].partition("\n## ")[0]
    assert "graph model, wasm\n" in wasm
