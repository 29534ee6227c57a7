"""What a visitor's browser needs to run a model on other runtimes, made by the operator.

``digit-parity setup alternatives`` converts the models that pages show, and keeps for each a folder
with the files, a few inputs, and what answers to these are judged by. So a visitor's click converts
nothing and asks TensorFlow nothing. What was made of another version of a model is not used.
"""

from __future__ import annotations

import json
import logging
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, get_args

import numpy as np

from models.dataset import sample_inputs
from models.errors import ModelError
from models.formats import safety, store, tensor_files
from models.formats.manifest import Manifest
from models.lanes import Lane
from models.parity.judgement import ByRule
from models.runtimes import references
from models.runtimes.browser import conversion
from models.runtimes.browser.conversion import Kind
from models.runtimes.references import Reference
from models.storage import plain_files
from models.storage.whole_folder import whole_folder
from models.tfjs.alternatives import packages

_LOG = logging.getLogger(__name__)

INPUTS = 32
_VALUES = 1 << 20  # of all inputs: six pictures of 224×224 in colour
_ABOUT, _ANSWERS = "about.json", "answers.npz"
_AGAIN = "Run `digit-parity setup alternatives` again."


@dataclass(frozen=True, eq=False)
class Prepared:
    """A model's files in ``folder``. ``inputs`` are as ``tensor_files.write`` has them, for
    ``images`` of them; ``lacking`` says why there is no file of a kind.
    """

    folder: Path
    inputs: Sequence[Mapping[str, Any]]
    images: int
    lacking: Mapping[Kind, str]
    reference: Reference

    def model(self, kind: Kind) -> Path | None:
        """The file of that kind, if there is one."""
        path = self.folder / f"model.{kind}"
        return path if kind not in self.lacking and path.is_file() else None

    def why_not(self, kind: Kind) -> str:
        """Why there is no such file, in a sentence."""
        return self.lacking.get(kind) or f"Its file model.{kind} is gone. {_AGAIN}"


def names() -> list[str]:
    """The models that pages may show: they take pictures, and answer with classes."""
    found = []
    for name in store.names():
        try:
            manifest = store.manifest(name)
        except ModelError:
            continue
        if manifest.input is not None and manifest.answers != "values":
            found.append(name)
    return found


def prepare(name: str) -> str | None:
    """Make the folder of a model, unless it is whole for this version. Returns what could not be
    made, in sentences, or None. Raises OSError.
    """
    target, version = _folder(name), store.version(name)
    if _is_whole(name):
        return _reason(target)
    _LOG.info("%s: converting", name)
    with whole_folder(target) as new:
        try:
            about = _prepared(store.folder(name), store.manifest(name), new)
        except Exception as error:  # whatever a damaged model makes its library raise
            about = {"reason": _sentence(error)}
        (new / _ABOUT).write_text(json.dumps({"version": version, **about}), "utf-8")
    return _reason(target)


def find(name: str) -> Prepared:
    """What was made of a model. Raises ModelError, with the reason, where nothing was, or of
    another version.
    """
    folder = _folder(name)
    about = _about(folder)
    if not about:
        raise ModelError(f"{name} has not been converted yet. {_AGAIN}")
    if about.get("version") != store.version(name):
        raise ModelError(f"{name} was converted when it was another version. {_AGAIN}")
    if "reason" in about:
        raise ModelError(str(about["reason"]))
    try:
        return _read(folder, (folder / _ABOUT).stat().st_mtime_ns)
    except (LookupError, OSError, TypeError, ValueError, zipfile.BadZipFile) as error:
        raise ModelError(f"What was made of {name} is damaged. {_AGAIN}") from error


def _is_whole(name: str) -> bool:
    """Whether all is there for this version, but for what cannot be made."""
    try:
        found = find(name)
    except ModelError:
        return False
    return all(kind in found.lacking or found.model(kind) for kind in get_args(Kind))


def _folder(name: str) -> Path:
    return packages.folder() / "models" / name


def _about(folder: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads((folder / _ABOUT).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found


def _reason(folder: Path) -> str | None:
    about = _about(folder)
    lacking = list(about.get("lacking", {}).values())
    return about.get("reason") or (" ".join(lacking) if lacking else None)


def _prepared(folder: Path, manifest: Manifest, out: Path) -> dict[str, Any]:
    """Write all but the description, which is returned. Raises ModelError, among others."""
    safety.check_model(folder, manifest)
    samples = sample_inputs.find(manifest, folder).samples
    size = sum(int(np.prod(each.whole)) for each in manifest.takes)
    count = max(1, min(INPUTS, len(samples), _VALUES // max(1, size)))
    samples = samples.take(np.unique(np.linspace(0, len(samples) - 1, count).astype(np.int64)))
    reference = references.find(manifest, folder, samples)
    made = conversion.convert(manifest, folder, out)
    inputs = tensor_files.write(manifest.takes, samples.tensors(), out)
    arrays: dict[str, Any] = {f"answers{at}": each for at, each in enumerate(reference.answers)}
    arrays |= {f"base{at}": each for at, each in enumerate(reference.base)}
    np.savez(out / _ANSWERS, **arrays)
    return {
        "inputs": [{**each, "file": Path(each["file"]).name} for each in inputs],
        "images": len(samples),
        "lacking": {each.kind: each.reason for each in made if each.path is None},
        "reference": {
            "lane": str(reference.lane),
            "names": reference.names,
            "judges": [asdict(each) for each in reference.judges],
        },
    }


@lru_cache(maxsize=8)
def _read(folder: Path, _modified: int) -> Prepared:
    about = _about(folder)
    told = about["reference"]
    with np.load(folder / _ANSWERS, allow_pickle=False) as file:
        answers, base = (
            tuple(file[f"{kind}{at}"] for at in range(len(told["names"])))
            for kind in ("answers", "base")
        )
    judges = tuple(ByRule(**each) for each in told["judges"])
    reference = Reference(Lane.parse(told["lane"]), answers, base, judges, tuple(told["names"]))
    lacking = {kind: about["lacking"][kind] for kind in get_args(Kind) if kind in about["lacking"]}
    return Prepared(folder, about["inputs"], about["images"], lacking, reference)


def _sentence(error: Exception) -> str:
    return f"{plain_files.line(error).rstrip('.')}."
