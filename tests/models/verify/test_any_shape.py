"""The gate takes what people have: other shapes, other outputs, other files than a digit's.

Each case is a model of a few weights, verified from its files alone: every lane is judged, and what
was guessed of it is right, or said to be a guess.
"""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from models.convert.intake import files
from models.convert.official import converter
from models.formats.manifest import Manifest
from models.formats.model_input import Input
from models.formats.model_output import AnswerKind
from models.formats.wanted import NOTHING, Wanted
from models.runtimes import node
from models.verify import without_adding
from models.verify.verification import Verification

RUNTIMES = ("tensorflow", *(["tfjs/wasm"] if node.SCRIPT.is_file() else ()))
BOTH = ("graph", "layers")
Make = Callable[[Any], Any]


@dataclass(frozen=True)
class Case:
    """``build`` makes the model from ``tf_keras``; ``kept`` says in which file a person has it.

    ``input`` is how a picture becomes its input, None where it takes none; ``said`` are words of
    the guesses, ``formats`` those that can be judged, and ``unable`` the lanes that cannot run it,
    with the known limit that says why.
    """

    build: Make
    kept: str = "h5"
    input: Input | None = None
    answers: AnswerKind = "probabilities"
    classes: int = 3
    said: Sequence[str] = ()
    formats: Sequence[str] = BOTH
    unable: dict[str, str] = field(default_factory=dict)
    wanted: Wanted = field(default=NOTHING)


def dense(
    shape: tuple[int | None, ...],
    *before: str,
    end: tuple[int, str | None] = (3, "softmax"),
    **settings: Any,
) -> Make:
    """An input, layers without settings by name, and a Dense layer."""

    def build(keras: Any) -> Any:
        layers = keras.layers
        start = value = layers.Input(shape, **settings)
        for name in before:
            value = (
                SCALED[name](layers)(value) if name in SCALED else getattr(layers, name)()(value)
            )
        return keras.Model(start, layers.Dense(end[0], end[1], name="out")(value))

    return build


SCALED: dict[str, Callable[[Any], Any]] = {
    "from 255": lambda layers: layers.Rescaling(1 / 255),
    "from 255 to -1": lambda layers: layers.Rescaling(1 / 127.5, offset=-1),
    "conv": lambda layers: layers.Conv2D(4, 3, activation="relu"),
    "words": lambda layers: layers.Embedding(50, 4),
    "rows": lambda layers: layers.SimpleRNN(4, unroll=True),
}


def two_inputs(keras: Any) -> Any:
    layers = keras.layers
    picture, values = layers.Input((8, 8, 1), name="picture"), layers.Input((4,), name="age")
    both = layers.Concatenate()([layers.Flatten()(picture), values])
    return keras.Model([picture, values], layers.Dense(3, "softmax")(both))


def two_outputs(keras: Any) -> Any:
    layers = keras.layers
    start = layers.Input((12, 12, 3))
    value = layers.Flatten()(start)
    kind, box = layers.Dense(3, "softmax", name="kind")(value), layers.Dense(4, name="box")(value)
    return keras.Model(start, [kind, box])


FRAMED = "Pictures are framed as MNIST frames digits"
BY_ITSELF = "as the model scales them by itself (Rescaling right behind its input)"
SEVERAL = "The pages show no classes of this model, as it has 2 outputs"
TEN = (10, "softmax")


def plain(*shape: int, **settings: Any) -> Input:
    """A picture that is not framed."""
    return Input(shape, framing="none", **settings)


