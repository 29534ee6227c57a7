"""Planted faults, each alone, and what finds them

A fault is planted in the Keras model, which is then converted by the official converter; the
conversion is judged beside the healthy original, on the digits that `verify` takes unless told
otherwise and on tfjs/wasm. A weight is the one of median magnitude in its kernel. "Times" is a
lane's distance from exact in multiples of Keras's own: 30 or below may be rounding. Answers or
numbers is what spoke: where the answers alone would have passed, the numbers in the files did.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from models.bisect.bisection import bisect
from models.convert.runs import Conversion, run_loadable
from models.dataset import default_digits
from models.dataset.samples import Samples, of_pictures
from models.errors import ModelError
from models.formats import manifest as manifests
from models.formats.anatomy.numbers import Numbers
from models.formats.manifest import Manifest
from models.formats.store import SHIPPED
from models.lanes import CONVERTED, TENSORFLOW, Format, Lane
from models.parity import file_numbers
from models.parity.figures import short
from models.parity.judgement import Judgement
from models.runtimes import activations, ask, references
from models.runtimes.activations import Tracer
from models.runtimes.ask import Answered
from models.runtimes.keras import keras2
from models.runtimes.process.log_filter import quiet
from models.runtimes.references import Reference
from models.verify import numbers
from tests.proof import training
from tests.proof.given import Given
from tests.proof.planted import Fault, faults
from tests.proof.tolerances import FIXED

NETWORKS = ("dense", "normalised, stride 2")
WASM = "tfjs/wasm"
FEW = 10  # digits that bisect takes
ORIGINAL, FAULTY = "original.h5", "faulty.h5"


@dataclass(frozen=True, eq=False)
class Healthy:
    """What the healthy original answers, and what its layers give for a ``few`` digits."""

    reference: Reference
    few: Samples
    tracer: Tracer


@dataclass(frozen=True)
class Found:
    """What was found of a fault in one format. ``passes`` names fixed tolerances that it passes."""

    judged: Judgement
    times: float
    spoke: str
    by_bisect: str
    by_numbers: str
    passes: tuple[str, ...]


def prove(given: Given) -> Iterator[str]:
    """A row for each fault and format. Raises AssertionError where one is not found."""
    data = given.need_data()
    quiet()
    missed: list[str] = []
    with given.place() as keep, tempfile.TemporaryDirectory() as temporary:
        healthy = {name: training.folder(name, data, keep) for name in NETWORKS}
        healthy["the model that ships"] = SHIPPED
        for name, folder in healthy.items():
            yield from _of_model(name, folder, Path(temporary).resolve(), missed)
    assert not missed, missed


def _of_model(name: str, folder: Path, place: Path, missed: list[str]) -> Iterator[str]:
    manifest = manifests.read(folder)
    digits = of_pictures(default_digits.digits(), manifest.pictures())
    reference = references.find(manifest, folder, digits)
    few = digits.take(np.arange(FEW))
    healthy = Healthy(reference, few, activations.load(folder, "keras"))
    own = reference.own or 0.0
    yield f"## {name[0].upper()}{name[1:]}"
    yield ""
    yield f"{len(digits):,} digits; Keras itself is {short(own)} from exact."
    yield ""
    yield "| fault | layer | format | times | spoke | named by bisect | named by the numbers |"
    yield "| --- | --- | --- | ---: | --- | --- | --- |"
    counts: Counter[str] = Counter()
    lax: Counter[str] = Counter()
    path = folder / manifest.path("keras")
    for fault in faults(keras2.read(path)):
        made = planted(fault, path, manifest, place)
        for found in find(fault, made, digits, healthy):
            form = found.judged.lane.format
            row = f"{fault.name} | {fault.layer} | {form} | {found.times:.3g} | {found.spoke}"
            yield f"| {row} | {found.by_bisect} | {found.by_numbers} |"
            counts["planted"] += 1
            counts[found.spoke] += 1
            counts["bisect"] += found.by_bisect.startswith("**")
            counts["named"] += found.by_numbers.startswith("**")
            lax.update(found.passes)
            if found.judged.kind != "differs" or (not fault.small and found.spoke == "nothing"):
                missed.append(f"{name}, {fault.name} of {fault.layer}, {form}: {found.judged.kind}")
    yield ""
    yield (
        f"{counts['planted']} planted: {counts['answers']} found by the answers, "
        f"{counts['numbers']} by the numbers alone, {counts['nothing']} not. The right layer, "
        f"in bold, was named by bisect {counts['bisect']} times, by the numbers {counts['named']}."
    )
    listed = ", ".join(f"{name}: {lax[name]}" for name in FIXED)
    yield f"Of these pass by fixed tolerances on the same answers: {listed}."
    yield ""


def planted(fault: Fault, original: Path, manifest: Manifest, place: Path) -> Path:
    """A folder with the healthy original and both formats of the faulty model."""
    folder = Path(tempfile.mkdtemp(dir=place))
    (folder / ORIGINAL).write_bytes(original.read_bytes())
    fault.plant(keras2.read(original)).save(folder / FAULTY)
    lanes = {"keras": ORIGINAL}
    for form in CONVERTED:
        conversion = Conversion(form, fault.stored)
        run_loadable(conversion, folder / FAULTY, folder)
        lanes[form] = f"{conversion.folder}/model.json"
    classes, given = manifest.classes, manifest.input
    manifests.write(Manifest("faulty", "Faulty", classes, lanes, {}, given), folder)
    return folder


def find(fault: Fault, folder: Path, digits: Samples, healthy: Healthy) -> list[Found]:
    """Judge both formats as `verify` does, and ask `bisect` for the layer."""
    lanes = [Lane(form, WASM) for form in CONVERTED]
    held = numbers.find(manifests.read(folder), folder)
    answered = ask.ask(digits, lanes, folder)
    return [_found(fault, folder, each, held, healthy) for each in answered]


def _found(
    fault: Fault, folder: Path, answered: Answered, held: Sequence[Numbers], healthy: Healthy
) -> Found:
    reference, form = healthy.reference, answered.lane.format
    assert answered.error is None, answered.error
    answers = reference.judged(answered.lane, answered.outputs)
    judged = file_numbers.judged(answers, held, reference.own)
    return Found(
        judged,
        (judged.distance or 0.0) / (reference.own or 1.0),
        judged.by if judged.kind == "differs" else "nothing",
        _by_bisect(fault, form, folder, healthy),
        _by_numbers(fault, next(each for each in held if each.form == form)),
        tuple(
            name
            for name, passes in FIXED.items()
            if passes(reference.answers[0], answered.outputs[0])
        ),
    )


def _by_bisect(fault: Fault, form: Format, folder: Path, healthy: Healthy) -> str:
    """The layer that bisect names, and those that one operation computes with it."""
    try:
        lane = Lane(form, TENSORFLOW)
        result = bisect(folder, lane, healthy.few, reference=healthy.tracer)
    except ModelError as error:
        return f"not compared: {error}"
    if result.first is None:
        return "–"
    names = result.together or (result.first.layer,)
    text = ", ".join(names)
    return f"**{text}**" if fault.layer in _layers(names) else text


def _by_numbers(fault: Fault, found: Numbers) -> str:
    arrays = dict.fromkeys(name for each in found.different for name in each.weights)
    names = [*(each.partition(":")[0].rpartition(" of ")[2] for each in found.settings), *arrays]
    layers = list(dict.fromkeys(name.partition("/")[0] for name in names))
    if not layers:
        return "–"
    text = ", ".join(layers[:3]) + (", …" if len(layers) > 3 else "")
    return f"**{text}**" if fault.layer in layers else text


def _layers(names: Any) -> set[str]:
    """Names of layers, also of the steps that a layer is taken apart into."""
    return {name.partition(" before ")[0] for name in names}
