"""Take a stored model of any format apart."""

from __future__ import annotations

from pathlib import Path

from models.formats import manifest as manifests
from models.formats.anatomy.graph import read_graph
from models.formats.anatomy.layers import read_keras, read_layers
from models.formats.anatomy.parts import Anatomy
from models.lanes import Format, Weights

_READERS = {"keras": read_keras, "layers": read_layers, "graph": read_graph}


def read(folder: Path, form: Format, weights: Weights = "float32") -> Anatomy:
    """Take one stored form of the model in ``folder`` apart. Raises ModelError."""
    return _READERS[form](folder / manifests.read(folder).path(form, weights))
