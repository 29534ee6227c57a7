"""The converter's own reader, writer and loader: what ours have to agree with."""

from models.convert.official import converter

converter.load()  # makes the next lines possible where JAX and decision forests are not installed

from tensorflowjs import read_weights, write_weights  # noqa: E402
from tensorflowjs.converters.keras_h5_conversion import save_keras_model  # noqa: E402
from tensorflowjs.converters.keras_tfjs_loader import load_keras_model  # noqa: E402

__all__ = ["load_keras_model", "read_weights", "save_keras_model", "write_weights"]
