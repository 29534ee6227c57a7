"""Converts an original to a .tflite, by TensorFlow's own converter, and to an .onnx, by tf2onnx.

Both are made for one input at a time, as a page gives it: LiteRT.js refuses a model whose batch is
left free. Inputs and outputs are named by their places, so that no runtime changes their order.
"""

from __future__ import annotations

import importlib
import logging
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np

from models.dataset.reading import os_limits
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
_WITHOUT = re.compile(r"'(?:tf\.)?(\w+)' op is neither")  # what the LiteRT converter says
_REASON = 200  # characters of what a converter says
_MEMORY, _TIMES = 4 << 30, 16  # bytes that a conversion may take, and how often the original's
_MOST = 1 << 30  # bytes of a file that a page could load


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
        _model, function = _of_one(manifest, folder)  # which does not keep its weights alive
    except ModelError as error:
        return tuple(Made(kind, reason=str(error)) for kind in kinds)
    memory = _MEMORY + _TIMES * manifest.size(manifest.reference.format)
    return tuple(_made(kind, function, out / f"model.{kind}", memory) for kind in kinds)


def _made(kind: Kind, function: Any, path: Path, memory: int) -> Made:
    _LOG.info("%s: converting", CONVERTERS[kind])
    convert = {"tflite": _tflite, "onnx": _onnx}[kind]
    try:
        # One that gets nowhere, or ends the process, is not tried again.
        with trials.trial(f"conversion to {kind}"), os_limits.held_memory(memory):
            content = convert(function)
    except ModelError as error:  # it is not installed, or ended the process before
        return Made(kind, reason=str(error))
    except MemoryError:
        why = f"it takes more than {memory >> 20:,} MB of memory."
        return Made(kind, reason=f"{CONVERTERS[kind]} cannot make it: {why}")
    except Exception as error:  # both converters raise many kinds
        return Made(kind, reason=f"{CONVERTERS[kind]} cannot make it: {_why(error)}")
    if len(content) > _MOST:
        why = f"{len(content) >> 20:,} MB, which no page loads."
        return Made(kind, reason=f"{CONVERTERS[kind]} makes a file of {why}")
    path.write_bytes(content)
    return Made(kind, path)


def _of_one(manifest: Manifest, folder: Path) -> tuple[Any, Any]:
    """The original, and a concrete function of TensorFlow that it is on one input.

    Raises ModelError where it has no layers, or takes more inputs at once.
    """
    if fixed := next((each.batch for each in manifest.takes if each.batch not in (None, 1)), None):
        raise ModelError(f"It takes {fixed} inputs at once, and a page gives one.")
    if manifest.exported or manifest.reference.format == "graph":
        raise ModelError("It is a graph, and has no layers to convert.")
    model, _ = exact.reference_model(manifest, folder)
    import tensorflow as tf

    specs = [_specification(number, each) for number, each in enumerate(manifest.takes)]
    eagerly = tf.config.functions_run_eagerly()
    # Functions within it, as Keras has for groups of a convolution, become part of it: tf2onnx
    # leaves calls as they are.
    tf.config.run_functions_eagerly(True)
    try:
        call = tf.function(partial(_call, model), input_signature=specs)
        return model, call.get_concrete_function()
    except Exception as error:  # Keras and TensorFlow raise many kinds
        last = str(error).strip().rpartition("\n")[2]  # after the lines of code that led there
        raise ModelError(f"It cannot be called with one input: {last.strip()}") from error
    finally:
        tf.config.run_functions_eagerly(eagerly)


def _call(model: Any, *given: Any) -> dict[str, Any]:
    """All outputs by their places. Answers are compared as float32, whatever a layer gives."""
    import tensorflow as tf

    outputs = calling.outputs(model, given)
    return {_output(at): tf.cast(each, tf.float32) for at, each in enumerate(outputs)}


def _output(at: int) -> str:
    return f"output_{at:02}"


def _specification(number: int, taken: Tensor) -> Any:
    import tensorflow as tf

    return tf.TensorSpec((1, *taken.whole), taken.dtype, name=f"input_{number:02}")


def _tflite(function: Any) -> bytes:
    import tensorflow as tf

    weights = tf.Module()  # those of a model of Keras 3 are not found by the model
    weights.held = list(function.graph.variables)
    converter = tf.lite.TFLiteConverter.from_concrete_functions([function], weights)
    content: bytes = converter.convert()
    return content


def _onnx(function: Any) -> bytes:
    convert: Callable[..., Any] = packages.tf2onnx().convert.from_graph_def
    from tensorflow.python.framework import convert_to_constants

    # With its numbers in it: of a function, tf2onnx would take these for inputs.
    frozen = convert_to_constants.convert_variables_to_constants_v2(
        function, lower_control_flow=False, aggressive_inlining=True
    )
    taken = {each.name: each.name.partition(":")[0] for each in frozen.inputs}
    given = {each.name: _output(at) for at, each in enumerate(frozen.outputs)}
    proto, _ = convert(
        frozen.graph.as_graph_def(add_shapes=True),
        input_names=list(taken),
        output_names=list(given),
        tensors_to_rename=taken | given,
        opset=OPSET,
        custom_op_handlers={"Erfc": (_erfc, [])},
    )
    if lacking := unknown(proto):
        raise ModelError(f"{CONVERTERS['onnx']} cannot make it: {_no_operation(lacking)}")
    content: bytes = proto.SerializeToString()
    return content


def _erfc(graph: Any, node: Any, name: str, _arguments: Any) -> None:
    """Write TensorFlow's ``Erfc``, which GELU has, as ``1 - Erf``: ONNX has no other."""
    (out,) = node.output
    kind = {"dtypes": [graph.get_dtype(out)], "shapes": [graph.get_shape(out)]}
    graph.remove_node(name)
    erf = graph.make_node("Erf", node.input, **kind)
    one = graph.make_const(f"{name}_one", np.ones((), np.float32))
    graph.make_node("Sub", [one.output[0], erf.output[0]], name=name, outputs=[out], **kind)


def unknown(proto: Any) -> set[str]:
    """The operations of a model that ONNX does not have: what tf2onnx cannot make, it keeps."""
    onnx: Any = importlib.import_module("onnx")  # which came with tf2onnx
    found, graphs = set[str](), [proto.graph]
    for graph in graphs:  # which grows
        for node in graph.node:
            if not onnx.defs.has(node.op_type, domain=node.domain):
                found.add(node.op_type)
            graphs += [each.g for each in node.attribute if each.HasField("g")]
    return found


def _why(error: Exception) -> str:
    """What a converter says, as the end of a sentence: the operations that it lacks, if it is
    these, else the beginning.
    """
    if lacking := set(_WITHOUT.findall(str(error))):
        return _no_operation(lacking, " on float16" if "xf16>" in str(error) else "")
    line = plain_files.line(error).rstrip(".")
    return f"{line}." if len(line) <= _REASON else f"{line[:_REASON]} …"


def _no_operation(lacking: set[str], kind: str = "") -> str:
    return f"it has no operation {', '.join(sorted(lacking))}{kind}."
