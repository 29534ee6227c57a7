"""LiteRT.js, ONNX Runtime Web and tf2onnx: nothing of them is here unless somebody asks for them.

`digit-parity setup alternatives` puts them into a folder of their own, in the versions that are
locked: ``python/`` has tf2onnx, ``dist/`` the scripts and the WebAssembly for a page.
"""

from __future__ import annotations

import gzip
import hashlib
import importlib
import json
import logging
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from models.errors import ModelError
from models.storage import locations
from models.storage.whole_folder import whole_folder
from models.tfjs import bundle, failures

_LOG = logging.getLogger(__name__)

# Its own packages, which TensorFlow.js never needs.
JAVASCRIPT = Path(__file__).resolve().parent
LOCK = JAVASCRIPT / "requirements.txt"
_SHARED = bundle.PACKAGE / "src"  # the clock
_STAMP = "installed"
_NEEDS = "400 MB for a while, then 115 MB,"

Python = Callable[[Path], None]  # installs what LOCK names into a folder


def folder() -> Path:
    """Where they are installed."""
    return locations.alternatives()


def missing() -> str | None:
    """Why they cannot be used, in a sentence; None where they are installed as locked."""
    stamp = folder() / _STAMP
    if not stamp.is_file():
        return _remedy("not installed")
    if stamp.read_text("utf-8") != _wanted():
        return _remedy("installed in other versions")
    return None


def dist() -> Path:
    """The folder of what a page loads. Raises ModelError where it is not installed."""
    if why := missing():
        raise ModelError(why)
    return folder() / "dist"


def about() -> dict[str, Any]:
    """``packages`` with their versions. Raises ModelError where they are not installed."""
    found: dict[str, Any] = json.loads((dist() / "version.json").read_text("utf-8"))
    return found


def tf2onnx() -> Any:
    """The package. Raises ModelError where it is not installed."""
    if why := missing():
        raise ModelError(why)
    path = str(folder() / "python")
    if path not in sys.path:
        sys.path.append(path)  # the last one: the environment's own packages come before
    try:
        return importlib.import_module("tf2onnx")
    except Exception as error:  # packages beside it may be of other versions
        raise ModelError(f"tf2onnx cannot be imported: {error}.") from error


def install(python: Python) -> bool:
    """Fetch and build all of it, all or nothing, unless it is there. Returns whether it did.

    Raises BundleError, OSError, and what ``python`` raises.
    """
    if missing() is None:
        return False
    with whole_folder(folder()) as new:
        _LOG.info("tf2onnx")
        python(new / "python")
        _LOG.info("LiteRT.js and ONNX Runtime Web")
        with tempfile.TemporaryDirectory(prefix="digit-parity-") as temporary:
            _build(Path(temporary), new / "dist")
        _compress(new / "dist")
        (new / _STAMP).write_text(_wanted(), "utf-8")
    return True


def _build(temporary: Path, out: Path) -> None:
    """Install from npm, and build, in a copy: a wheel's own folder may be read-only."""
    project = temporary / JAVASCRIPT.name
    ignored = shutil.ignore_patterns("node_modules", "*.py", "__pycache__")
    shutil.copytree(JAVASCRIPT, project, ignore=ignored)
    shutil.copytree(_SHARED, temporary / _SHARED.name)
    environment = bundle.environment()
    failures.run([*bundle.npm(), "ci", *bundle.NPM_OPTIONS], project, environment, _NEEDS)
    failures.run([str(bundle.node()), "build.js", str(out)], project, environment, _NEEDS)


def _compress(folder: Path) -> None:
    """Put a copy beside each file that a page loads, compressed by gzip: a server sends these."""
    for path in [*folder.glob("*.js"), *folder.glob("*.wasm")]:
        copy = path.with_name(f"{path.name}.gz")
        copy.write_bytes(gzip.compress(path.read_bytes(), 9, mtime=0))


def _wanted() -> str:
    """A hash of all that decides what is installed."""
    total = hashlib.sha256(LOCK.read_bytes())
    names = ("package.json", "package-lock.json", "build.js")
    sources = [*sorted((JAVASCRIPT / "src").iterdir()), _SHARED / "timing.js"]
    for path in [*(JAVASCRIPT / name for name in names), *sources]:
        total.update(path.name.encode() + b"\0" + path.read_bytes())
    return total.hexdigest()


def _remedy(state: str) -> str:
    return (
        f"LiteRT.js and ONNX Runtime Web are {state} here: `digit-parity setup alternatives` "
        "fetches them, once, 115 MB."
    )
