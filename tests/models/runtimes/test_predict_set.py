"""Every command that asks a model notices a wrong input scale, and says what to run."""

from __future__ import annotations

import pytest

from models.add import command as add
from models.evaluate import command as evaluate
from models.formats import store
from models.formats.store import EXAMPLES
from models.runtimes import node
from models.verify import command as verify
from tests.models.parity.inputs.test_input_scale import GREY, SIGNED, trained

SEEN = "Caution: The model seems to take pixels from 0 to 255, not from 0 to 1: "
ON_TENSORFLOW = ["--runtime", "tensorflow"]


@pytest.fixture
def grey(tmp_path, monkeypatch):
    """The current directory, with a model that was trained on grey values."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DIGIT_PARITY_MODELS", str(tmp_path / "place"))
    monkeypatch.setattr(node, "SCRIPT", tmp_path / "none")  # only the scale is looked at
    trained(10, GREY, "convolution").save(tmp_path / "grey.h5")
    return tmp_path


def test_verify_says_how_to_call_it_and_is_quiet_then(grey, capsys):
    wrong = ["--original", "grey.h5", "--data", str(EXAMPLES), *ON_TENSORFLOW]
    verify.main(wrong)
    said = capsys.readouterr().out
    (line,) = (each for each in said.splitlines() if each.startswith(SEEN))
    assert "of the labelled inputs are read right" in line
    again = f"--original grey.h5 --data {EXAMPLES} --runtime tensorflow --range 0..255"
    assert line.endswith(f"Run: python -m models.verify {again}")
    verify.main([*wrong, "--scale", "255"])
    assert "The model seems to take" not in capsys.readouterr().out


def test_add_and_evaluate_say_how_to_add_it_again_and_are_quiet_then(grey, capsys):
    assert add.main(["mine", "grey.h5"]) == 0
    said = capsys.readouterr().out
    assert SEEN in said
    assert "Run: python -m models.add mine grey.h5 --replace --range 0..255\n" in said
    assert evaluate.main([str(EXAMPLES), "--model", "mine", "--format", "graph"]) == 0
    original = store.folder("mine") / "model.h5"
    again = f"Run: digit-parity add mine {original} --replace --range 0..255\n"
    said = capsys.readouterr().out
    assert SEEN in said and again in said
    assert add.main(["mine", "grey.h5", "--replace", "--scale", "255"]) == 0
    assert evaluate.main([str(EXAMPLES), "--model", "mine", "--format", "graph"]) == 0
    assert "seems to take" not in capsys.readouterr().out


def test_the_option_that_is_named_is_the_way_out(grey, capsys):
    trained(10, SIGNED, "normalised").save(grey / "signed.h5")
    asked = ["--original", "signed.h5", "--data", str(EXAMPLES), *ON_TENSORFLOW]
    verify.main(asked)
    (line,) = (each for each in capsys.readouterr().out.splitlines() if "seems to take" in each)
    assert "Pixels are taken from" not in line and " --range -1..1" in line
    verify.main([*asked, "--range", "-1..1"])
    said = capsys.readouterr().out
    assert "seems to take" not in said and "Pixels are taken" not in said
