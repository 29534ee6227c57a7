"""Column formats of Streamlit's tables, as printf or Streamlit formats."""

from __future__ import annotations

import streamlit as st

DIFFERENCE = st.column_config.NumberColumn(format="%.2e")
EXACT = st.column_config.NumberColumn(format="%.9g")  # nine digits distinguish any two float32
MS = st.column_config.NumberColumn(format="%.3f")  # a server's lane takes 0.3 ms
RATE = st.column_config.NumberColumn(format="%.0f")
SHARE = st.column_config.NumberColumn(format="percent")
COUNT = st.column_config.NumberColumn(format="localized")
