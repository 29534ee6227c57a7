"""How a kind of figure is written in Streamlit's tables, in printf's or Streamlit's words."""

from __future__ import annotations

import streamlit as st

DIFFERENCE = st.column_config.NumberColumn(format="%.2e")
EXACT = st.column_config.NumberColumn(format="%.9g")  # nine figures tell any two float32 apart
MS = st.column_config.NumberColumn(format="%.3f")  # a server's lane takes a third of one
RATE = st.column_config.NumberColumn(format="%.0f")
SHARE = st.column_config.NumberColumn(format="percent")
COUNT = st.column_config.NumberColumn(format="localized")
