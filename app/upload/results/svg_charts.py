"""Charts as SVG. ``python -m app.upload.results.svg_charts`` draws the charts on its stdin.

vl-convert, which runs Vega, has its own process: it never frees the 80 MB that it takes, and it
blocks all other Python threads while it draws. Charts and drawings are passed as JSON.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from models.runtimes.process import os_calls

VEGA_LITE = "6.4"  # vl-convert's version that draws as Streamlit does
TIMEOUT_SECONDS = 60.0
_ROOT = Path(__file__).resolve().parents[3]
_one_at_a_time = threading.Lock()  # each process takes 100 MB or more

# SVG within HTML needs no namespaces.
_NAMESPACE = re.compile(r' xmlns(:xlink)?="[^"]*"')
# Vega labels each mark for screen readers. A title shows the label as a tooltip.
_NAMED = re.compile(r'<path (aria-label="([^"]*)" role="graphics-symbol"[^>]*)/>')


def svgs(specs: Sequence[dict[str, Any]]) -> list[str]:
    """Each chart, with its data, as an ``svg`` element without scripts or requests.

    Raises subprocess.SubprocessError if they cannot be drawn within TIMEOUT_SECONDS, or if others
    have not been drawn by then.
    """
    command = [sys.executable, "-m", "app.upload.results.svg_charts"]
    if not _one_at_a_time.acquire(timeout=TIMEOUT_SECONDS):
        raise subprocess.TimeoutExpired(command, TIMEOUT_SECONDS)
    try:
        done = subprocess.run(
            command,
            input=json.dumps(specs, allow_nan=False),
            stdout=subprocess.PIPE,
            cwd=_ROOT,
            timeout=TIMEOUT_SECONDS,
            check=True,
            text=True,
            encoding="utf-8",
        )
    finally:
        _one_at_a_time.release()
    elements: list[str] = json.loads(done.stdout)
    return elements


def draw(spec: dict[str, Any]) -> str:
    """One chart as an ``svg`` element, drawn in this process."""
    import vl_convert

    svg = vl_convert.vegalite_to_svg(spec, vl_version=VEGA_LITE, allowed_base_urls=[])
    head, end, marks = svg.partition(">")
    return _NAMESPACE.sub("", head) + end + _NAMED.sub(r"<path \1><title>\2</title></path>", marks)


if __name__ == "__main__":
    os_calls.lower_priority(10)  # like TensorFlow's process
    print(json.dumps([draw(each) for each in json.load(sys.stdin)]))
