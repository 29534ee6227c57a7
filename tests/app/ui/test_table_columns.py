"""Times in tables read like the times in sentences."""

from __future__ import annotations

import pandas as pd

from app.ui import table_columns


def test_a_tables_times_are_written_as_in_sentences_and_a_gap_as_a_dash():
    table = pd.DataFrame({"lane": ["a", "b"], "p50": [2.25, None], "images/s": [1.5, 2.5]})
    html = table_columns.with_times(table, ["p50"]).to_html()
    assert ">2.3<" in html and ">–<" in html and ">1.500000<" in html
