"""Verifying a model that is not added: from its files, with messages that name them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from xml.etree import ElementTree as Xml

import numpy as np
import pytest

from models.convert.conversion import KERAS_FILE
from models.convert.official import converter
from models.errors import ModelError
from models.formats import manifest
from models.formats.store import EXAMPLES
from models.runtimes import node
from models.verify import command as verify
from models.verify import verification

ROOT = Path(__file__).resolve().parents[3]
needs_bundle = pytest.mark.skipif(not node.SCRIPT.is_file(), reason="`make install` bundles it")
ON_TENSORFLOW = ["--data", str(EXAMPLES), "--runtime", "tensorflow"]
ALL = ["--original", "m.h5", "--graph", "graph", "--layers", "layers"]


@pytest.fixture
def mine(small_model, tmp_path, monkeypatch):
    """The current directory, with a model's files; temporary folders are made in another."""
    folder, temporary = tmp_path / "mine", tmp_path / "temporary"
    folder.mkdir()
    temporary.mkdir()
    shutil.copy(small_model / KERAS_FILE, folder / "m.h5")
    for form in ("graph", "layers"):
        shutil.copytree(small_model / f"model_{form}", folder / form)
    monkeypatch.chdir(folder)
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    return folder


def flip(folder: Path) -> None:
    """Change the sign of the one weight in the middle of a converted model."""
    path = folder / "group1-shard1of1.bin"
    weights = np.frombuffer(path.read_bytes(), "<f4").copy()
    weights[len(weights) // 2] *= -1
    path.write_bytes(weights.tobytes())


def contents(folder: Path) -> dict[str, bytes]:
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def copies_left(mine: Path) -> list[Path]:
    """Our own temporary folders; TensorFlow keeps a file of its own until the process ends."""
    return list((mine.parent / "temporary").glob("digit-parity-*"))


def test_files_are_compared_with_their_original_and_nothing_is_written(mine, capsys):
    before = contents(mine)
    assert verify.main([*ALL, *ON_TENSORFLOW]) == 0, capsys.readouterr().err
    text = capsys.readouterr().out
    assert text.startswith("Pixels are taken from 0 to 1, as nothing in the file says otherwise; ")
    assert "\nm.h5: every lane against keras @ tensorflow (tf_keras " in text
    assert "\ngraph: graph, as it is\nlayers: layers, as it is\n100 digits. " in text
    assert "\nPASSED: 2 lanes answer like keras @ tensorflow, within " in text
    assert "manifest" not in text
    assert contents(mine) == before and copies_left(mine) == []


def test_the_converter_is_needed_only_for_a_format_that_is_left_out(mine, monkeypatch, capsys):
    monkeypatch.setattr(converter, "_PACKAGES", ("no_such_package",))
    assert verify.main([*ALL, *ON_TENSORFLOW]) == 0
    assert verify.main(["--original", "m.h5", "--graph", "graph", *ON_TENSORFLOW]) == 2
    said = capsys.readouterr().err
    assert said.startswith("NOT COMPARED: ") and "`digit-parity setup` installs it.\n" in said


@needs_bundle
def test_a_flipped_weight_of_one_file_fails_that_format_on_every_runtime(mine, capsys):
    flip(mine / "graph")
    asked = ["--data", str(EXAMPLES), "--runtime", "tensorflow", "--runtime", "tfjs/wasm"]
    assert verify.main([*ALL, *asked, "--junit", "report.xml"]) == 1
    failed = "FAILED: 2 of 4 lanes do not answer like keras @ tensorflow: graph @ tensorflow, "
    assert failed + "graph @ tfjs/wasm." in capsys.readouterr().out
    suite = Xml.parse("report.xml").getroot()
    assert suite.get("name") == "models.verify m.h5" and suite.get("failures") == "2"


def test_a_format_that_is_left_out_is_converted_also_in_a_process_that_skips_imports(mine):
    files = ["--original", "m.h5", "--layers", "layers"]
    done = subprocess.run(
        [sys.executable, "-P", "-m", "models", "verify", *files, *ON_TENSORFLOW],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert "layers: layers, as it is\ngraph: converted from m.h5 just now" in done.stdout
    assert "PASSED: 2 lanes answer like keras @ tensorflow" in done.stdout


@pytest.mark.parametrize(
    "arguments, reference",
    [
        (["--graph", "graph", "--layers", "layers/model.json"], "layers @ tensorflow"),
        pytest.param(["--graph", "graph"], "graph @ tensorflow", marks=needs_bundle),
        pytest.param(["--layers", "layers"], "layers @ tensorflow", marks=needs_bundle),
    ],
)
def test_without_an_original_it_says_what_stands_in_for_it(mine, arguments, reference, capsys):
    asked = ["--data", str(EXAMPLES), "--runtime", "tensorflow", "--runtime", "tfjs/wasm"]
    asked = asked if node.SCRIPT.is_file() else ON_TENSORFLOW
    assert verify.main([*arguments, *asked]) == 0, capsys.readouterr().err
    text = capsys.readouterr().out
    assert f"There is no original to compare with: {reference} stands in for it.\n" in text
    assert f" like {reference}, within " in text
    told = "A graph model has no layers" if reference.startswith("graph") else "from exact"
    assert told in text and ": they compute the same, whatever the original did.\n" in text
    assert "kept your model" not in text and "like the original" not in text


def unreadable_original(mine):
    (mine / "m.h5").write_bytes(b"no HDF5")


def missing_shard(mine):
    (mine / "layers" / "group1-shard1of1.bin").unlink()


def graph_for_layers(mine):
    shutil.rmtree(mine / "layers")
    shutil.copytree(mine / "graph", mine / "layers")


def missing_folder(mine):
    shutil.rmtree(mine / "layers")


@pytest.mark.parametrize(
    "damage, words",
    [
        (unreadable_original, "m.h5 is not understood: it is no HDF5, ZIP or JSON file."),
        (missing_shard, "layers/model.json lists the shard 'group1-shard1of1.bin'"),
        (graph_for_layers, "layers is a graph model: give it as --graph, not as --layers."),
        (missing_folder, "There is nothing at layers"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_and_exits_2(mine, damage, words, capsys):
    damage(mine)
    assert verify.main([*ALL, *ON_TENSORFLOW, "--json", "out.json"]) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"NOT COMPARED: {words}") and "temporary" not in said
    assert copies_left(mine) == []
    written = json.loads((mine / "out.json").read_text())
    assert f"NOT COMPARED: {written['reference']['reason']}\n" == said
    assert written["exit_code"] == 2 and written["inputs"]["source"] == str(EXAMPLES)


@pytest.mark.parametrize("required", [[], ["--require", "graph"]])
def test_a_lane_that_cannot_run_names_the_users_file_and_not_its_copy(mine, required, capsys):
    path = mine / "graph" / "model.json"
    path.write_text(path.read_text().replace('"Softmax"', '"UnheardOf"'))
    assert verify.main([*ALL, *ON_TENSORFLOW, *required, "--junit", "report.xml"]) == 2
    text = capsys.readouterr().out
    assert (
        "cannot run: " in text
        and "NOT COMPARED: 1 lane answered. Given or required: graph." in text
    )
    message = Xml.parse("report.xml").find("testcase/error").get("message")
    for said in (text, message):
        assert "graph/" in said and "temporary" not in said


def test_a_given_format_of_another_model_is_no_pass(mine, capsys):
    from tf_keras import Sequential, layers

    Sequential([layers.Input((8, 8, 1)), layers.Flatten(), layers.Dense(10)]).save("other.h5")
    formats = ["--input_format=keras", "--output_format=tfjs_graph_model"]
    converter.run([*formats, "other.h5", "other"])
    given = ["--original", "m.h5", "--graph", "other", "--layers", "layers", *ON_TENSORFLOW]
    assert verify.main(given) == 2
    text = capsys.readouterr().out
    assert "graph @ tensorflow          cannot run: " in text
    assert "Caution: other does not fit m.h5: it takes 8×8×1, not 28×28×1.\n" in text
    assert (
        "NOT COMPARED: 1 lane answered. Given or required: graph. These cannot run: graph" in text
    )


def test_a_folder_of_an_original_and_its_conversions_is_one_model(mine, capsys):
    assert verify.main([".", *ON_TENSORFLOW]) == 0, capsys.readouterr().err
    text = capsys.readouterr().out
    assert text.startswith("m.h5 is taken for the original, and for conversions of it: layers and ")
    assert "\nm.h5: every lane against keras @ tensorflow (tf_keras " in text
    assert "\ngraph: graph, as it is\nlayers: layers, as it is\n100 digits. " in text
    flip(mine / "graph")
    assert verify.main([".", *ON_TENSORFLOW]) == 1


def test_a_conversion_that_fails_is_said_as_the_converter_was_called(mine, monkeypatch, capsys):
    def fails(arguments):
        raise ModelError(f"tensorflowjs_converter {' '.join(arguments)} failed: no")

    monkeypatch.setattr(converter, "run", fails)
    assert verify.main(["--original", "m.h5", *ON_TENSORFLOW]) == 2
    assert (
        "graph @ tensorflow          cannot run: The converter cannot make it: "
        "tensorflowjs_converter --input_format=keras --output_format=tfjs_graph_model m.h5 "
        "model_graph failed: no\n"
    ) in capsys.readouterr().out
    assert verify.main(["--original", "m.h5", "--layers", "layers", *ON_TENSORFLOW]) == 0


def test_the_model_is_given_pixels_of_its_scale(mine, monkeypatch):
    scales = []
    verified = verification.verify

    def noted(folder, *arguments, **options):
        scales.append(manifest.read(folder).input.scale)
        return verified(folder, *arguments, **options)

    monkeypatch.setattr(verification, "verify", noted)
    assert verify.main([*ALL, *ON_TENSORFLOW, "--scale", "255", "--atol", "1"]) == 0
    assert scales == [(255,)]


@pytest.mark.parametrize(
    "arguments, words",
    [
        (["mnist", "--original", "m.h5"], "MODEL does not go with --original"),
        (["--graph", "graph", "--judge", "float16"], "--judge is for a model that was added."),
        (["mnist", "--scale", "255"], "--scale is for files: a model that was added has it."),
    ],
)
def test_options_that_contradict_each_other_are_a_usage_error(mine, arguments, words, capsys):
    assert verify.main(arguments) == 2
    assert words in capsys.readouterr().err
