"""Charts as SVG: ``python -m app.upload.results.svg_charts`` draws those that it reads, as JSON.

vl-convert runs Vega, in a process of its own: it takes 80 MB that it never gives back, and no other
thread of Python runs while it draws.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

VEGA_LITE = "6.4"  # of those that vl-convert has, what Streamlit draws the same charts with
PATIENCE_SECONDS = 60.0
_ROOT = Path(__file__).resolve().parents[3]
_one_at_a_time = threading.Lock()  # each process takes 100 MB or more

# SVG within HTML needs no namespaces.
_NAMESPACE = re.compile(r' xmlns(:xlink)?="[^"]*"')
# Vega names each mark for screen readers. Its title shows the same to a mouse.
_NAMED = re.compile(r'<path (aria-label="([^"]*)" role="graphics-symbol"[^>]*)/>')


def svgs(specs: Sequence[dict[str, Any]]) -> list[str]:
    """Each chart, its data included, as an ``svg`` element. It fetches nothing, and runs nothing.

    Raises subprocess.SubprocessError when they cannot be drawn, or not within PATIENCE_SECONDS.
    """
    with _one_at_a_time:
        done = subprocess.run(
            [sys.executable, "-m", "app.upload.results.svg_charts"],
            input=json.dumps(specs, allow_nan=False),
            stdout=subprocess.PIPE,
            cwd=_ROOT,
            timeout=PATIENCE_SECONDS,
            check=True,
            text=True,
            encoding="utf-8",
        )
    drawn: list[str] = json.loads(done.stdout)
    return drawn


def draw(spec: dict[str, Any]) -> str:
    """What ``svgs`` gives for one chart, drawn here."""
    import vl_convert

    svg = vl_convert.vegalite_to_svg(spec, vl_version=VEGA_LITE, allowed_base_urls=[])
    head, end, marks = svg.partition(">")
    return _NAMESPACE.sub("", head) + end + _NAMED.sub(r"<path \1><title>\2</title></path>", marks)


if __name__ == "__main__":
    os.nice(10)  # as TensorFlow's process
    print(json.dumps([draw(each) for each in json.load(sys.stdin)]))
