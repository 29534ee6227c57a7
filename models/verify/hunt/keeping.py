"""What was found, to keep: a file of the input, and a link that opens it in the dashboard."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlencode

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from models.digit import tokens
from models.digit.digit import SIZE
from models.errors import InputError
from models.formats import store
from models.lanes import Lane
from models.verify.hunt.hunting import Hunted
from models.verify.hunt.place import Place

SUFFIXES = (".png", ".npy")
HOST = "http://localhost:8501/"  # where `digit-parity serve` listens unless it is told otherwise


def check(path: Path, picture: bool | None = None) -> None:
    """Raise InputError for a file that an input is not kept in; ``picture`` says whether it is one,
    where that is known.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise InputError(
            f"{path} names no kind of file. Expected a name that ends in .png or .npy."
        )
    if picture is False and path.suffix.lower() == ".png":
        raise InputError(f"The model takes no pictures, so {path} cannot hold one: save a .npy.")
    if not path.resolve().parent.is_dir():
        raise InputError(f"There is no folder {path.resolve().parent} to save {path.name} in.")


def save(place: Place, path: Path) -> None:
    """Write the input: as the picture that it is made of, or the first array that the model takes,
    with its batch of one. Raises InputError as ``check`` does.
    """
    check(path, place.picture is not None)
    if path.suffix.lower() == ".npy":
        with path.open("wb") as file:
            np.save(file, place.tensors[0])
    else:
        assert place.picture is not None
        Image.fromarray(place.picture).save(path, "PNG")


def link(found: Hunted, picture: NDArray[np.uint8] | None) -> str | None:
    """The address that opens the picture with the model, in the dashboard of this machine; None for
    a model that is not there, and for a picture that no link carries.
    """
    name = found.manifest.name
    stored = store.find_name(name)
    if stored is None or stored.resolve() != found.folder.resolve():
        return None  # another model may have its name
    if picture is None or picture.shape != (SIZE, SIZE):
        return None
    query = {"digit": tokens.pack(picture.tobytes())}
    if name != store.DEFAULT:
        query["model"] = name
    lane = next((each for each in reversed(found.lanes) if isinstance(each, Lane)), None)
    if lane is not None and lane.in_browser:
        query["backend"] = lane.runtime.removeprefix("tfjs/")
        if lane.weights != "float32":
            query["weights"] = lane.weights
    return f"{HOST}?{urlencode(query)}"
