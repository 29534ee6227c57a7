"""TensorFlow.js for a file that is opened from a disk, made once somebody asks for a bug report."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

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
    """The bundle, which is made unless it is there; a wheel brings it.

    Raises BundleError where it cannot be: it takes Node, and npm's packages, which are installed
    where they are missing.
    """
    from models.storage import locations  # what makes a wheel has not what this needs

    folder = locations.ROOT / "build" / _NAME
    try:
        if not locations.is_installed():
            folder = locations.built() / _NAME
            build(folder)
        return of(folder)
    except (OSError, ValueError, KeyError) as error:
        raise BundleError(f"There is no TensorFlow.js for the report: {error}") from error


def of(folder: Path) -> Bundle:
    """What ``build_report.js`` wrote. Raises OSError, ValueError or KeyError where it did not."""
    version = json.loads((folder / "version.json").read_text("utf-8"))["version"]
    script, wasm = ((folder / f"{each}.gz").read_bytes() for each in ("script", "wasm"))
    return Bundle(script, wasm, str(version))


def build(folder: Path) -> None:
    """Make it in ``folder``, unless nothing changed. Raises BundleError or OSError."""
    wanted = bundle.hash_of_sources("build_report.js")
    stamp = folder / bundle.STAMP
    if stamp.is_file() and stamp.read_text("utf-8") == wanted:
        return
    bundle.install()
    with whole_folder(folder) as new:
        command = [str(bundle.node()), "build_report.js", str(new)]
        failures.run(command, bundle.PACKAGE, bundle.environment(), f"2 MB in {folder}")
        (new / bundle.STAMP).write_text(wanted, "utf-8")
