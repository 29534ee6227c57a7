"""The files of one model that a user has: an original, a converted folder, or several."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from models.convert.runs import CONVERSIONS, EXPORTED, Conversion
from models.formats.labels import Facts
from models.lanes import CONVERTED, Format
from models.runtimes import saved_model

KERAS_FILE = "model.h5"
EXPORTED_FOLDER = "saved_model"


@dataclass(frozen=True)
class Given:
    """The files of one model, at least one of them.

    ``original`` is what Keras saved, or a SavedModel that was exported; ``graph`` and ``layers``
    are folders of a converter, or the model.json in them. ``called`` is what their owner calls
    those that were unpacked, ``facts`` what files beside them say, and ``notes`` what their owner
    may not expect, a sentence each.
    """

    original: Path | None = None
    graph: Path | None = None
    layers: Path | None = None
    called: Mapping[Path, str] = field(default_factory=dict)
    facts: Facts = field(default_factory=Facts)
    notes: tuple[str, ...] = ()

    @cached_property
    def converted(self) -> dict[Format, Path]:
        """The converted models that are given, by format."""
        paths = {"graph": self.graph, "layers": self.layers}
        return {form: path for form in CONVERTED if (path := paths[form]) is not None}

    def name(self, path: Path) -> str:
        """What the owner of one of the files calls it."""
        return self.called.get(path, str(path))

    @cached_property
    def exported(self) -> bool:
        """Whether the original is a SavedModel that has a graph and no layers."""
        return self.original is not None and saved_model.is_exported(self.original)

    @cached_property
    def left_out(self) -> list[Conversion]:
        """What has to be converted to have both formats, as far as they can be made of the first:
        nothing of a graph, and a graph of layers.
        """
        possible = EXPORTED if self.exported else CONVERSIONS
        forms = CONVERTED if self.original else ("graph",) if self.layers else ()
        return [
            each
            for each in possible
            if each.weights == "float32" and each.form in set(forms) - set(self.converted)
        ]

    @property
    def first(self) -> Path:
        """The path that the model is called by, and that is converted: the original's, or else the
        layers model's, or that of the graph model alone.
        """
        return self.original or self.layers or next(iter(self.converted.values()))


def folder_of(form: Format) -> str:
    """The name of the folder of a format in a model's folder."""
    return Conversion(form, "float32").folder
