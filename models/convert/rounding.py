"""The bound on rounding of a model that was just converted, for its manifest."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from models.dataset import sample_inputs
from models.formats import manifest as manifests
from models.formats.manifest import Manifest
from models.runtimes import references


def note(folder: Path) -> Manifest:
    """Derive the bound of the model in ``folder`` as `verify` does, on the same inputs, and write
    it into the manifest, since pages judge by it. Returns the new manifest.

    Raises ModelError, with nothing changed, when the Keras model cannot answer.
    """
    manifest = manifests.read(folder)
    found = references.find(manifest, folder, sample_inputs.find(manifest, folder).samples)
    noted = replace(manifest, rounding=found.rounding)
    manifests.write(noted, folder)
    return noted
