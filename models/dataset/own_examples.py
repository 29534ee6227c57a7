"""The pictures that the operator put beside a stored model: ``examples/``, or ``examples.npz``."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from models import dataset
from models.dataset.collector import Collector
from models.dataset.dataset import Dataset, Options
from models.dataset.limits import OWN
from models.errors import InputError
from models.formats.manifest import Manifest
from models.formats.store import EXAMPLES

PLACES = ("examples", EXAMPLES.name)


def read(folder: Path, manifest: Manifest, most: int | None = None) -> Dataset | None:
    """The pictures beside the model in ``folder``, as it takes them and with its classes, the first
    ``most`` alone where that is given; of two places the first that has any.

    None where there is no such place; no pictures, and why each was skipped, where none can be
    read. Raises ModelError for a model that takes no pictures.
    """
    options = Options(framing="none", target=manifest.pictures(), classes=manifest.classes)
    found: Dataset | None = None
    for path in (folder / name for name in PLACES):
        there = path.is_dir() or path.is_file()  # a pipe would keep everybody waiting
        # The digits that ship are there for every model of digits: nobody put them there.
        if there and path.resolve() != EXAMPLES.resolve():
            read = _read(path, options, most)
            if len(read):
                return read
            found = read if found is None else found
    return found


def _read(path: Path, options: Options, most: int | None) -> Dataset:
    limits = OWN if most is None else replace(OWN, images=most)
    try:
        return dataset.read_path(path, options, limits=limits)
    except InputError as error:  # more files than a set may have
        collector = Collector(options, limits)
        collector.skip(path.name, str(error))
        return collector.dataset()
