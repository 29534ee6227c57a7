"""Column formats of Streamlit's tables, as printf or Streamlit formats."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import streamlit as st

from models.parity import figures

if TYPE_CHECKING:  # a page without tables never imports pandas
    import pandas as pd
    from pandas.io.formats.style import Styler

DIFFERENCE = st.column_config.NumberColumn(format="%.2e")
EXACT = st.column_config.NumberColumn(format="%.9g")  # nine digits distinguish any two float32
MS = st.column_config.NumberColumn(format="%.3f")  # of exact values: all times with one unit
RATE = st.column_config.NumberColumn(format="%.0f")
SHARE = st.column_config.NumberColumn(format="percent")
COUNT = st.column_config.NumberColumn(format="localized")


def with_times(table: pd.DataFrame, columns: Sequence[str]) -> Styler:
    """The table, with times in ms written as in the page's sentences; they sort as numbers."""
    return table.style.format(_time, subset=list(columns), na_rep="–")


def _time(ms: Any) -> str:
    return figures.time(ms)
