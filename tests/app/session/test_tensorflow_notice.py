"""Every page says that TensorFlow is restarted, and no longer once it is back."""

from __future__ import annotations

import pytest

from models.runtimes.worker import client
from tests.app.conftest import Stage

SAID = "TensorFlow did not answer for 7 s and was ended. It is being restarted."


def test_the_page_says_so_for_as_long_as_it_lasts(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "trouble", lambda: SAID)
    test = stage.run()
    assert [each.value for each in test.warning] == [SAID]
    monkeypatch.setattr(client, "trouble", lambda: "")
    assert not test.run().warning
