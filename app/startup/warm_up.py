"""What a server that was just started does as soon as it has nothing else to do.

Otherwise the first run of the page would do it, while its visitor waits. One who is there already
waits less for what the page needs of it than for all of it.
"""

from __future__ import annotations

import threading
import time
from importlib import import_module

from app.streamlit_internals import server

# In which a visitor who waited for the server has come, or there is none.
IDLE_SECONDS = 1.5


def begin() -> None:
    """Start in a thread of its own."""
    threading.Thread(target=_begin, daemon=True, name="warm-up").start()


def _begin() -> None:
    time.sleep(IDLE_SECONDS)
    while not server.is_running():  # components register with a running server
        time.sleep(0.1)
    import_module("app.draw.canvas.drawable_canvas").package()
    import_module("app.draw.page")
    import_module("app.session.shared").tensorflow()
    import_module("app.startup.auto_install").begin()
    import_module("app.draw.results.result_api")


def end() -> None:
    """End TensorFlow's process with the server, if it was started."""
    import_module("models.runtimes.worker.client").close_all()
