"""What a server does when it starts and when it ends."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SCRIPT = """
import subprocess
from app.startup import warm_up

def refuse(*_, **__):
    raise AssertionError("a process was started")

subprocess.Popen = refuse
warm_up.end()
"""


def test_ending_a_server_that_never_started_tensorflow_starts_it_neither():
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], cwd=root, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
