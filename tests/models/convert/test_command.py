"""``digit-parity convert`` leaves what an installer owns alone."""

from __future__ import annotations

import pytest

from models.command_line import ending
from models.convert import command as convert
from models.formats.store import SHIPPED
from models.storage import locations


@pytest.mark.parametrize("arguments", [[], [str(SHIPPED)]])
def test_an_installed_wheels_own_model_is_not_converted_again(arguments, monkeypatch, capsys):
    monkeypatch.setattr(locations, "is_installed", lambda: True)
    monkeypatch.setattr(convert.conversion, "convert", lambda *_, **__: pytest.fail("converted"))
    assert ending.run(lambda: convert.command, "digit-parity convert", arguments) == 1
    assert "name a FOLDER of yours" in capsys.readouterr().err
