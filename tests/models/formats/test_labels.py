"""The names of classes beside a model, in the files that people have them in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.errors import ModelError
from models.formats import labels
from models.formats.labels import Facts
from models.storage import plain_files

names = st.sampled_from(
    ["labels", "imageSize", "packageName", "outputs", "legend", "0", "1"]
) | st.text(max_size=4)
TEACHABLE = {
    "tfjsVersion": "1.7.4",
    "tmVersion": "2.4.10",
    "packageName": "@teachablemachine/image",
    "labels": ["cat", "dog"],
    "imageSize": 224,
}


def written(path: Path, content: Any) -> Path:
    text = content if isinstance(content, str) else json.dumps(content)
    path.write_text(text, "utf-8")
    return path


NAMED = {
    "cat\ndog\n": ("cat", "dog"),
    "0 cat\n1 dog\n": ("cat", "dog"),
    "1: cat\n0: dog\n": ("dog", "cat"),
    "1 cat\n2 dog": ("cat", "dog"),
    "\ufeffcat\r\nBernese mountain dog\r\n\r\n": ("cat", "Bernese mountain dog"),
    "7 eleven\nno number": ("7 eleven", "no number"),
    "0\n1\n2": ("0", "1", "2"),
    "3 doors\n5 doors": ("3 doors", "5 doors"),
    "crane\ncat\ncrane": ("crane (0)", "cat", "crane (2)"),
}


@pytest.mark.parametrize("text", NAMED)
def test_lines_name_classes_with_their_numbers_or_without(tmp_path: Path, text: str) -> None:
    assert labels.read(written(tmp_path / "labels.txt", text)) == NAMED[text]


STORED = [
    (["cat", " dog "], ("cat", "dog")),
    ([0, 1, 2], ("0", "1", "2")),
    ({"0": "cat", "1": "dog"}, ("cat", "dog")),
    ({"dog": 1, "cat": 0}, ("cat", "dog")),
    ({"0": ["n02123045", "tabby"], "1": ["n02099601", "retriever"]}, ("tabby", "retriever")),
    ({"class_names": ["cat", "dog"], "version": 2}, ("cat", "dog")),
    ({"classes": {"cat": 0, "dog": 1}}, ("cat", "dog")),
]


@pytest.mark.parametrize(("said", "expected"), STORED)
def test_json_names_classes_in_every_usual_form(tmp_path: Path, said, expected) -> None:
    assert labels.read(written(tmp_path / "names.json", said)) == expected


REFUSED = {
    "expected a list of names": "7",
    "a name for each number from 0 on": {"0": "cat", "2": "dog"},
    "a name for each number": {"cat": 0, "dog": 0},
    "it names 0 classes": [],
    "it names 21,842 classes": [str(number) for number in range(21_842)],
    "None is no name": ["cat", None],
    "'' is no name in one line": ["cat", ""],
    r"is no name in one line": ["cat\x1b[2J"],
    "a name for each number from 0": {"0": "cat", "1\u2028": "dog"},
    "nested more than": "[" * 100 + "]" * 100,
    "longer than 4 MB": " " * (5 << 20),
    "Expecting value": "cat, dog",
    "'0' twice": '{"0": "cat", "0": "dog"}',
}


@pytest.mark.parametrize("words", REFUSED)
def test_json_that_names_no_classes_is_refused_with_a_sentence(tmp_path: Path, words: str) -> None:
    path = written(tmp_path / "names.json", REFUSED[words])
    with pytest.raises(ModelError, match=words) as refused:
        labels.read(path)
    assert str(path) in str(refused.value) and "\x1b" not in str(refused.value)


def test_the_mark_that_windows_begins_a_file_with_is_no_part_of_it(tmp_path: Path) -> None:
    path = written(tmp_path / "class_names.json", '\ufeff["cat", "dog"]')
    assert labels.read(path) == ("cat", "dog")


def test_text_that_is_no_utf_8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "labels.txt").write_bytes("café".encode("latin-1"))
    with pytest.raises(ModelError, match="it is no UTF-8"):
        labels.read(tmp_path / "labels.txt")


def test_a_name_that_became_another_ones_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "labels.txt", "crane\ncrane\ncrane (0)")
    with pytest.raises(ModelError, match="names a class twice"):
        labels.read(path)


def test_teachable_machine_says_names_size_and_range(tmp_path: Path) -> None:
    written(tmp_path / "metadata.json", TEACHABLE)
    expected = Facts(("cat", "dog"), teachable=True, size=(224, 224), source="metadata.json")
    assert labels.beside(tmp_path) == expected
    written(tmp_path / "metadata.json", TEACHABLE | {"imageSize": 96, "grayscale": True})
    assert labels.beside(tmp_path).grey and labels.beside(tmp_path).size == (96, 96)


def test_what_hears_is_no_teachable_machine_of_pictures(tmp_path: Path) -> None:
    speech = {"packageName": "@teachablemachine/audio", "wordLabels": ["noise", "clap"]}
    written(tmp_path / "metadata.json", speech)
    assert labels.beside(tmp_path) == Facts(("noise", "clap"), source="metadata.json")


def test_ml5_says_names_beside_the_model_that_they_are_named_after(tmp_path: Path) -> None:
    legend = {"dog": [0, 1, 0], "cat": [1, 0, 0], "hen": [0, 0, 1]}
    said = {"inputUnits": [4], "outputs": {"label": {"dtype": "string", "legend": legend}}}
    written(tmp_path / "mine_meta.json", said)
    expected = Facts(("cat", "dog", "hen"), source="mine_meta.json")
    assert labels.beside(tmp_path / "mine.json") == expected
    assert labels.beside(tmp_path / "other.json") == Facts()
    written(tmp_path / "model_meta.json", said)
    assert labels.beside(tmp_path).classes == ("cat", "dog", "hen")


@pytest.mark.parametrize(
    "outputs", [{"x": {"dtype": "number"}}, {}, [], {"x": {"legend": {}}, "y": {"legend": {}}}]
)
def test_a_network_of_ml5_that_gives_values_names_no_classes(tmp_path: Path, outputs: Any) -> None:
    written(tmp_path / "model_meta.json", {"outputs": outputs})
    assert labels.beside(tmp_path) == Facts()


@pytest.mark.parametrize("row", [[0, 0], 1, None, {"1": 1}, [0, 1]])
def test_a_legend_of_ml5_that_is_none_is_not_used_and_that_is_said(
    tmp_path: Path, row: Any
) -> None:
    legend = {"cat": row, "dog": [0, 1]}
    written(tmp_path / "model_meta.json", {"outputs": {"label": {"legend": legend}}})
    (note,) = labels.beside(tmp_path).notes
    assert note.startswith("model_meta.json beside the model is not used: expected a")


def test_another_metadata_json_says_nothing(tmp_path: Path) -> None:
    written(tmp_path / "metadata.json", {"keras_version": "3.10.0", "date_saved": "today"})
    assert labels.beside(tmp_path) == Facts()


@pytest.mark.parametrize("name", ["keras_model.h5", "model.savedmodel"])
def test_teachable_machines_keras_models_are_known_by_their_names(
    tmp_path: Path, name: str
) -> None:
    written(tmp_path / "labels.txt", "0 Class 1\n1 Class 2\n")
    model = tmp_path / name
    model.mkdir() if name.endswith("savedmodel") else model.touch()
    assert labels.beside(model) == Facts(("Class 1", "Class 2"), True, source="labels.txt")


def test_names_lie_beside_a_file_or_in_its_folder_or_beside_that(tmp_path: Path) -> None:
    folder = tmp_path / "model_graph"
    folder.mkdir()
    written(tmp_path / "class_names.json", ["a", "b"])
    assert labels.beside(folder).classes == ("a", "b")
    assert labels.beside(tmp_path / "model.h5").classes == ("a", "b")
    written(folder / "labels.txt", "c\nd")
    assert labels.beside(folder).classes == ("c", "d")
    assert labels.beside(folder / "model.json").classes == ("c", "d")


def test_a_file_that_cannot_be_used_is_said_and_the_next_one_read(tmp_path: Path) -> None:
    written(tmp_path / "labels.txt", "cat\n\x1b[2J\n")
    written(tmp_path / "labels.json", ["cat", "dog"])
    (tmp_path / "classes.txt").symlink_to("/etc/passwd")
    facts = labels.beside(tmp_path / "model.h5")
    assert facts.classes == ("cat", "dog") and facts.source == "labels.json"
    assert "labels.txt beside the model is not used: " in facts.notes[0]
    assert "classes.txt beside the model is not used: 'classes.txt' is a link" in facts.notes[1]
    assert "\x1b" not in " ".join(facts.notes)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=4),
    max_leaves=10,
)


@given(
    said=values,
    name=st.sampled_from(["metadata.json", "labels.json", "labels.txt", "model_meta.json"]),
)
@settings(max_examples=150, suppress_health_check=list(HealthCheck))
def test_any_json_and_any_text_beside_a_model_gives_lines_or_a_note(tmp_path, said, name) -> None:
    path = written(tmp_path / name, said)
    facts = labels.beside(tmp_path / "model.h5")
    path.unlink()
    lines = (*facts.classes, *facts.notes)
    assert len(set(facts.classes)) == len(facts.classes)
    assert all(line and plain_files.is_line(line) for line in lines)


@pytest.mark.parametrize("size", [0, -1, 5_000, "224", 2.5, True])
def test_a_size_that_no_picture_has_is_said(tmp_path: Path, size: Any) -> None:
    written(tmp_path / "metadata.json", TEACHABLE | {"imageSize": size})
    facts = labels.beside(tmp_path)
    assert facts.size is None and "no number of pixels" in facts.notes[0]


def test_names_that_do_not_fit_are_not_used_and_that_is_said() -> None:
    facts = Facts(("cat", "dog"), source="labels.txt")
    names, said = labels.fitting(facts, 2)
    assert names == ("cat", "dog") and "named by labels.txt" in said and "--classes" in said
    names, said = labels.fitting(facts, 10)
    assert names == ()
    assert said.startswith("labels.txt beside the model names 2 classes, and the model has 10")
    assert labels.fitting(Facts(), 10) == ((), "")
