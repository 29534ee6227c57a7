"""``digit-parity convert`` leaves what an installer owns alone."""

from __future__ import annotations

import shutil

import pytest

from models.command_line import ending
from models.convert import command as convert
from models.errors import ModelError
from models.formats import manifest
from models.formats.store import SHIPPED
from models.storage import locations


@pytest.mark.parametrize("arguments", [[], [str(SHIPPED)]])
def test_an_installed_wheels_own_model_is_not_converted_again(arguments, monkeypatch, capsys):
    monkeypatch.setattr(locations, "is_installed", lambda: True)
    monkeypatch.setattr(convert.conversion, "convert", lambda *_, **__: pytest.fail("converted"))
    assert ending.run(lambda: convert.command, "digit-parity convert", arguments) == 1
    assert "name a FOLDER of yours" in capsys.readouterr().err


@pytest.fixture
def converted(small_model, tmp_path, monkeypatch):
    """A copy of a converted model, which the command need not convert again."""
    folder = shutil.copytree(small_model, tmp_path / "small")
    monkeypatch.setattr(convert.conversion, "convert", lambda *_, **__: manifest.read(folder))
    return folder


def test_the_manifest_gets_the_bound_that_pages_judge_by(converted):
    assert manifest.read(converted).rounding is None
    assert convert.main([str(converted)]) == 0
    rounding = manifest.read(converted).rounding
    assert rounding is not None and rounding.head == "softmax" and 1e-7 < rounding.bound < 1e-3


def test_a_model_whose_bound_cannot_be_derived_is_converted_all_the_same(
    converted, monkeypatch, capsys
):
    def fails(_folder):
        raise ModelError("It gives NaN.")

    monkeypatch.setattr(convert.rounding, "note", fails)
    assert convert.main([str(converted)]) == 0
    assert "No bound on rounding was noted: It gives NaN." in capsys.readouterr().err
    assert manifest.read(converted).rounding is None
