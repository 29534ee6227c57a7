"""``digit-parity hunt``: what it prints and keeps, and how it ends."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from app.session import links
from models.formats import manifest as manifests
from models.formats.store import EXAMPLES, SHIPPED
from models.lanes import Lane
from models.runtimes import node
from models.verify.hunt import command as hunt
from models.verify.hunt import hunting, keeping, pair
from models.verify.hunt.hunting import Hunted
from models.verify.hunt.place import Place
from models.verify.hunt.space import LEVELS, Limits
from tests.support.weight_faults import change_weight, shifted

ON_TENSORFLOW = ["--lanes", "exact", "graph @ tensorflow", "--data", str(EXAMPLES)]
needs_bundle = pytest.mark.skipif(not node.SCRIPT.is_file(), reason="`make install` bundles it")


def test_what_is_found_is_judged_kept_and_linked(tmp_path, capsys):
    kept = tmp_path / "worst.png"
    assert hunt.main([*ON_TENSORFLOW, "--steps", "1", "--json", "--save", str(kept)]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["lanes"] == ["exact", "graph @ tensorflow"]
    assert (found["steps"], found["real"]["inputs"], found["seed"]) == (1, 100, 0)
    farthest = found["farthest"]
    assert found["holds"] and 0 < farthest["distance"] <= farthest["bound"]
    assert found["times_as_far"] > 1 and found["without_gradients"] is None
    assert 0 < farthest["linf"] <= 0.3 and 0 < farthest["rms"] <= 0.1
    token = farthest["link"].partition("digit=")[2]
    place = found["flipped"] or farthest
    levels = np.asarray(Image.open(kept))
    opened = links.decode(place["link"].partition("digit=")[2])
    assert np.array_equal(np.rint(opened.pixels * LEVELS), levels)
    real = np.load(EXAMPLES)["x_test"][place["origin"]].astype(float)
    assert np.abs(levels - real).max() == pytest.approx(place["linf"] * 255, abs=1e-3)
    assert token and links.DIGIT == "digit"


def test_a_lane_with_another_weight_is_no_rounding_and_ends_with_1(stepped, tmp_path, capsys):
    copy = tmp_path / "stepped"
    shutil.copytree(stepped, copy)
    change_weight(copy / "model_layers" / "model.json", "first/kernel", shifted(3, 0.05))
    lanes = ["--lanes", "exact", "layers @ tensorflow", "--data", str(EXAMPLES)]
    kept = tmp_path / "worst.npy"
    assert hunt.main([str(copy), *lanes, "--steps", "0", "--save", str(kept)]) == 1
    printed = capsys.readouterr().out
    assert "It is more than rounding explains on the real inputs: " in printed
    assert ": this is no rounding." in printed and "1.0 times as far" in printed
    assert np.load(kept).shape == (1, 28, 28, 1)


def test_no_link_opens_another_model_of_the_same_name(tmp_path):
    picture = np.zeros((28, 28), np.uint8)
    place = Place(0.0, 1.0, 0.0, 0, 0.0, 0.0, 0.0, (), picture)
    lanes = (pair.EXACT, Lane("graph", "tensorflow"))
    manifest = manifests.read(SHIPPED)
    hunted = Hunted(manifest, SHIPPED, lanes, Limits(), 0, 1, 0, 1, 0.0, (0, 0.0), place, None)
    assert keeping.link(hunted, picture) is not None
    assert keeping.link(replace(hunted, folder=tmp_path / "mnist"), picture) is None
    assert keeping.link(hunted, np.zeros((28, 28, 3), np.uint8)) is None
    in_uint8 = replace(hunted, lanes=(pair.EXACT, Lane("graph", "tfjs/wasm", "uint8")))
    assert str(keeping.link(in_uint8, picture)).endswith("&backend=wasm&weights=uint8")


@needs_bundle
def test_unless_lanes_are_named_exact_hunts_what_ships_in_node(capsys):
    assert hunt.main(["--data", str(EXAMPLES), "--steps", "0"]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("mnist: exact and graph @ tfjs/wasm, hunted from 100 digits.\n")
    assert "The rounding bound holds: " in printed
    assert "&backend=wasm\n" in printed


def test_a_model_from_its_files_is_hunted_without_gradients_where_there_is_no_original(
    stepped, capsys
):
    given = [f"--graph={stepped / 'model_graph'}", f"--layers={stepped / 'model_layers'}"]
    lanes = ["--lanes", "layers @ tensorflow", "graph @ tensorflow"]
    assert hunt.main([*given, *lanes, "--steps", "1", "--data", str(EXAMPLES)]) == 0
    printed = capsys.readouterr().out
    assert "layers @ tensorflow and graph @ tensorflow, hunted from 100 digits." in printed
    assert "http://" not in printed, "no page has this model"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--lanes", "exact", "exact"], "two lanes that are not the same"),
        (["--lanes", "exact", "graph"], "'graph' is not a lane"),
        (["--lanes", "exact", "graph @ tfjs/webgl"], "is not run here"),
        (["--lanes", "exact", "keras @ litert"], "is not run here"),
        (["--lanes", "exact", "graph @ keras3"], "Keras 3 runs the original alone"),
        (["--seconds", "nan"], "Expected more than 0"),
        (["--seconds", "-1"], "Expected more than 0"),
        (["--seconds", "1e9"], "at most 86,400"),
        (["--steps", "-1"], "no negative steps"),
        (["--linf", "0"], "Expected a share of the range"),
        (["--rms", "inf"], "Expected a share of the range"),
        (["--save", "worst.gif"], "ends in .png or .npy"),
        (["--save", "nowhere/worst.png"], "There is no folder"),
        (["none"], "There is no model named 'none'"),
        (["mine", "--graph", "web"], "MODEL does not go with --original, --graph or --layers"),
    ],
)
def test_what_cannot_be_hunted_is_said_in_a_sentence(
    arguments, said, capsys, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(hunting.references, "find", lambda *_: pytest.fail("asked in vain"))
    assert hunt.main(arguments) == 2
    captured = capsys.readouterr()
    assert said in captured.err and not captured.out


def test_a_lane_that_node_cannot_start_is_no_result(monkeypatch, capsys):
    monkeypatch.setattr(pair.node, "predict", lambda *_, **__: pytest.fail("not bundled"))
    monkeypatch.setattr(pair.node, "SCRIPT", SHIPPED / "none.mjs")
    lanes = ["--lanes", "exact", "graph @ tfjs/wasm"]
    assert hunt.main([*lanes, "--data", str(EXAMPLES), "--steps", "1"]) == 2
    assert "TensorFlow.js is not bundled here" in capsys.readouterr().err
