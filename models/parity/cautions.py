"""What a comparison could not show, in sentences: agreeing on nothing is no agreement."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.dataset import UNKNOWN
from models.formats.model_output import AnswerKind
from models.parity.figures import share
from models.parity.judgement import ByRule, Judge
from models.parity.set_verdict import many

FEW = 20
SAME = 1e-3  # the share of an answer's scale below which answers are as good as one
COARSE = 1e-3  # the share of an answer's scale that a fault may hide in


def find(
    base: NDArray[np.floating[Any]],
    judge: Judge,
    labels: NDArray[np.integer[Any]],
    answers: AnswerKind = "probabilities",
) -> Iterator[str]:
    """The sentences that a comparison with ``base`` (n, …), the answers to n inputs of these
    ``labels`` (n,), calls for, if any. ``answers`` says what they are.
    """
    count = len(labels)
    base = base.reshape(count, -1)
    if count < FEW:
        yield (
            f"Only {many(count, 'input')}: a fault that shows in few pictures could be missed. "
            f"Give {FEW} or more."
        )
    yield from _of_bound(judge)
    if count > 1 and np.ptp(base, axis=0).max() <= _nothing(base, judge):
        yield (
            "The model gives one answer whatever the input, so this comparison can show nothing. "
            "Is the range of its pixels right (--range), and are these inputs of its kind (--data)?"
        )
        return
    known = labels[labels != UNKNOWN]
    if len(known) > 1 and (known == known[0]).all():
        yield f"All labelled inputs are of one class, {known[0]}: faults of others may not show."
    elif answers in ("sigmoid", "values"):
        return  # none of these is the one class of an input
    elif count > 1 and base.shape[1] > 1 and len(np.unique(base.argmax(axis=1))) == 1:
        yield (
            f"The model sees class {base[0].argmax()} in every input: faults of other classes may "
            "not show."
        )


def _of_bound(judge: Judge) -> Iterator[str]:
    """What rounding may hide."""
    if isinstance(judge, ByRule) and judge.decides_nothing:
        yield (
            "This model is so sensitive on these inputs that float32 rounding alone may change its "
            f"answers completely, by {share(judge.bound)} of their scale: they cannot be judged. "
            "Are the inputs of its kind (--data), and the range of its pixels right (--range)? "
            "--atol judges by a tolerance of yours."
        )
    elif isinstance(judge, ByRule) and judge.bound > COARSE:
        yield (
            f"The original itself computes coarsely: what moves its answers by less than "
            f"{share(judge.bound)} of their scale cannot be told from its rounding."
        )


def _nothing(base: NDArray[np.floating[Any]], judge: Judge) -> float:
    """How far apart answers may lie that count as one: a coarse model's may be told apart."""
    allowed = judge.bound if isinstance(judge, ByRule) else judge.atol
    allowed = SAME if isinstance(judge, ByRule) and allowed > COARSE else max(allowed, SAME)
    return allowed * (float(np.abs(base).max()) or 1.0)
