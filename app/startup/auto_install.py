"""Do at the first start what `make install` did not.

Some hosts only install ``requirements.txt`` and run the app: TensorFlow.js is bundled then, and the
server's lanes work meanwhile. A wheel has the bundle in it, and only Streamlit's files are
compressed.
"""

from __future__ import annotations

import threading

import streamlit as st

from app.startup import set_up
from app.web import bundle_status, packed_assets
from models.tfjs import built, bundle

_POLL_SECONDS = 3.0

_lock = threading.Lock()


def install() -> None:
    """Bundle TensorFlow.js if need be, then run the set-up. ``is_bundling`` is true until then.

    Each says in the log what failed. The next start tries again.
    """
    try:
        if built.entry() is None:
            bundle.main([])
        set_up.main()
    finally:
        bundle_status.bundling.clear()


thread = threading.Thread(target=install, daemon=True, name="first-start")


def begin() -> None:
    """Start the installation once, unless all is there. The log has any error."""
    with _lock:
        is_complete = built.entry() is not None and packed_assets.is_packed()
        if not is_complete and thread.ident is None:
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
