"""Bundle TensorFlow.js at the first start, where `make install` was not run.

Some hosts only install ``requirements.txt`` and run the app. The server's lanes work meanwhile.
"""

from __future__ import annotations

import threading

import streamlit as st

from app.startup import set_up
from app.web import bundle_status
from models.tfjs import built, bundle

_POLL_SECONDS = 3.0

_lock = threading.Lock()


def install() -> None:
    """Bundle TensorFlow.js, then run the set-up. ``is_bundling`` is true until both are done.

    Each says in the log what failed. The next start tries again.
    """
    try:
        bundle.main([])
        set_up.main()
    finally:
        bundle_status.bundling.clear()


thread = threading.Thread(target=install, daemon=True, name="first-start")


def begin() -> None:
    """Start the installation once, unless there is a bundle. The log has any error."""
    with _lock:
        if built.entry() is None and thread.ident is None:
            bundle_status.bundling.set()
            thread.start()


def follow() -> None:
    """Say that TensorFlow.js is being bundled; rerun the page when that is done."""
    begin()
    if built.entry() is None and bundle_status.is_bundling():
        st.info(
            "This server was just installed and is fetching TensorFlow.js, which takes a minute. "
            "Until then it reads digits in TensorFlow alone.",
            icon=":material/downloading:",
        )
        _poll()


@st.fragment(run_every=_POLL_SECONDS)
def _poll() -> None:
    if not bundle_status.is_bundling():
        st.rerun()
