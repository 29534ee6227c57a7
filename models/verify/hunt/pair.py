"""The two lanes that are asked: each is loaded once, and both are asked at the same time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from models.errors import InputError, ModelError
from models.formats import manifest as manifests
from models.formats.manifest import Manifest
from models.formats.tensors import Tensors
from models.lanes import CONVERTED, KERAS3, LITERT, Lane
from models.runtimes import node, server_lane
from models.runtimes.keras import exact
from models.runtimes.process.node_process import NodeProcess
from models.tfjs import built

EXACT = "exact"
WASM = "tfjs/wasm"

Answer = Callable[[Tensors, bool], Tensors]
Named = Lane | str  # a lane, or EXACT


def parse(text: str) -> Named:
    """A lane as ``str`` writes it, or "exact". Raises InputError for anything else."""
    if text == EXACT:
        return EXACT
    try:
        lane = Lane.parse(text)
    except ValueError as error:
        raise InputError(f"{error} Or 'exact', the original's own formula in float64.") from error
    if lane.runtime == LITERT or (lane.in_browser and lane.runtime not in node.RUNTIMES):
        here = ", ".join((*node.RUNTIMES, "tensorflow", "keras3"))
        raise InputError(f"{lane} is not run here. Here a lane's runtime is one of: {here}.")
    if lane.runtime == KERAS3 and (lane.format != "keras" or lane.weights != "float32"):
        raise InputError(f"{lane} is none: Keras 3 runs the original alone, keras @ {KERAS3}.")
    return lane


def usual(manifest: Manifest, exact_there: bool) -> tuple[Named, Named]:
    """The lanes of a hunt unless others are named: exact, or the reference where that cannot be
    had, and what is shipped to browsers first. Raises ModelError where nothing was converted.
    """
    for form in CONVERTED:
        if manifests.stored_form(form, "float32") in manifest.lanes:
            first: Named = EXACT if exact_there else manifest.reference
            other = Lane(form, WASM if node.SCRIPT.is_file() else "tensorflow")
            if other != first:
                return first, other
    raise ModelError(
        f"Model {manifest.name!r} has no lane beside {manifest.reference}: nothing can differ."
    )


@contextmanager
def opened(folder: Path, manifest: Manifest, named: Named, twin: Any | None) -> Iterator[Answer]:
    """A lane as a function from tensors to its outputs, which are asked all together, or each
    ``alone``, as a page does; ``twin`` is the original in float64.

    Raises ModelError when it cannot be loaded; the function when it cannot answer.
    """
    if isinstance(named, str):
        if twin is None:
            raise ModelError(
                "Exact arithmetic cannot be had of this model: it has no original, or a layer of "
                f"it does not compute in float64. Compare with {manifest.reference}."
            )
        infer = exact.predictor(twin, "float64")
        yield lambda tensors, alone: infer(tensors)
    elif named.in_browser:
        if not node.SCRIPT.is_file():
            raise ModelError(f"TensorFlow.js is not bundled here. {built.remedy()}")
        with node.started() as process:
            yield partial(_in_node, folder, named, process)
    else:
        run = server_lane.load(folder, named).run
        yield lambda tensors, alone: _one_by_one(run, tensors) if alone else run(tensors)


def _in_node(
    folder: Path, lane: Lane, process: NodeProcess, tensors: Tensors, alone: bool
) -> Tensors:
    run = node.predict(folder, [lane], tensors, batch=1 if alone else None, process=process)[lane]
    if run.error is not None:
        hint = "`verify` says which lanes run; --lanes takes two of them."
        raise ModelError(f"{lane} cannot answer: {run.error.rstrip('.')}. {hint}")
    return run.outputs


def _one_by_one(run: Callable[[Tensors], Tensors], tensors: Tensors) -> Tensors:
    rows = [run(tuple(each[at : at + 1] for each in tensors)) for at in range(len(tensors[0]))]
    return tuple(np.concatenate(each) for each in zip(*rows, strict=True))


def asked(lanes: Sequence[Answer], tensors: Tensors, alone: bool = False) -> list[Tensors]:
    """What both lanes give, at the same time. Raises ModelError where one cannot answer."""
    with ThreadPoolExecutor(len(lanes)) as threads:
        waiting = [threads.submit(lane, tensors, alone) for lane in lanes]
        return [each.result() for each in waiting]
