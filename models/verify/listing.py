"""Which lanes of a model are judged, and which need no try."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from models.errors import ModelError
from models.formats import manifest as manifests
from models.formats.manifest import Manifest
from models.lanes import CONVERTED, TENSORFLOW, TFJS_RUNTIMES, WEIGHTS, Lane, Weights
from models.parity import judgement
from models.parity.advice import recommendation
from models.parity.judgement import Judgement
from models.runtimes import node
from models.tfjs import built

if TYPE_CHECKING:
    from models.runtimes.browser.program import Program

RUNTIMES = (TENSORFLOW, *node.RUNTIMES)
# What only a browser runs, and what it is asked for unless a person says.
OF_BROWSERS = tuple(each for each in TFJS_RUNTIMES if each not in node.RUNTIMES)
IN_BROWSER = (TENSORFLOW, "tfjs/wasm", "tfjs/webgl", "tfjs/webgpu")
ALL_RUNTIMES = (*RUNTIMES, *OF_BROWSERS)


def asked(runtimes: Sequence[str], browser: str | None) -> Sequence[str]:
    """The runtimes that a person named, or those that are asked unless they do."""
    return runtimes or (RUNTIMES if browser is None else IN_BROWSER)


def browser_for(runtimes: Sequence[str], wanted: str | None) -> Program | None:
    """The browser that runs TensorFlow.js: what is ``wanted``, or Chromium where only browsers have
    one of ``runtimes``; None for Node. Raises ModelError where it is not here.
    """
    if wanted is None and not set(OF_BROWSERS).intersection(runtimes):
        return None
    from models.runtimes.browser import program

    return program.find(wanted or "chromium")


def lanes(
    manifest: Manifest,
    runtimes: Sequence[str],
    judged: Sequence[Weights],
    unmade: Mapping[str, str],
) -> list[Lane | Judgement]:
    """The stored formats on every runtime, judged ones first; those that need no try are judged.

    Raises ModelError where there is none beside the reference.
    """
    lanes = (
        Lane(form, runtime, weights)
        for weights in sorted(WEIGHTS, key=lambda each: each not in judged)
        for runtime in sorted(set(runtimes), key=ALL_RUNTIMES.index)
        for form in CONVERTED
        if weights in judged or runtime == TENSORFLOW
    )
    listed = (_listed(lane, manifest, judged, unmade) for lane in lanes)
    if found := [each for each in listed if each is not None]:
        return found
    raise ModelError(
        f"Model {manifest.name!r} has no lane beside {manifest.reference} on "
        f"{' or '.join(runtimes)}: there is nothing to compare."
    )


def _listed(
    lane: Lane, manifest: Manifest, judged: Sequence[Weights], unmade: Mapping[str, str]
) -> Lane | Judgement | None:
    stored = manifests.stored_form(lane.format, lane.weights)
    if stored in unmade:
        return judgement.cannot_run(lane, f"{recommendation.UNMADE}{unmade[stored]}")
    if stored not in manifest.lanes or lane == manifest.reference:
        return None
    if lane.weights not in judged:
        way = f"--judge {lane.weights}"
        return judgement.not_tried(lane, f"Its weights are rounded on purpose; {way} judges it.")
    if lane.in_browser and not node.SCRIPT.is_file():
        return judgement.not_tried(lane, f"TensorFlow.js is not bundled here. {built.remedy()}")
    return lane
