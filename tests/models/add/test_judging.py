"""Which formats of a new model are kept: from made-up judgements."""

from __future__ import annotations

import numpy as np
import pytest

from models.add import judging
from models.formats.store import SHIPPED, manifest
from models.lanes import REFERENCE, Lane
from models.parity.advice.recommendation import Recommendation
from models.parity.judgement import ByRule, Judgement, Kind
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
    assert judging._passes(verified(kinds), "graph") is kept


def test_what_wasm_cannot_run_is_said_to_be_tried_elsewhere_by_verify() -> None:
    said = str(judging.NotKeptError(verified(["cannot run"]), ()))
    assert said.endswith("`digit-parity verify`, of the same files, also tries plain JavaScript.")
    assert "verify" not in str(judging.NotKeptError(verified(["differs"]), ()))


def verified(kinds: list[Kind]) -> Verification:
    """A graph model that is judged so on wasm, then in plain JavaScript."""
    lanes = [Lane("graph", f"tfjs/{each}") for each in ("wasm", "cpu")]
    judgements = tuple(Judgement(lane, kind) for lane, kind in zip(lanes, kinds, strict=False))
    answers = np.ones((1, 2), np.float32)
    reference = Reference(REFERENCE, (answers,), (answers,), (ByRule("softmax", 2.2),))
    advice = Recommendation(None, None, "")
    return Verification(manifest(SHIPPED.name), 1, reference, judgements, advice)
