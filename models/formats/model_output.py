"""What a model's answer is, and the probabilities that pages show of it."""

from __future__ import annotations

from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

# "sigmoid": a probability for each class by itself, or of one output alone for two classes.
AnswerKind = Literal["probabilities", "logits", "sigmoid", "values"]
ANSWERS: tuple[AnswerKind, ...] = get_args(AnswerKind)


def probabilities(answers: NDArray[np.floating[Any]], kind: AnswerKind) -> NDArray[np.float32]:
    """What pages show of a model's answers (n, outputs): (n, classes), float32.

    Of logits, their softmax; of a single sigmoid p, the two classes' 1 − p and p. NaN stays NaN.
    """
    values = np.asarray(answers, np.float64)
    if kind == "logits":
        values = np.exp(values - values.max(axis=-1, keepdims=True))
        values /= values.sum(axis=-1, keepdims=True)
    elif kind == "sigmoid" and values.shape[-1] == 1:
        values = np.concatenate([1 - values, values], axis=-1)
    return values.astype(np.float32)


def classes(kind: AnswerKind, outputs: int) -> int:
    """How many classes pages show for a model of so many outputs; 0 where they are no classes."""
    if kind == "values":
        return 0
    return 2 if kind == "sigmoid" and outputs == 1 else outputs
