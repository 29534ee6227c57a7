"""What travels between a page and TensorFlow.js in its browser, the same for every component."""

from __future__ import annotations

import base64

from models.digit.digit import Digit
from models.lanes import Backend

UNKNOWN: Backend = "wasm"  # lanes that could not run at all are named after it


def wire(digit: Digit) -> str:
    """The digit's 784 levels in base64: the browser's pixels are the server's, bit for bit."""
    return base64.b64encode(digit.levels).decode("ascii")
