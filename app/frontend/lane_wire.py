"""How every component sends a picture to the browser, and which formats run there."""

from __future__ import annotations

import base64

from models.digit.digit import Digit
from models.formats.manifest import Manifest
from models.lanes import CONVERTED, Backend, Format, Lane

UNKNOWN: Backend = "wasm"  # names the lanes that could not run on any backend


def wire(digit: Digit) -> str:
    """The picture's levels in base64, from which the browser computes identical pixels."""
    return base64.b64encode(digit.levels).decode("ascii")


def formats(manifest: Manifest) -> tuple[Format, ...]:
    """The formats that the browser runs: a model may have one alone."""
    return tuple(each for each in CONVERTED if each in manifest.lanes)


def lanes(manifest: Manifest, backend: str = UNKNOWN) -> tuple[Lane, ...]:
    """All lanes in a page's order: the server's, then the browser's on ``backend``."""
    in_browser = (Lane(each, f"tfjs/{backend}") for each in formats(manifest))
    return (*manifest.server_lanes, *in_browser)
