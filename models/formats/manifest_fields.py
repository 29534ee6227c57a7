"""The fields of a manifest, each read with care: manifests may come from other people.

What reads a field raises ValueError, KeyError or TypeError for what cannot be in it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

from models.formats import model_input, tensors
from models.formats.model_input import DIGITS, Input
from models.formats.model_output import ANSWERS, AnswerKind
from models.formats.tensors import Tensor
from models.storage import plain_files
from models.storage.plain_files import LONGEST_LINE, shown


@dataclass(frozen=True)
class FileRecord:
    """A file's SHA-256 as hexadecimal digits, and its size in bytes."""

    sha256: str
    bytes: int


@dataclass(frozen=True)
class Rounding:
    """How far from the original rounding takes a lane, see ``models.parity.rule``: the bound, and
    whether it is on the logits of a "softmax" or on other "values", as a share of ``scale``.
    """

    head: Literal["softmax", "values"]
    bound: float
    scale: float | None = None


def text(value: Any) -> str:
    """One line, as it is printed and shown. Raises ValueError for what is longer, or another."""
    found = str(value)
    if not plain_files.is_line(found):
        raise ValueError(f"{shown(found)} is no line of at most {LONGEST_LINE:,} characters")
    return found


def picture(data: Mapping[str, Any]) -> Input | None:
    """How a picture becomes the input, None where none does."""
    if "input" not in data:  # written by a version that knew one input alone
        return DIGITS
    return None if data["input"] is None else model_input.parse(data["input"])


def answers(value: Any) -> AnswerKind:
    """What the first output is."""
    if value not in ANSWERS:
        raise ValueError(f"answers that are {shown(str(value))}")
    return cast(AnswerKind, value)


def share(value: Any) -> float:
    """An accuracy."""
    found = float(value)
    if not 0 <= found <= 1:
        raise ValueError(f"an accuracy of {found}; from 0 to 1 are possible")
    return found


def rounding(stored: Mapping[str, Any] | None) -> Rounding | None:
    """The bound of the model, None where an older version wrote none."""
    if not stored:
        return None
    head, bound, scale = stored["head"], float(stored["bound"]), stored.get("scale")
    if head not in ("softmax", "values") or not 0 < bound < math.inf:
        raise ValueError(f"rounding of {bound} on {head!r}")
    scale = None if scale is None else float(scale)
    if scale is not None and not 0 <= scale < math.inf:  # 0 where all answers are
        raise ValueError(f"rounding as a share of {scale}")
    return Rounding(head, bound, scale)


def inside(name: Any) -> str:
    """A relative path that stays in the model's folder: manifests may come from other people."""
    if why := plain_files.wrong_path(name):
        raise ValueError(f"path {shown(name)} leads out of the model's folder: {why}")
    return str(name)


def listed_tensors(stored: Any) -> tuple[Tensor, ...]:
    """The tensors that a model takes or gives, their names each one line."""
    found = tensors.parse(stored)
    for each in found:
        text(each.name)
    return found
