"""Judgements beside the truth of the plain packages

`python -m benchmarks.truth` over all cases: each model is verified from its file alone, and every
lane's judgement is compared with what the official conversion answers on plain TensorFlow.js.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.proof.given import Given

ROOT = Path(__file__).resolve().parents[2]


def prove(given: Given) -> Iterator[str]:
    """The lines of the comparison. Raises AssertionError where a lane is judged otherwise."""
    command = [sys.executable, "-m", "benchmarks.truth", str(given.need_cases())]
    otherwise = 0
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, encoding="utf-8") as process:
        assert process.stdout is not None
        for line in process.stdout:
            otherwise += line.startswith("- ")
            yield line.rstrip("\n")
    assert process.returncode == 0, f"benchmarks.truth ended with {process.returncode}"
    assert not otherwise, f"{otherwise} lanes are judged otherwise"
