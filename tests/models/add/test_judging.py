"""Which formats of a new model are kept: from made-up judgements."""

from __future__ import annotations

import numpy as np
import pytest

from models.add import judging
from models.formats.store import SHIPPED, manifest
from models.lanes import REFERENCE, Lane
from models.parity.judgement import ByRule, Judgement, Kind
from models.parity.recommendation import Recommendation
from models.runtimes.references import Reference
from models.verify.verification import Verification


@pytest.mark.parametrize(
    ("kinds", "kept"),
    [
        (["passed"], True),
        (["passed", "not tried"], True),
        (["cannot be judged", "cannot be judged"], True),
        (["cannot be judged", "differs"], False),
        (["passed", "cannot run"], False),
        (["not tried"], False),
    ],
)
def test_a_format_is_kept_that_passes_or_whose_answers_cannot_be_judged(
    kinds: list[Kind], kept: bool
) -> None:
    lanes = [Lane("graph", f"tfjs/{each}") for each in ("wasm", "cpu")]
    judgements = tuple(Judgement(lane, kind) for lane, kind in zip(lanes, kinds, strict=False))
    answers = np.ones((1, 2), np.float32)
    reference = Reference(REFERENCE, (answers,), (answers,), (ByRule("softmax", 2.2),))
    advice = Recommendation(None, None, "")
    result = Verification(manifest(SHIPPED.name), 1, reference, judgements, advice)
    assert judging._passes(result, "graph") is kept
