"""The lanes of TensorFlow.js in a browser, with the bundle that pages import."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from models.errors import ModelError
from models.formats import manifest as manifests
from models.formats import tensor_files
from models.formats.architecture import stored
from models.formats.manifest import Manifest
from models.formats.tensors import Tensors
from models.formats.weights_manifest import groups
from models.lanes import Lane
from models.runtimes import node
from models.runtimes.browser import answers
from models.runtimes.browser.answers import BrowserRun
from models.runtimes.browser.message import Message
from models.runtimes.browser.program import Program
from models.runtimes.browser.visit import visit
from models.tfjs import built

_LOG = logging.getLogger(__name__)

_FLAGS = {"f16": {"WEBGL_FORCE_F16_TEXTURES": True}, "unpacked": {"WEBGL_PACK": False}}
_CORES = {"4threads": 8}  # that a page sees where it computes on four threads
_SHARE = 1.0  # of plain JavaScript's time: WebGL that is drawn in software is as slow
_SILENT = 900.0  # seconds, after which any browser is given up
ENGINE = "tfjs.js"


def predict(
    folder: Path,
    lanes: Iterable[Lane],
    tensors: Tensors,
    program: Program,
    *,
    repeats: int = 0,
    batch: int | None = None,
    predictions: int = answers.PREDICTIONS,
    timeout: float | None = None,
) -> dict[Lane, BrowserRun]:
    """What lanes of the model in ``folder`` give for ``tensors`` in a browser, as ``node.predict``.

    Each lane has a browser of its own: one that ends takes none along. Its first ``predictions``
    are of one input each. A browser that says nothing for ``timeout`` seconds is ended, by default
    after more than a batch takes. Raises ModelError without the bundle or a readable manifest,
    InputError for tensors of another shape.
    """
    manifest = manifests.read(folder)
    check(manifest, tensors)
    with tempfile.TemporaryDirectory(prefix="digit-parity-") as temporary:
        inputs = tensor_files.write(manifest.takes, tensors, Path(temporary))
        able = node.most_at_once(tensors)
        size, together = batch or able, min(answers.TOGETHER, able)
        job = {
            "images": len(tensors[0]),
            "batch": size,
            "repeats": repeats,
            "predictions": predictions,
            "together": together,
        }
        found = {}
        for lane in dict.fromkeys(lanes):
            try:
                files, told = lane_job(folder, manifest, lane)
            except ModelError as error:
                found[lane] = BrowserRun(lane, error=str(error))
                continue
            one = node.seconds(manifest, lane, tensors, _SHARE)
            most = min(max(size, together) * one, _SILENT)
            messages = visit(
                program,
                files | files_of(inputs),
                job | {"inputs": named(inputs), "lanes": [told]},
                seconds=node.STARTING + most if timeout is None else timeout,
                query=query(lane),
            )
            (found[lane],) = answers.collect(_followed(lane, messages), [lane], len(tensors[0]))
        return found


def _followed(lane: Lane, messages: Iterable[Message]) -> Iterator[Message]:
    """The same messages, each noted as a step."""
    for number, message in enumerate(messages, 1):
        _LOG.info("%s: %s of the page's messages", lane, f"{number:,}")
        yield message


def check(manifest: Manifest, tensors: Tensors) -> None:
    """Raise ModelError without the bundle, InputError for tensors that the model does not take."""
    if built.about() is None:
        raise ModelError(f"{built.DIST} has no bundle of TensorFlow.js. {built.remedy()}")
    tensor_files.check(manifest.takes, tensors)


def flags(lane: Lane) -> dict[str, bool]:
    """What is set of TensorFlow.js before anything of it runs, by its own names."""
    return _FLAGS.get(lane.setting, {})


def query(lane: Lane) -> str:
    """The end of the page's address that sets TensorFlow.js as the lane says."""
    listed = ",".join(f"{name}:{str(value).lower()}" for name, value in flags(lane).items())
    return f"tfjsflags={listed}" if listed else ""


def lane_job(
    folder: Path, manifest: Manifest, lane: Lane
) -> tuple[dict[str, Path | bytes], dict[str, Any]]:
    """The files that a lane's page asks for, and what it is told of the lane. Raises ModelError,
    with the reason, when TensorFlow.js reads no such file, or may not load it.
    """
    about = built.about()
    assert about is not None
    path, told = node.described(folder, manifest, lane)
    files: dict[str, Path | bytes] = {
        f"tfjs/{each.name}": each
        for each in built.DIST.iterdir()
        if each.suffix in (".js", ".wasm")
    }
    listed = (stored.of_json(path).whole or {}).get("weightsManifest", [])
    of_model = [path, *(file for group in groups(listed, path.parent) for file in group.files)]
    files |= {f"model/{each.relative_to(path.parent).as_posix()}": each for each in of_model}
    return files, {
        **told,
        "engine": ENGINE,
        "entry": f"tfjs/{about['entry']}",
        "model": f"model/{path.name}",
        "threads": lane.setting != "1thread",
        "cores": _CORES.get(lane.setting),
    }


def files_of(inputs: list[dict[str, Any]]) -> dict[str, Path | bytes]:
    """The files of the inputs, by the names that the page asks for."""
    return {Path(each["file"]).name: Path(each["file"]) for each in inputs}


def named(inputs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The inputs, by the names that the page asks for."""
    return [each | {"file": Path(each["file"]).name} for each in inputs]
