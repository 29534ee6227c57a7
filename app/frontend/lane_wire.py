"""How every component sends a digit to the browser, and names a lane that did not run."""

from __future__ import annotations

import base64

from models.digit.digit import Digit
from models.lanes import Backend

UNKNOWN: Backend = "wasm"  # names the lanes that could not run on any backend


def wire(digit: Digit) -> str:
    """The digit's 784 levels in base64, from which the browser computes identical pixels."""
    return base64.b64encode(digit.levels).decode("ascii")
