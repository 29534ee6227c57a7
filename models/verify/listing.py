"""Which lanes of a model are judged, and which need no try."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from models.errors import ModelError
from models.formats import manifest as manifests
from models.formats.manifest import Manifest
from models.lanes import CONVERTED, TENSORFLOW, WEIGHTS, Lane, Weights
from models.parity import judgement
from models.parity.advice import recommendation
from models.parity.judgement import Judgement
from models.runtimes import node
from models.tfjs import built

RUNTIMES = (TENSORFLOW, *node.RUNTIMES)


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
        for runtime in sorted(set(runtimes), key=RUNTIMES.index)
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
