"""What `make install` does beside installing packages is done at the first start where it was not.

That is so on hosts that install ``requirements.txt`` and run the app, and know of no other step.
The server's lanes work meanwhile.
"""

from __future__ import annotations

import threading

import streamlit as st

from app.startup import set_up
from app.web import bundle_status
from models.tfjs import built, bundle

_LOOK_EVERY = 3.0  # seconds

_lock = threading.Lock()


def install() -> None:
    """Bundle TensorFlow.js, then set up what a start would make. ``is_bundling`` until then."""
    try:
        bundle.main([])
        set_up.main()
    finally:
        bundle_status.bundling.clear()


thread = threading.Thread(target=install, daemon=True, name="first-start")


def begin() -> None:
    """Start bundling unless there is a bundle. What goes wrong is in the operator's log."""
    with _lock:
        if built.entry() is None and thread.ident is None:
            bundle_status.bundling.set()
            thread.start()


def follow() -> None:
    """While the bundle is being made, say so; run the page again once it is there."""
    begin()
    if built.entry() is None and bundle_status.is_bundling():
        st.info(
            "This server was just installed and is fetching TensorFlow.js, which takes a minute. "
            "Until then it reads digits in TensorFlow alone.",
            icon=":material/downloading:",
        )
        _wait()


@st.fragment(run_every=_LOOK_EVERY)
def _wait() -> None:
    if not bundle_status.is_bundling():
        st.rerun()
