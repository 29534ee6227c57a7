"""``python -m benchmarks.peers``: install ONNX Runtime Web from npm by its lock file."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from models.tfjs import bundle


def main() -> int:
    """Run ``npm ci`` and return its exit code."""
    command = [*bundle.npm(), "ci", "--loglevel=error"]
    return subprocess.run(
        command, cwd=Path(__file__).parent, env=bundle.environment(), check=False
    ).returncode


if __name__ == "__main__":
    sys.exit(main())
