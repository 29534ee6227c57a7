"""Page config, navigation and what all pages share."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from app import first_start, leaving, model_picker, reconnect, resources
from app.views import benchmark, draw, models, upload

MARK = (Path(__file__).parent / "assets" / "mark.svg").read_text()

st.set_page_config(page_title="Digit Parity", page_icon=MARK, layout="wide")
st.logo(MARK)
reconnect.follow()

page = st.navigation(
    [
        st.Page(draw.page, title="Draw", icon=":material/draw:", url_path="draw", default=True),
        st.Page(upload.page, title="Upload", icon=":material/upload_file:", url_path="upload"),
        st.Page(benchmark.page, title="Benchmark", icon=":material/timer:", url_path="benchmark"),
        st.Page(models.page, title="Models", icon=":material/account_tree:", url_path="models"),
    ],
    position="top",
)
first_start.follow()
leaving.follow(page.url_path)
model_picker.around(page.run)
resources.settle()
