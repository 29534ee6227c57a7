"""In place of TensorFlow Decision Forests, which the converter imports and a Keras file never uses.

The converter imports this before its own module for JAX, which cannot be imported without jax. An
empty module named jax would not do: Keras would take JAX for installed. So where there is no jax,
the converter finds this in place of its own module.
"""

import importlib.util
import sys
import types
from typing import Never


def _convert_jax(*_arguments: object, **_options: object) -> Never:
    raise ImportError("JAX is not installed, so no JAX function can be converted here.")


if importlib.util.find_spec("jax") is None:
    _module = types.ModuleType("tensorflowjs.converters.jax_conversion")
    vars(_module)["convert_jax"] = _convert_jax
    sys.modules.setdefault(_module.__name__, _module)