CASES = {
    "rows of pixels": Case(
        dense((28, 28), "Flatten", end=TEN),
        input=Input((28, 28), layout="HW"),
        classes=10,
        said=["28 rows of 28 values are taken for a grey picture", FRAMED],
    ),
    "pixels in a row": Case(
        dense((784,), end=TEN),
        input=Input((784,), layout="flat"),
        classes=10,
        said=[
            "784 values are taken for the pixels of a picture of 28×28 in grey, row by row",
            FRAMED,
        ],
    ),
    "more classes than digits": Case(
        dense((28, 28, 1), "Flatten", end=(345, "softmax")), input=plain(28, 28, 1), classes=345
    ),
    "colours": Case(
        dense((12, 12, 3), "conv", "Flatten"),
        input=plain(12, 12, 3),
        said=["Colours are taken as red, green, blue; --order bgr"],
    ),
    "with transparency": Case(dense((12, 12, 4), "Flatten"), input=plain(12, 12, 4)),
    "channels first": Case(
        dense((3, 12, 14), "Flatten"),
        input=plain(3, 12, 14, layout="CHW"),
        said=["3×12×14 values are taken for a picture with its channels first"],
    ),
    "taller than wide": Case(dense((20, 12, 3), "Flatten"), input=plain(20, 12, 3)),
    "rows of another number": Case(
        dense((20, 12), "Flatten"),
        input=plain(20, 12, layout="HW"),
        said=["20 rows of 12 values are taken for a grey picture; --layout none"],
    ),
    "rescaled inside": Case(
        dense((12, 12, 3), "from 255", "Flatten"),
        input=plain(12, 12, 3, scale=(255.0,)),
        said=[f"Pixels are taken from 0 to 255, {BY_ITSELF}"],
    ),
    "whole numbers": Case(
        dense((12, 12, 3), "from 255 to -1", "Flatten", dtype="uint8"),
        input=plain(12, 12, 3, scale=(255.0,), dtype="uint8"),
        said=["Pixels are taken from 0 to 255, as the model takes whole numbers"],
        unable={"layers @ tfjs/wasm": "input-dtype"},
    ),
    "any size": Case(
        dense((None, None, 3), "conv", "GlobalAveragePooling2D"),
        input=plain(16, 20, 3),
        wanted=Wanted(size=(16, 20)),
    ),
    "five at once": Case(dense((12, 12, 1), "Flatten", batch_size=5), input=plain(12, 12, 1)),
    "mean and deviation": Case(
        dense((12, 12, 3), "Flatten"),
        input=plain(12, 12, 3, scale=(2.0, 4.0, 5.0), offset=(-1.0, -1.0, -2.0)),
        wanted=Wanted(mean=(0.5, 0.25, 0.4), std=(0.5, 0.25, 0.2)),
        said=["The mean and deviation are taken to be of pixels from 0 to 1, as"],
    ),
    "logits": Case(
        dense((12, 12, 3), "Flatten", end=(3, None)),
        input=plain(12, 12, 3),
        answers="logits",
        said=["The outputs are taken for logits, as no softmax or sigmoid ends the model"],
    ),
    "one sigmoid": Case(
        dense((12, 12, 3), "Flatten", end=(1, "sigmoid")),
        input=plain(12, 12, 3),
        answers="sigmoid",
        classes=2,
    ),
    "many labels": Case(
        dense((12, 12, 3), "Flatten", end=(4, "sigmoid")),
        input=plain(12, 12, 3),
        answers="sigmoid",
        classes=4,
    ),
    "a table": Case(dense((4,))),
    "a number of a table": Case(
        dense((4,), end=(1, None)),
        answers="values",
        classes=0,
        said=["no classes of this model, as its output ends in no softmax or sigmoid of classes"],
    ),
    "words": Case(dense((6,), "words", "Flatten", dtype="int32")),
    "steps in time": Case(
        dense((6, 40), "rows"), unable={"graph @ tfjs/wasm": "unrolled-rnn-graph-wasm"}
    ),
    "two inputs": Case(two_inputs),
    "two outputs": Case(
        two_outputs, input=plain(12, 12, 3), answers="values", classes=0, said=[SEVERAL]
    ),
    "a .keras": Case(dense((12, 12, 3), "Flatten"), "keras", input=plain(12, 12, 3)),
    "a SavedModel": Case(dense((12, 12, 3), "Flatten"), "saved", input=plain(12, 12, 3)),
    "exported": Case(
        dense((12, 12, 3), "Flatten"),
        "exported",
        input=plain(12, 12, 3),
        formats=("graph",),
        said=["Pixels are taken from 0 to 1, as nothing in the file says otherwise"],
    ),
    "exported, many labels": Case(
        dense((12, 12, 3), "from 255", "Flatten", end=(4, "sigmoid")),
        "exported",
        input=plain(12, 12, 3, scale=(255.0,)),
        answers="sigmoid",
        classes=4,
        formats=("graph",),
        said=["Pixels are taken from 0 to 255, as the model scales them by itself"],
    ),
    "layers alone": Case(dense((12, 12, 3), "Flatten"), "layers", input=plain(12, 12, 3)),
    "a graph alone": Case(
        dense((12, 12, 3), "conv", "Flatten"), "graph", input=plain(12, 12, 3), formats=("graph",)
    ),
    "a table's graph": Case(dense((4,)), "graph", formats=("graph",)),
    "saved by a page": Case(dense((12, 12, 3), "Flatten"), "page", input=plain(12, 12, 3)),
    "Teachable Machine": Case(
        dense((12, 12, 3), "Flatten"),
        "teachable",
        input=plain(12, 12, 3, scale=(2.0,), offset=(-1.0,), fit="cover"),
        said=[
            "Pixels are taken from −1 to 1, as Teachable Machine trains on these",
            "The classes are named by metadata.json, which lies beside the model",
        ],
    ),
}
NAMES = ["cat", "dog", "neither"]


