"""TensorFlow.js for a file that is opened from a disk, made once somebody asks for a bug report."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from models.storage import locations
from models.storage.whole_folder import whole_folder
from models.tfjs import bundle, failures
from models.tfjs.failures import BundleError

_NAME = "report"


@dataclass(frozen=True, eq=False)
class Bundle:
    """``script`` has every backend, ``wasm`` is the file of one of them, both compressed by gzip;
    ``version`` is that of TensorFlow.js.
    """

    script: bytes
    wasm: bytes
    version: str


def read() -> Bundle:
    """The bundle, which is made unless it is there.

    Raises BundleError where it cannot be: it takes Node, and npm's packages, which are installed
    where they are missing.
    """
    folder = locations.built() / _NAME
    try:
        _build(folder)
        return of(folder)
    except (OSError, ValueError, KeyError) as error:
        raise BundleError(f"TensorFlow.js for the report cannot be made: {error}") from error


def of(folder: Path) -> Bundle:
    """What ``build_report.js`` wrote. Raises OSError, ValueError or KeyError where it did not."""
    version = json.loads((folder / "version.json").read_text("utf-8"))["version"]
    script, wasm = ((folder / f"{each}.gz").read_bytes() for each in ("script", "wasm"))
    return Bundle(script, wasm, str(version))


def _build(folder: Path) -> None:
    wanted = bundle.hash_of_sources("build_report.js")
    stamp = folder / bundle.STAMP
    if stamp.is_file() and stamp.read_text("utf-8") == wanted:
        return
    if locations.is_installed():
        raise BundleError(
            "--report bundles TensorFlow.js anew, which takes a checkout of the project with npm: "
            "run it there."
        )
    bundle.install()
    with whole_folder(folder) as new:
        command = [str(bundle.node()), "build_report.js", str(new)]
        failures.run(command, bundle.PACKAGE, bundle.environment(), f"2 MB in {folder}")
        (new / bundle.STAMP).write_text(wanted, "utf-8")
