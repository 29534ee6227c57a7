"""Import modules and start TensorFlow as soon as a new server is idle.

Otherwise the first run of the page would do it while its visitor waits. A visitor who comes before
that waits only for what the page needs.
"""

from __future__ import annotations

import threading
import time
from importlib import import_module

from app.streamlit_internals import server

# A visitor who waited for the server has come within this time.
IDLE_SECONDS = 1.5


def begin() -> None:
    """Start the warm-up in a thread."""
    threading.Thread(target=_warm_up, daemon=True, name="warm-up").start()


def _warm_up() -> None:
    time.sleep(IDLE_SECONDS)
    while not server.is_running():  # components register with a running server
        time.sleep(0.1)
    import_module("app.draw.page")
    import_module("app.session.shared").tensorflow()
    import_module("app.startup.auto_install").begin()
    import_module("app.draw.reading.endpoint")


def end() -> None:
    """End TensorFlow's process, if it was started."""
    import_module("models.runtimes.worker.client").close_all()
