"""Page config, navigation and what all pages share."""

from __future__ import annotations

import streamlit as st

from app import markup
from app.views import draw

st.set_page_config(page_title="Digit Parity", page_icon=":material/balance:", layout="wide")
markup.style_page()

page = st.navigation(
    [st.Page(draw.page, title="Draw", icon=":material/draw:", url_path="draw", default=True)],
    position="top",
)
page.run()
