"""A lane's card shows the median that the server computes of the same times."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import numpy as np
import pytest

from models.parity import timing
from models.tfjs import bundle

ROOT = Path(__file__).resolve().parents[4]
CARDS = ROOT / "app" / "draw" / "lanes" / "lane_cards.js"
ENGINE = ROOT / "models" / "tfjs" / "src" / "timing.js"

RANDOM = np.random.default_rng(0)
TIMES = [
    *([7.0], [2.0, 1.0], [10.0, 9.0, 100.0], [1.0, 8.0, 4.0, 2.0], [0.0, 0.0, 0.5, 0.0]),
    *(RANDOM.lognormal(size=count).tolist() for count in range(1, 40)),
]


def medians(module: Path) -> list[float]:
    script = (
        f"import {{ median }} from {json.dumps(module.as_uri())};\n"
        f"process.stdout.write(JSON.stringify({json.dumps(TIMES)}.map(median)));"
    )
    run = subprocess.run(
        [bundle.node(), "--input-type=module", "--eval", script],
        capture_output=True,
        text=True,
        check=True,
    )
    found: list[float] = json.loads(run.stdout)
    return found


def test_the_median_of_a_card_is_pythons_to_the_last_bit() -> None:
    assert medians(CARDS) == [timing.median(times) for times in TIMES]


def test_the_median_of_the_engine_is_pythons() -> None:
    assert medians(ENGINE) == pytest.approx([timing.median(times) for times in TIMES], rel=1e-12)
