"""In place of TensorFlow Hub, which the converter imports and a Keras file never uses."""

from typing import Never


def __getattr__(name: str) -> Never:
    raise AttributeError(
        f"tensorflow_hub.{name} is missing: TensorFlow Hub is not installed, "
        "so that none of its modules can be converted here."
    )
