"""Connections have time-outs, and there are no more than this process may open files."""

from __future__ import annotations

import sys
from dataclasses import replace

from app.streamlit_internals import connections
from app.web.limits import LIMITS
from models.runtimes.process import os_calls

_FILES = 4_096  # that all of LIMITS.connections take: a visitor's socket and session take four
_FILES_EACH = 5
# A request passes from thread to thread some four times, and each waits so long for a thread that
# computes: with Python's 5 ms, others' runs took a stroke's answer from 5 to 80 ms.
_SWITCH_SECONDS = 0.001


def apply() -> None:
    """Limit the running server's connections. To be called in its event loop."""
    sys.setswitchinterval(_SWITCH_SECONDS)
    files = os_calls.allow_open_files(_FILES)
    most = min(LIMITS.connections, files // _FILES_EACH)
    connections.guard(replace(LIMITS, connections=most))
