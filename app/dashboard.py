"""Page configuration, navigation, and what every page's run does."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import streamlit as st

from app.session import links, model_picker, reconnect, shared, tensorflow_notice
from app.startup import auto_install, page_change


def _page(name: str) -> Callable[[], None]:
    """A page that imports its module when opened, so that the canvas waits for no other page."""

    def run() -> None:
        import_module(f"app.{name}.page").page()

    run.__name__ = name
    return run


def _example(model: str) -> None:
    """What the picker shows of a model; imported for that alone."""
    import_module("app.draw.given").show_thumbnail(model)


MARK = (Path(__file__).parent / "ui" / "mark.svg").read_text("utf-8")

st.set_page_config(page_title="Digit Parity", page_icon=MARK, layout="wide")
st.logo(MARK)
reconnect.follow()

# Without icons: their font is 375 kB, which a first visit to Draw has no other use for.
pages = [
    st.Page(_page("draw"), title="Draw", url_path="draw", default=True),
    st.Page(_page("upload"), title="Upload", url_path="upload"),
    st.Page(_page("benchmark"), title="Benchmark", url_path="benchmark"),
    st.Page(_page("inspect"), title="Inspect", url_path="inspect"),
]
page = st.navigation(pages, position="top")
with st.container(horizontal=True, key="pages"):  # for phones, where Streamlit hides its own
    for each in pages:
        is_here = each.url_path == page.url_path
        with st.container(width="content", key=f"page{'-here' * is_here}-{each.title}"):
            st.page_link(each)
auto_install.follow()
page_change.follow(page.url_path)
tensorflow_notice.show()
if page.url_path:  # the first page reads the whole link
    links.follow_model()
model_picker.around(page.run, _example)
shared.settle()
