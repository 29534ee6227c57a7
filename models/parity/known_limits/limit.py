"""What one row of the table of known limits says, and what it predicts of a model."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from models.formats.architecture.description import Description
from models.lanes import BACKENDS, Backend, Format

Effect = Literal[
    "not converted",  # the official converter ends with an error
    "refuses",  # TensorFlow.js does not load the model, or does not run it
    "ignores a setting",  # it answers as if the setting had its default
    "another formula",  # it computes something else
    "needs executeAsync",  # it answers rightly, but predict() refuses
]
Condition = Callable[[Description], Iterator[str]]

TFJS = "https://github.com/tensorflow/tfjs/blob/tfjs-v4.22.0/"
LAYERS = TFJS + "tfjs-layers/src/"
GRAPHS = TFJS + "tfjs-converter/src/"
CONVERTER = TFJS + "tfjs-converter/python/tensorflowjs/converters/"
ISSUES = "https://github.com/tensorflow/tfjs/issues/"


@dataclass(frozen=True, kw_only=True)
class Limit:
    """One row. ``when`` gives the names of a model's layers or operations that it is about.

    ``says`` is a regular expression that the error of TensorFlow.js or of the converter matches,
    empty where no error is raised.
    """

    name: str
    what: str
    formats: tuple[Format, ...]
    effect: Effect
    happens: str
    way_out: str
    reference: str
    when: Condition
    backends: tuple[Backend, ...] = BACKENDS
    says: str = ""

    @property
    def harmful(self) -> bool:
        """Whether the format gives no answer or a wrong one."""
        return self.effect != "needs executeAsync"


@dataclass(frozen=True)
class Prediction:
    """A row that is about a model: on ``format``, on ``backends``, because of ``layers``."""

    limit: Limit
    format: Format
    layers: tuple[str, ...]

    @property
    def backends(self) -> tuple[Backend, ...]:
        """The backends of TensorFlow.js on which it happens."""
        return self.limit.backends
