"""What the gate refuses, it refuses with a way out; here each is taken, to its end."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tf_keras
from PIL import Image
from tf_keras import layers

from models.convert.official import converter
from models.verify import command as verify

RUNTIME = ["--runtime", "tensorflow"]
Arguments = list[str]


@pytest.fixture
def here(tmp_path, monkeypatch):
    """The current directory."""
    monkeypatch.chdir(tmp_path)
    tf_keras.backend.clear_session()
    tf_keras.utils.set_random_seed(3)
    return tmp_path


def saved(model: Any) -> str:
    model.save("model.h5")
    return "model.h5"


def chain(first: Any, *steps: Any, end: int = 3) -> Any:
    return tf_keras.Sequential([first, *steps, layers.Dense(end, "softmax")])


def picture(*shape: int, end: int = 3) -> Any:
    return chain(layers.Input(shape), layers.Flatten(), end=end)


def ragged() -> tuple[Arguments, Arguments]:
    table = layers.Embedding(20, 4)
    start = layers.Input((None,), ragged=True, name="words", dtype="int32")
    tf_keras.Sequential([start, table]).save("uneven.h5")
    dense = layers.Input((6,), name="words", dtype="int32")
    embedded = layers.Embedding(20, 4)
    model = tf_keras.Sequential([dense, embedded])
    embedded.set_weights(table.get_weights())
    return ["uneven.h5"], [saved(model)]


def of_texts() -> tuple[Arguments, Arguments]:
    text = layers.Input((1,), dtype="string", name="text")
    numbers = layers.StringLookup(vocabulary=["a", "b"], name="numbers")(text)
    outputs = layers.Dense(3, "softmax")(layers.Flatten()(layers.Embedding(4, 3)(numbers)))
    whole = tf_keras.Model(text, outputs)
    whole.save("texts", save_format="tf")
    begin = layers.Input((1,), dtype="int64")
    value = begin
    for each in whole.layers[2:]:
        value = each(value)
    return ["texts"], [saved(tf_keras.Model(begin, value))]


def unbuilt() -> tuple[Arguments, Arguments]:
    import keras

    steps = [keras.layers.Flatten(), keras.layers.Dense(3, activation="softmax")]
    model = keras.Sequential(steps)
    model.save("unbuilt.keras")
    model.build((None, 8, 8, 3))
    model.save("built.keras")
    return ["unbuilt.keras"], ["built.keras"]


def too_few_names() -> tuple[Arguments, Arguments]:
    path = saved(picture(8, 8, 3))
    return [path, "--classes", "cat,dog"], [path, "--classes", "cat,dog,neither"]


def another_size() -> tuple[Arguments, Arguments]:
    path = saved(picture(8, 8, 3))
    return [path, "--size", "16x16"], [path]


def framed_in_colour() -> tuple[Arguments, Arguments]:
    path = saved(picture(8, 8, 3))
    return [path, "--framing", "mnist"], [path, "--framing", "none"]


def a_range_of_a_table() -> tuple[Arguments, Arguments]:
    path = saved(chain(layers.Input((4,))))
    return [path, "--range", "0..255"], [path]


def a_mean_too_many() -> tuple[Arguments, Arguments]:
    path = saved(picture(8, 8, 3))
    return [path, "--mean", "0.5,0.5"], [path, "--mean", "0.5"]


def logits_of_one() -> tuple[Arguments, Arguments]:
    path = saved(picture(8, 8, 3, end=1))
    return [path, "--answers", "logits"], [path]


def a_table_of_another_type() -> tuple[Arguments, Arguments]:
    start = layers.Input((6,), dtype="int32", name="words")
    path = saved(chain(start, layers.Embedding(9, 2), layers.Flatten()))
    words = np.random.default_rng(1).integers(0, 9, (30, 6))
    np.savez("floats.npz", words=words.astype(np.float32))
    np.savez("whole.npz", words=words.astype("int32"))
    return [path, "--data", "floats.npz"], [path, "--data", "whole.npz"]


def arrays_of_other_names() -> tuple[Arguments, Arguments]:
    one, other = layers.Input((3,), name="one"), layers.Input((2,), name="other")
    both = layers.Dense(3, "softmax")(layers.Concatenate()([one, other]))
    path = saved(tf_keras.Model([one, other], both))
    random = np.random.default_rng(1)
    arrays = [random.random((30, size)).astype(np.float32) for size in (3, 2)]
    np.savez("a.npz", first=arrays[0], second=arrays[1])
    np.savez("b.npz", x0=arrays[0], x1=arrays[1])
    return [path, "--data", "a.npz"], [path, "--data", "b.npz"]


def two_models_in_a_folder() -> tuple[Arguments, Arguments]:
    Path("mine").mkdir()
    saved(picture(8, 8, 3))
    for name in ("old", "new"):
        shutil.copy("model.h5", f"mine/{name}.h5")
    return ["mine"], ["mine/new.h5"]


def a_graph_as_layers() -> tuple[Arguments, Arguments]:
    path = saved(picture(8, 8, 3))
    converter.run(["--input_format=keras", "--output_format=tfjs_graph_model", path, "web"])
    asked = ["--original", path, "--layers", "web"]
    return asked, ["--original", path, "--graph", "web"]


def a_graph_that_says_no_shape() -> tuple[Arguments, Arguments]:
    path = saved(picture(8, 8, 3))
    converter.run(["--input_format=keras", "--output_format=tfjs_graph_model", path, "web"])
    described = Path("web/model.json")
    whole = json.loads(described.read_text("utf-8"))
    del whole["signature"]
    for node in whole["modelTopology"]["node"]:
        if node["op"] == "Placeholder":
            del node["attr"]["shape"]
    described.write_text(json.dumps(whole), "utf-8")
    return ["web"], ["--original", path, "--graph", "web"]


def the_same_format_twice() -> tuple[Arguments, Arguments]:
    path = saved(picture(8, 8, 3))
    return ["--original", path, "--graph", path], ["--original", path]


WAYS: dict[str, tuple[Callable[[], tuple[Arguments, Arguments]], str]] = {
    "ragged": (ragged, "Build the model with a dense Input"),
    "texts": (of_texts, "Leave it outside, and save the model that begins behind it"),
    "unbuilt": (unbuilt, "Build it before it is saved, model.build(shape)"),
    "too few names": (too_few_names, "Expected 3 different names."),
    "another size": (another_size, "the model takes pictures of 8x8, and no others. Leave it out."),
    "framed in colour": (framed_in_colour, "the model takes 8×8, 3 channel(s)."),
    "a range of a table": (a_range_of_a_table, "so --range does not go with it. Leave it out."),
    "a mean too many": (a_mean_too_many, "Give one number, or one for each."),
    "logits of one": (logits_of_one, "the model's first output is 1. Leave it out."),
    "another type": (a_table_of_another_type, "Save words.astype('int32')."),
    "other names": (arrays_of_other_names, "Expected arrays named one and other, or x0 … x1."),
    "two models": (two_models_in_a_folder, "'new.h5', 'old.h5'. Name one of them, or its formats:"),
    "graph as layers": (a_graph_as_layers, "web is a graph model: give it as --graph"),
    "no shape": (a_graph_that_says_no_shape, "Give the original, too, or the layers model."),
    "twice": (the_same_format_twice, "model.h5 is an original: give it as --original"),
}


@pytest.mark.parametrize("name", WAYS)
def test_what_is_refused_says_a_way_out_that_leads_out(name, here, capsys):
    make, words = WAYS[name]
    refused, followed = make()
    assert verify.main([*refused, *RUNTIME, "--json", "refused.json"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("NOT COMPARED: ") and words in said and said.count("\n") == 1, said
    assert "digit-parity-" not in said  # no folder of ours
    written = json.loads(Path("refused.json").read_text("utf-8"))
    assert (written["exit_code"], written["reference"]["reason"]) == (
        2,
        said.removeprefix("NOT COMPARED: ").rstrip("\n"),
    )
    assert verify.main([*followed, *RUNTIME]) == 0, capsys.readouterr()


def test_pictures_in_folders_by_the_names_of_classes_are_what_is_compared_on(here, capsys):
    path, random = saved(picture(8, 10, 3)), np.random.default_rng(2)
    for name in ("cat", "dog", "neither"):
        (here / "photos" / name).mkdir(parents=True)
        for number in range(8):
            levels = random.integers(0, 256, (20, 20, 3)).astype(np.uint8)
            Image.fromarray(levels).save(here / "photos" / name / f"{number}.png")
    names = ["--classes", "cat,dog,neither"]
    asked = [path, *names, *RUNTIME, "--json", "found.json"]
    assert verify.main([*asked, "--data", "photos"]) == 0
    assert "24 pictures. Bound: " in capsys.readouterr().out
    inputs = json.loads(Path("found.json").read_text("utf-8"))["inputs"]
    assert inputs == {"count": 24, "source": "photos"}
    assert verify.main(asked) == 0
    inputs = json.loads(Path("found.json").read_text("utf-8"))["inputs"]
    assert inputs == {"count": 1_000, "source": "generated pictures"}
