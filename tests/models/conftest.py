"""Models that several tests take apart; made once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.models import faults


@pytest.fixture(scope="session")
def hard(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of ``faults.hard_model`` in all three formats. Never to be changed: copy it."""
    model = faults.scattered(faults.hard_model())
    return faults.convert(model, tmp_path_factory.mktemp("models") / "hard")