def kept(model: Any, how: str, folder: Path) -> Path:
    """The model in the file, folder or ZIP that a person has of it."""
    path = folder / "model.h5"
    if how == "keras":
        model.save(path.with_suffix(".keras"))
        return path.with_suffix(".keras")
    if how == "saved":
        model.save(folder / "saved", save_format="tf")
        return folder / "saved"
    if how == "exported":
        model.export(str(folder / "exported"))
        return folder / "exported"
    model.save(path)
    if how == "h5":
        return path
    form = "graph" if how == "graph" else "layers"
    target = folder / how
    kinds = ["--input_format=keras", f"--output_format=tfjs_{form}_model"]
    converter.run([*kinds, str(path), str(target)])
    path.unlink()
    if how == "page":
        return saved_by_page(target)
    return zipped(target) if how == "teachable" else target


def saved_by_page(folder: Path) -> Path:
    """What ``model.save('downloads://mine')`` makes of it."""
    stored = json.loads((folder / "model.json").read_text())
    (group,) = stored["weightsManifest"]
    (shard,) = group["paths"]
    group["paths"] = ["./mine.weights.bin"]
    (folder / shard).rename(folder / "mine.weights.bin")
    (folder / "model.json").unlink()
    (folder / "mine.json").write_text(json.dumps(stored))
    return folder / "mine.json"


def zipped(folder: Path) -> Path:
    said = {"packageName": "@teachablemachine/image", "labels": NAMES, "imageSize": 12}
    (folder / "metadata.json").write_text(json.dumps(said))
    path = folder.with_suffix(".zip")
    with zipfile.ZipFile(path, "w") as archive:
        for each in folder.iterdir():
            archive.write(each, each.name)
    shutil.rmtree(folder)
    return path


def made(case: Case, folder: Path) -> Path:
    import tf_keras

    tf_keras.backend.clear_session()
    tf_keras.utils.set_random_seed(8)
    return kept(case.build(tf_keras), case.kept, folder)


def judged(case: Case, folder: Path) -> Verification:
    with files.given(made(case, folder)) as given:
        found, _ = without_adding.verify(given, case.wanted, None, runtimes=RUNTIMES)
        return found


@pytest.mark.parametrize("name", CASES)
def test_every_lane_is_judged_and_what_is_guessed_is_right_and_said(
    name: str, tmp_path: Path
) -> None:
    case = CASES[name]
    found = judged(case, tmp_path)
    lanes = {str(each.lane): each for each in found.judgements}
    asked = {f"{form} @ {runtime}" for form in case.formats for runtime in RUNTIMES}
    for lane in asked - {str(found.reference.lane)}:
        unable = case.unable.get(lane)
        kind = "cannot run" if unable else "passed"
        assert (lanes[lane].kind, lanes[lane].limit) == (kind, unable), lanes[lane].reason
    assert not found.lanes("differs") and found.exit_code == 0
    check_guesses(found.manifest, case)


def check_guesses(manifest: Manifest, case: Case) -> None:
    assert manifest.input == case.input
    assert (manifest.answers, len(manifest.classes)) == (case.answers, case.classes)
    for words in case.said:
        assert any(words in each for each in manifest.assumed), manifest.assumed
    assert manifest.input is None or case.wanted is not NOTHING or manifest.assumed
    if case.kept == "teachable":
        assert manifest.classes == tuple(NAMES)
