"""Lists of labels beside pictures: in JSON, in a text, with names or in their order."""

from __future__ import annotations

import json

import pytest

from models import dataset
from tests.support import dataset_files as files

PICTURE = files.picture()
NAMES = ("a.png", "b.png", "in/c.png")


def read(name: str, content: str, names: tuple[str, ...] = NAMES):
    members = dict.fromkeys(names, PICTURE) | {name: content.encode()}
    return dataset.read("set.zip", files.zipped(members))


@pytest.mark.parametrize(
    "value",
    [
        {"a.png": 3, "b.png": "5", "in/c.png": 7.0},
        {"a": 3, "b": 5, "c": 7},
        {"a.png": {"label": 3}, "b.png": {"class": 5}, "c.png": {"y": 7}},
        [{"file": "a.png", "label": 3}, {"file": "b.png", "label": 5}, {"file": "c", "label": "7"}],
        [["a.png", 3], ["b.png", 5], ["c.png", 7]],
        {"3": ["a.png"], "5": ["b.png"], "7": ["c.png"]},
        {"labels": {"a.png": 3, "b.png": 5, "c.png": 7}},
        {"images": [{"name": n, "digit": d} for n, d in zip(NAMES, (3, 5, 7), strict=True)]},
        {"file": ["a.png", "b.png", "c.png"], "label": [3, 5, 7]},
        {"image": {"0": "a.png", "1": "b.png", "2": "c.png"}, "y": {"0": 3, "1": 5, "2": 7}},
    ],
)
def test_json_labels_pictures(value):
    found = read("list.json", json.dumps(value))
    assert found.labels.tolist() == [3, 5, 7] and found.labelled_by == {"list.json": 3}


def test_json_a_line_labels_pictures():
    text = '{"file_name": "a.png", "label": 3}\n{"file_name": "c.png", "label": 7}\n'
    assert read("metadata.jsonl", text).labels.tolist() == [3, -1, 7]


@pytest.mark.parametrize(
    "text",
    [
        "a.png 3\nb.png 5\nin/c.png 7\n",
        "a.png: 3\nb.png:5\n\nc.png = 7\n",
        'a.png\t3\nb.png\t5\n"c.png"\t7\n',
        "a.png,3\nb.png,5\nc.png,7\n",
        "3 a.png\n5\tb.png\n7 in/c.png\n",
        "3,a.png\n5,b.png\n7,c.png\n",
        "file,0,3,5,7\na.png,0,1,0,0\nb.png,0,0,1,0\nc.png,0,0,0,1\n",
        "id;digit_3;digit_5;digit_7\na;1;0;0\nb;0;1;0\nc;0;0;1\n",
        "name,how many\na.png,3\nb.png,5\nc.png,7\n",
    ],
)
@pytest.mark.parametrize("name", ["labels.txt", "labels.csv"])
def test_a_text_labels_pictures(name, text):
    found = read(name, text)
    assert found.labels.tolist() == [3, 5, 7] and found.labelled_by == {name: 3}


def test_labels_alone_are_in_the_order_of_names_and_said_so():
    names = ("p1.png", "p2.png", "p10.png")
    for text in ("3\n5\n7\n", "label\n3\n5\n7\n"):
        found = read("labels.txt", text, names)
        got = dict(zip(found.names, found.labels.tolist(), strict=True))
        assert got == {"set.zip/p1.png": 3, "set.zip/p2.png": 5, "set.zip/p10.png": 7}
        assert list(found.labelled_by) == ["labels.txt, in the order of the pictures' names"]
    assert read("labels.json", "[3, 5, 7]", names).labels.tolist() == [3, 7, 5]


def test_labels_alone_that_are_too_few_or_the_classes_themselves_label_nothing():
    for text in ("3\n5\n", "3\n5\n7\n9\n"):
        found = read("labels.txt", text, ("a.png", "b.png", "c.png"))
        assert found.labels.tolist() == [-1] * 3 and "belong to no picture" in str(found.skipped)
    ten = tuple(f"{letter}.png" for letter in "abcdefghij")
    classes = "\n".join("0123456789")
    assert read("labels.txt", classes, ten).labels.tolist() == [-1] * 10


def test_a_row_of_one_hot_columns_with_several_ones_has_no_label():
    text = "file,3,5\na.png,1,0\nb.png,1,1\nc.png,0,0\n"
    assert read("labels.csv", text).labels.tolist() == [3, -1, -1]


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "null",
        '{"info": {"year": 2026}, "licenses": []}',
        "[" * 100_000 + "]" * 100_000,
        '{"a":' * 60 + "1" + "}" * 60,
        '{"a.png": 3, "a.png": 4}',
        "[" + "[]," * 300_000 + "[]]",
        json.dumps({"a.png": 3}) + " " * (5 << 20),
        '{"x.png": ' + "9" * 10_000 + "}",
    ],
)
def test_json_that_is_no_list_of_labels_is_said_and_pictures_are_read(text):
    found = read("list.json", text)
    assert len(found) == 3 and (found.labels == -1).all()
    assert "list.json" in {each.file.removeprefix("set.zip/") for each in found.skipped}


WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("labels.txt", "\n".join(WORDS)),
        ("labels.txt", "\n".join(map(str, range(10)))),
        ("class_indices.json", json.dumps(dict(zip("0123456789", WORDS, strict=True)))),
        ("labels.csv", "id,label\n" + "".join(f"{at},{word}\n" for at, word in enumerate(WORDS))),
    ],
)
def test_the_classes_themselves_are_no_labels_of_pictures(name, content):
    names = tuple(f"{number:02}.png" if "txt" in name else f"{number}.png" for number in range(12))
    found = read(name, content, names[:10] if "txt" in name else names)
    assert set(found.labels.tolist()) == {-1}
    assert any("belong to no picture" in each.reason for each in found.skipped)


def test_a_list_with_names_is_not_said_to_be_in_their_order():
    found = read("labels.csv", "Datei;Ziffer\na.png;seven\nb.png;3\nc.png;5\n")
    assert found.labels.tolist() == [7, 3, 5] and found.labelled_by == {"labels.csv": 3}


def test_lists_in_order_of_two_folders_label_their_own_pictures():
    members = {f"{folder}/{name}.png": PICTURE for folder in ("one", "two") for name in "ab"}
    members |= {"one/labels.txt": b"1\n2\n", "two/labels.txt": b"3\n4\n"}
    found = dataset.read("set.zip", files.zipped(members))
    assert found.labels.tolist() == [1, 2, 3, 4]
