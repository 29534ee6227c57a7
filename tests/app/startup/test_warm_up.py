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


def test_ending_a_server_does_not_start_tensorflow():
    root = Path(__file__).parents[3]
    run = subprocess.run(
        [sys.executable, "-c", SCRIPT], cwd=root, capture_output=True, text=True, timeout=60
    )
    assert run.returncode == 0, run.stderr
