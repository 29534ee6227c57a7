"""The table's rows about the number formats that layers compute in."""

from __future__ import annotations

from typing import Any

from models.formats.architecture.description import Layer
from models.parity.known_limits.conditions import layer
from models.parity.known_limits.limit import TFJS, Limit


def _policy(each: Layer) -> Any:
    """The name of a layer's dtype or policy, which Keras stores in three ways."""
    stored = each.config.get("dtype")
    if isinstance(stored, dict):
        config = stored.get("config")
        return config.get("name") if isinstance(config, dict) else None
    return stored


_NOT_THERE = (
    *("float64", "float16", "bfloat16", "int8", "int16", "int64"),
    *("uint8", "uint16", "uint32", "uint64"),
)

ROWS = (
    Limit(
        name="input-dtype",
        what="an input of another type than float32, int32 and bool, such as uint8, int64 or "
        "float16",
        formats=("layers",),
        effect="refuses",
        happens="TensorFlow.js has no such numbers, and refuses the float32 or int32 that it is "
        "given.",
        way_out="Ship the graph model, which takes them, or save the model with a float32 input.",
        reference=TFJS + "tfjs-core/src/types.ts",
        says="can not be cast to the dtype",
        when=layer("InputLayer", where=lambda each: _policy(each) in _NOT_THERE),
    ),
    Limit(
        name="low-precision",
        what="layers that compute in float16 or bfloat16, such as the policy mixed_float16",
        formats=("graph", "layers"),
        effect="another formula",
        happens="TensorFlow.js computes in float32: the answers differ by about 1e-3, and are "
        "closer to exact arithmetic than the original's.",
        way_out="Save the model in float32: that is what TensorFlow.js can agree with.",
        reference=TFJS + "tfjs-core/src/types.ts",
        when=layer(
            where=lambda each: (
                each.kind != "InputLayer"
                and _policy(each) in ("float16", "mixed_float16", "mixed_bfloat16")
            )
        ),
    ),
    Limit(
        name="bfloat16-graph",
        what="layers that compute in bfloat16",
        formats=("graph",),
        effect="not converted",
        happens="The converter cannot store weights of bfloat16.",
        way_out="Save the model in float32.",
        reference=TFJS + "tfjs-converter/python/tensorflowjs/write_weights.py",
        says="dtype bfloat16 not supported",
        when=layer(where=lambda each: _policy(each) in ("bfloat16", "mixed_bfloat16")),
    ),
)
