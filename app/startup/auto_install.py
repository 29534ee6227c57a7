"""What `make install` does beside installing packages is done at the first start where it was not.

That is so on hosts that install ``requirements.txt`` and run the app, and know of no other step.
The server's lanes work meanwhile.
"""

from __future__ import annotations

import threading

import streamlit as st

from app.startup import set_up
from models.tfjs import built, bundle

_LOOK_EVERY = 3.0  # seconds

_lock = threading.Lock()


def _install() -> None:
    bundle.main([])
    set_up.main()


_thread = threading.Thread(target=_install, daemon=True, name="first-start")


def begin() -> None:
    """Start bundling unless there is a bundle. What goes wrong is in the operator's log."""
    with _lock:
        if built.entry() is None and _thread.ident is None:
            _thread.start()


def is_bundling() -> bool:
    """Whether the bundle is being made now."""
    return _thread.is_alive()


def follow() -> None:
    """While the bundle is being made, say so; run the page again once it is there."""
    begin()
    if built.entry() is None and is_bundling():
        st.info(
            "This server was just installed and is fetching TensorFlow.js, which takes a minute. "
            "Until then it reads digits in TensorFlow alone.",
            icon=":material/downloading:",
        )
        _wait()


@st.fragment(run_every=_LOOK_EVERY)
def _wait() -> None:
    if not is_bundling():
        st.rerun()


def say_missing(lanes: str) -> None:
    """Say that only the server's lanes can do something, unless ``follow`` has said so."""
    if not is_bundling():
        st.info(
            f"TensorFlow.js is not installed on this server, so only its own lanes {lanes}. "
            "Its operator installs it with: make install",
            icon=":material/info:",
        )
