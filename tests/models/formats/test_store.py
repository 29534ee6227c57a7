from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from models.errors import ModelError
from models.formats import manifest, store


@pytest.fixture
def beside_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder as ``models/`` is: the shipped model, a package of code, no ``added`` as yet."""
    monkeypatch.delenv(store.VARIABLE, raising=False)
    monkeypatch.setattr(store, "ADDED", tmp_path / "added")
    monkeypatch.setattr(store, "_BESIDE_CODE", tmp_path)
    (tmp_path / "mnist").symlink_to(store.SHIPPED)
    (tmp_path / "digit").mkdir()
    (tmp_path / "digit" / "__init__.py").touch()
    return tmp_path


def put(place: Path, name: str, title: str = "") -> Path:
    """A model without any lane."""
    (place / name).mkdir(parents=True, exist_ok=True)
    shipped = manifest.read(store.SHIPPED)
    manifest.write(replace(shipped, name=name, title=title or name, lanes={}), place / name)
    return place / name


def test_the_shipped_model_is_there_and_comes_first() -> None:
    assert store.names()[0] == "mnist"
    assert store.manifest("mnist").name == "mnist"
    assert store.manifest("mnist") is store.manifest("mnist"), "read once"


@pytest.mark.parametrize("name", ["", ".", "..", "tfjs", "../models/mnist", "mnist/", "none"])
def test_a_name_that_is_no_model_is_refused_with_those_that_are(name: str) -> None:
    with pytest.raises(ModelError, match="Models here: mnist"):
        store.folder(name)


def test_models_may_live_elsewhere(
    beside_code: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(beside_code, "old")
    elsewhere = tmp_path / "elsewhere"
    monkeypatch.setenv(store.VARIABLE, str(elsewhere))
    assert store.root() == elsewhere and store.names() == []
    with pytest.raises(ModelError, match="none"):
        store.folder("mnist")
    assert put(elsewhere, "mine") == store.folder("mine") and store.names() == ["mine"]


def test_the_operators_models_lie_apart_from_the_code(beside_code: Path) -> None:
    assert store.root() == beside_code / "added" and store.names() == ["mnist"]
    for name in ("digit", "added", "a"):
        put(store.root(), name)
    assert store.names() == ["mnist", "a", "added", "digit"]
    assert store.folder("digit") == beside_code / "added" / "digit"
    assert store.folder("mnist") == beside_code / "mnist"


def test_a_model_that_an_older_version_added_is_found(beside_code: Path) -> None:
    assert put(beside_code, "old") == store.folder("old")
    assert put(beside_code, "digit") == store.folder("digit"), "a package's name of today"
    assert store.names() == ["mnist", "digit", "old"]


def test_of_two_models_with_one_name_the_one_among_the_added_counts(beside_code: Path) -> None:
    put(beside_code, "mine", "Older")
    put(store.root(), "mine", "Newer")
    assert store.names() == ["mnist", "mine"]
    assert store.manifest("mine").title == "Newer"


def test_nothing_takes_the_name_of_the_model_that_ships(beside_code: Path) -> None:
    put(store.root(), "mnist", "Another")
    assert store.manifest("mnist").title == "MNIST digits"


@pytest.mark.parametrize("name", ["..", "../mnist", "added/mine", "added\\mine", "mine/", ""])
def test_a_name_leads_nowhere_else(beside_code: Path, name: str) -> None:
    put(store.root(), "mine")
    assert store.find_name(name) is None
    with pytest.raises(ModelError, match="Models here: mnist, mine"):
        store.folder(name)
