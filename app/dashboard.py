"""Page config, navigation and what all pages share."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from app import markup, reconnect
from app.views import benchmark, draw, upload

ASSETS = Path(__file__).parent / "assets"

st.set_page_config(
    page_title="Digit Parity", page_icon=(ASSETS / "mark.svg").read_text(), layout="wide"
)
st.logo((ASSETS / "logo.svg").read_text())
markup.style_page()
reconnect.follow()

page = st.navigation(
    [
        st.Page(draw.page, title="Draw", icon=":material/draw:", url_path="draw", default=True),
        st.Page(upload.page, title="Upload", icon=":material/upload_file:", url_path="upload"),
        st.Page(benchmark.page, title="Benchmark", icon=":material/timer:", url_path="benchmark"),
    ],
    position="top",
)
page.run()
