from __future__ import annotations

from pathlib import Path

import pytest

from models.errors import ModelError
from models.formats import store


def test_the_shipped_model_is_there_and_comes_first() -> None:
    assert store.names()[0] == "mnist"
    assert store.manifest("mnist").name == "mnist"
    assert store.manifest("mnist") is store.manifest("mnist"), "read once"


@pytest.mark.parametrize("name", ["", ".", "..", "tfjs", "../models/mnist", "mnist/", "none"])
def test_a_name_that_is_no_model_is_refused_with_those_that_are(name: str) -> None:
    with pytest.raises(ModelError, match="Models here: mnist"):
        store.folder(name)


def test_models_may_live_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIGIT_PARITY_MODELS", str(tmp_path))
    assert store.names() == []
    with pytest.raises(ModelError, match="none"):
        store.folder("mnist")
