"""``python -m benchmarks``: run every quick script and write ``benchmarks/RESULTS.md``.

The README quotes that file. Run it on an idle machine; it takes about a quarter of an hour.
``--data`` adds a whole test set, ``--only`` picks scripts by name.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import os
import platform
import subprocess
import sys
from pathlib import Path

from models.command_line import ending

RESULTS = Path(__file__).parent / "RESULTS.md"
SCRIPTS = (
    "engines",
    "browser_engines",
    "pen_up",
    "cold_start",
    "slow_network",
    "open_page",
    "bytes",
)
HEAD = """# Results

Written by `python -m benchmarks`; do not edit. Medians unless said; ratios are to the peer of the
same line, measured in the same run.

- {processors} × {processor}, {system}
- Python {python}, TensorFlow {tensorflow}, Streamlit {streamlit}
"""


def processor() -> str:
    """The processor's name on Linux, its architecture elsewhere."""
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.machine()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def run(name: str, *options: str) -> str:
    """A script's tables under its name, or its exit code if it failed."""
    command = [sys.executable, "-m", f"benchmarks.{name}", *options]
    print(f"\n$ python -m benchmarks.{name}", flush=True)
    in_utf_8 = os.environ | {"PYTHONIOENCODING": "utf-8"}  # a pipe of Windows has no → and no ≥
    done = subprocess.run(
        command, stdout=subprocess.PIPE, encoding="utf-8", env=in_utf_8, check=False
    )
    print(done.stdout, flush=True)
    if done.returncode != 0:
        return f"\n## {name}\n\nIt failed with exit code {done.returncode}.\n"
    table = "\n".join(line for line in done.stdout.splitlines() if line.startswith("|"))
    return f"\n## {name}\n\n{table}\n"


def main() -> int:
    """Run the scripts and write the file. The exit code is 1 if a script failed."""
    parser = argparse.ArgumentParser("python -m benchmarks", description=__doc__)
    parser.add_argument("--data", help="a test set for benchmarks.upload, such as mnist.npz")
    parser.add_argument("--only", nargs="+", choices=SCRIPTS, default=SCRIPTS)
    options = parser.parse_args()
    ending.print_anything()
    parts = [
        HEAD.format(
            processors=os.cpu_count(),
            processor=processor(),
            system=platform.system(),
            python=platform.python_version(),
            tensorflow=importlib.metadata.version("tensorflow"),
            streamlit=importlib.metadata.version("streamlit"),
        )
    ]
    parts += [run(name) for name in options.only]
    if options.data is not None:
        parts.append(run("upload", "--data", options.data))
    RESULTS.write_text("".join(parts), "utf-8", newline="\n")
    print(f"Written to {RESULTS.name}")
    return int(any("It failed with exit code" in part for part in parts))


if __name__ == "__main__":
    sys.exit(main())
