"""How every component sends a picture to the browser, and which lanes answer it."""

from __future__ import annotations

import base64

from models.digit.digit import Digit
from models.formats.manifest import Manifest, stored_form
from models.lanes import CONVERTED, WEIGHTS, Backend, Format, Lane, Weights

UNKNOWN: Backend = "wasm"  # names the lanes that could not run on any backend


def wire(digit: Digit) -> str:
    """The picture's levels in base64, from which the browser computes identical pixels."""
    return base64.b64encode(digit.levels).decode("ascii")


def formats(manifest: Manifest) -> tuple[Format, ...]:
    """The formats that the browser runs: a model may have one alone."""
    return tuple(each for each in CONVERTED if each in manifest.lanes)


def kinds(manifest: Manifest) -> tuple[Weights, ...]:
    """The ways in which weights are stored of which the model has all its formats."""
    known = formats(manifest)
    return tuple(
        each
        for each in WEIGHTS
        if known and all(stored_form(form, each) in manifest.lanes for form in known)
    )


def server_lanes(manifest: Manifest, weights: Weights = "float32") -> tuple[Lane, ...]:
    """The server's lanes, the reference first, which is never rounded."""
    if weights == "float32":
        return manifest.server_lanes
    rounded = (manifest.server_lane(form, weights) for form in formats(manifest))
    return (manifest.reference, *rounded)


def lanes(
    manifest: Manifest, backend: Backend | None = None, weights: Weights = "float32"
) -> tuple[Lane, ...]:
    """All lanes in a page's order: the server's, then the browser's on ``backend``."""
    runtime = f"tfjs/{backend or UNKNOWN}"
    in_browser = (Lane(form, runtime, weights) for form in formats(manifest))
    return (*server_lanes(manifest, weights), *in_browser)
