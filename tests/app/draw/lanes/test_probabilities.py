"""A card shows the probabilities that Python computes of the same answers."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import numpy as np
import pytest

from models.formats import model_output
from models.formats.model_output import ANSWERS, AnswerKind
from models.tfjs import bundle

MODULE = Path(__file__).resolve().parents[4] / "app" / "draw" / "lanes" / "probabilities.js"
RANDOM = np.random.default_rng(0)
GIVEN = [
    RANDOM.normal(0, 20, 1_000),
    np.array([1e4, -1e4, 0.0]),
    np.array([0.25]),
    np.array([0.0, 1.0, 0.5]),
]


@pytest.mark.parametrize("kind", ANSWERS)
def test_the_browser_and_python_show_the_same(kind: AnswerKind) -> None:
    answers = [each.astype(np.float32).tolist() for each in GIVEN]
    script = (
        f"import {{ probabilities }} from {json.dumps(MODULE.as_uri())};\n"
        f"const show = (each) => probabilities(each, {json.dumps(kind)});\n"
        f"const shown = {json.dumps(answers)}.map(show);\n"
        "process.stdout.write(JSON.stringify(shown));"
    )
    run = subprocess.run(
        [bundle.node(), "--input-type=module", "--eval", script],
        capture_output=True,
        text=True,
        check=True,
    )
    for shown, given in zip(json.loads(run.stdout), answers, strict=True):
        expected = model_output.probabilities(np.array([given], np.float32), kind)[0]
        assert shown == pytest.approx(expected.tolist(), rel=1e-6, abs=1e-30)
