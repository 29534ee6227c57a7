"""Judgements beside the truth of the plain packages

`python -m benchmarks.truth` over all cases: each model is verified from its file alone, and every
lane's judgement is compared with what the official conversion answers on plain TensorFlow.js.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks import truth
from tests.proof.given import Given


def prove(given: Given) -> Iterator[str]:
    """The lines of the comparison. Raises AssertionError where a lane is judged otherwise."""
    cases = given.need_cases()
    otherwise = 0
    with tempfile.TemporaryDirectory() as temporary:
        for line in truth.compare(cases, (), Path(temporary)):
            otherwise += line.startswith("- ")
            yield line
    assert not otherwise, f"{otherwise} lanes are judged otherwise"
