"""What a person names, each file as what it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.convert.intake import files
from models.errors import ModelError
from tests.support import model_files


def test_the_formats_of_one_model_in_one_folder_are_taken_together_and_that_is_said(
    tmp_path: Path,
) -> None:
    (tmp_path / "web").mkdir()
    graph = model_files.graph(tmp_path / "web" / "graph")
    layers = model_files.layers(tmp_path / "web" / "layers")
    with files.given(tmp_path) as given:
        assert (given.original, given.graph, given.layers) == (None, graph, layers)
        assert "are taken for two formats of one model" in given.notes[0]
        assert str(graph) in given.notes[0] and str(layers) in given.notes[0]
    h5 = model_files.h5(tmp_path / "model.h5")
    with files.given(tmp_path) as given:
        assert (given.original, given.graph, given.layers) == (h5, graph, layers)


def test_two_models_of_one_format_are_named_and_none_is_picked(tmp_path: Path) -> None:
    model_files.graph(tmp_path / "graph")
    model_files.h5(tmp_path / "one.h5")
    model_files.h5(tmp_path / "two.h5")
    with (
        pytest.raises(ModelError, match=r"has several models.*--original FILE, --graph DIR"),
        files.given(tmp_path),
    ):
        pass


def test_what_an_option_gives_is_not_taken_from_the_folder_too(tmp_path: Path) -> None:
    (tmp_path / "it").mkdir()
    model_files.graph(tmp_path / "it" / "graph")
    layers = model_files.layers(tmp_path / "it" / "layers")
    other = model_files.graph(tmp_path / "other")
    with files.given(tmp_path / "it", graph=other) as given:
        assert (given.graph, given.layers, given.notes) == (other, layers, ())
    with (
        pytest.raises(ModelError, match="is what --layers gives, too"),
        files.given(tmp_path / "it", layers=layers),
    ):
        pass


def test_one_model_is_taken_as_it_is_and_nothing_is_said(tmp_path: Path) -> None:
    graph = model_files.graph(tmp_path / "graph")
    for path in (tmp_path, graph, graph / "model.json"):
        with files.given(path) as given:
            assert given.graph is not None and given.notes == ()
