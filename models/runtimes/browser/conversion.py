"""Converts an original to a .tflite, by TensorFlow's own converter, and to an .onnx, by tf2onnx.

Both are made for one input at a time, as a page gives it: LiteRT.js refuses a model whose batch is
left free. Inputs and outputs are named by their places, so that no runtime changes their order.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal, get_args

from models.errors import ModelError
from models.formats.manifest import Manifest
from models.formats.tensors import Tensor
from models.runtimes.keras import calling, exact
from models.runtimes.process import trials
from models.storage import plain_files
from models.tfjs.alternatives import packages

_LOG = logging.getLogger(__name__)

Kind = Literal["tflite", "onnx"]
KINDS: tuple[Kind, ...] = get_args(Kind)
CONVERTERS: dict[Kind, str] = {"tflite": "The LiteRT converter", "onnx": "tf2onnx"}
OPSET = 18  # of ONNX: the newest that tf2onnx 1.17 writes
_WITHOUT = re.compile(r"'(?:tf\.)?(\w+)' op is neither|Tensorflow op \[[^:\]]*: (\w+)\] is not")
_REASON = 200  # characters of what a converter says


@dataclass(frozen=True)
class Made:
    """A file that was made of the original, or the sentence that says why there is none."""

    kind: Kind
    path: Path | None = None
    reason: str | None = None


def convert(
    manifest: Manifest, folder: Path, out: Path, kinds: Sequence[Kind] = KINDS
) -> tuple[Made, ...]:
    """Write ``model.tflite`` and ``model.onnx``, of the original in ``folder``, to ``out``.

    The files have to be looked at before (``formats.safety``). What a converter cannot make has its
    reason, and the other goes on.
    """
    try:
        function = _of_one(manifest, folder)
    except ModelError as error:
        return tuple(Made(kind, reason=str(error)) for kind in kinds)
    return tuple(_made(kind, function, out / f"model.{kind}") for kind in kinds)


@dataclass(frozen=True)
class _Function:
    """A model as a function of TensorFlow on one input, and what it takes."""

    model: Any
    call: Any
    specs: Sequence[Any]


def _made(kind: Kind, function: _Function, path: Path) -> Made:
    _LOG.info("%s: converting", CONVERTERS[kind])
    convert = {"tflite": _tflite, "onnx": _onnx}[kind]
    try:
        with trials.trial(f"conversion to {kind}"):
            path.write_bytes(convert(function))
    except ModelError as error:  # it is not installed, or ended the process before
        return Made(kind, reason=str(error))
    except Exception as error:  # both converters raise many kinds
        return Made(kind, reason=f"{CONVERTERS[kind]} cannot make it: {_why(error)}")
    return Made(kind, path)


def _of_one(manifest: Manifest, folder: Path) -> _Function:
    """Raises ModelError where there is no Keras model, or it takes several inputs at once."""
    if fixed := next((each.batch for each in manifest.takes if each.batch not in (None, 1)), None):
        raise ModelError(f"It takes {fixed} inputs at once, and a page gives one.")
    model, _ = exact.reference_model(manifest, folder)
    import tensorflow as tf

    specs = [_specification(number, each) for number, each in enumerate(manifest.takes)]
    return _Function(model, tf.function(partial(_call, model), input_signature=specs), specs)


def _call(model: Any, *given: Any) -> dict[str, Any]:
    """All outputs by their places. Answers are compared as float32, whatever a layer gives."""
    import tensorflow as tf

    outputs = calling.outputs(model, given)
    return {f"output_{at:02}": tf.cast(each, tf.float32) for at, each in enumerate(outputs)}


def _specification(number: int, taken: Tensor) -> Any:
    import tensorflow as tf

    return tf.TensorSpec((1, *taken.whole), taken.dtype, name=f"input_{number:02}")


def _tflite(function: _Function) -> bytes:
    import tensorflow as tf

    concrete = function.call.get_concrete_function()
    converter = tf.lite.TFLiteConverter.from_concrete_functions([concrete], function.model)
    content: bytes = converter.convert()
    return content


def _onnx(function: _Function) -> bytes:
    convert: Callable[..., Any] = packages.tf2onnx().convert.from_function
    proto, _ = convert(function.call, input_signature=function.specs, opset=OPSET)
    content: bytes = proto.SerializeToString()
    return content


def _why(error: Exception) -> str:
    """What a converter says, as the end of a sentence: the operations that it lacks, if it is
    these, else the beginning.
    """
    lacking = sorted({one or other for one, other in _WITHOUT.findall(str(error))})
    if lacking:
        return f"it has no operation {', '.join(lacking)}."
    line = plain_files.line(error).rstrip(".")
    return f"{line}." if len(line) <= _REASON else f"{line[:_REASON]} …"
