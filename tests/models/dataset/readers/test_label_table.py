"""Tables that label pictures by their names: by file or by path, with a header or without."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from models import dataset
from models.dataset import Options
from models.dataset.collector import Collector
from models.dataset.readers import label_pairs, label_table
from models.formats.model_input import Input
from tests.support import dataset_files as files

OPTIONS = Options(target=Input((8, 8, 3), framing="none"), classes=("cat", "dog", "tree frog"))
PICTURE = files.picture(Image.new("RGB", (9, 9), "red"))
MEMBERS = {"a.png": PICTURE, "in/b.png": PICTURE, "in/c.png": PICTURE, "d.png": PICTURE}


def read(table: str | bytes, name: str = "labels.csv", options: Options = OPTIONS):
    content = table.encode() if isinstance(table, str) else table
    return dataset.read("set.zip", files.zipped({**MEMBERS, name: content}), options)


@pytest.mark.parametrize(
    "table",
    [
        "file,label\na.png,dog\nin/b.png,cat\nc.png,2\n",
        "filename;width;class\r\na.png;9;Dog\r\nb.png;9;CAT\r\nin/c.png;9;tree_frog\r\n",
        "id\tbreed\na\tdog\nb\tcat\nc\ttree frog\n",
        "a.png,1\nb.png,0\nc.png,2\n",
        '\ufefflabel,image\ndog,"a.png"\ncat,in\\b.png\n"tree frog",c.png\n',
    ],
)
def test_pictures_find_their_labels_by_name_or_path(table):
    found = read(table)
    assert found.names == ("set.zip/a.png", "set.zip/d.png", "set.zip/in/b.png", "set.zip/in/c.png")
    assert found.labels.tolist() == [1, -1, 0, 2]
    assert found.labelled_by == {"labels.csv": 3}


def test_a_table_goes_before_a_name_and_before_another_rule():
    members = {"cat/a.png": PICTURE, "cat/b.png": PICTURE, "labels.csv": b"file,label\na.png,dog\n"}
    found = dataset.read("set.zip", files.zipped(members), OPTIONS)
    assert found.labels.tolist() == [1, 0]
    assert found.relabelled("none").labels.tolist() == [1, -1]


def test_a_table_among_loose_files_and_of_digits():
    table = b"file,digit\na.png,7\n"
    found = dataset.read_many([("labels.csv", table), ("a.png", files.picture())])
    assert found.labels.tolist() == [7] and found.labelled_by == {"labels.csv": 1}


def test_a_name_that_is_no_class_is_said_and_its_picture_has_no_label():
    found = read("file,label\na.png,zebra\nd.png,dog\n")
    assert found.labels.tolist() == [-1, 1, -1, -1]
    (said,) = [each for each in found.skipped if each.file == "set.zip/labels.csv"]
    assert said.reason.startswith("zebra names no class of the model: 1 image is used without")
    assert said.reason.endswith("Its classes are cat, dog, tree frog.")


def test_the_same_name_in_two_folders_is_nobodys():
    found = read("file,label\nx/a.png,cat\ny/a.png,dog\nd.png,dog\n")
    assert found.labels.tolist() == [-1, 1, -1, -1]


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        ("file,label\nnone.png,cat\n", "Its 1 labels belong to no picture that was read"),
        ("file,label\n", "It has a header and no labels"),
        ('file,label\n"a.png,dog\n' + "x,y\n" * 60_000, "Its text is no table"),
        ("file,label\n" + "a.png,dog\n" * 900_000, "it may have at most 8 MiB"),
    ],
)
def test_a_table_that_is_of_no_use_says_why(table, reason):
    found = read(table)
    assert len(found) == 4 and [each for each in found.skipped if reason in each.reason]


def test_a_hostile_table_stays_small():
    rows = "".join(f"{at}{'x' * 3_000}.png,{'y' * 900}\n" for at in range(1_500))
    collected = read("file,label\na.png," + "z" * 3_000 + "\n" + rows)
    assert collected.skipped and max(len(each.reason) for each in collected.skipped) < 1_100


@pytest.mark.parametrize(
    "content",
    [b"label,pixel0,pixel1\n7,0,0\n", b"1,2\n", b"", b"7" + b",1" * 784, b"a,b,c\n1,2,3\n"],
)
def test_a_table_of_pixels_is_none_of_labels(content):
    assert not label_table.looks_like_one(content)


@pytest.mark.parametrize(
    "table",
    [
        "id,filename,label\n0,1.png,7\n1,2.png,3\n2,0.png,5\n",
        "number,filename,label\n0,1.png,7\n1,2.png,3\n2,0.png,5\n",
        "filename,x,y,label\n1.png,1,1,7\n2.png,4,2,3\n0.png,1,2,5\n",
        "class_name,image,digit,value\n7,1.png,0,1\n3,2.png,1,2\n5,0.png,2,3\n",
        "image_id,label\n1,seven\n2,3.0\n0,five\n",
        "ImageId,Label\n1,7\n2,3\n0,5\n",
        "File Name,y_pred,True Label\n1.png,0,7\n2.png,1,3\n0.png,2,5\n",
    ],
)
def test_the_likeliest_columns_are_taken_whichever_comes_first(table):
    pictures = [(f"{number}.png", files.picture()) for number in (1, 2, 0)]
    found = dataset.read_many([*pictures, ("labels.csv", table.encode())])
    assert found.labels.tolist() == [7, 3, 5] and found.labelled_by == {"labels.csv": 3}


def test_tables_of_two_folders_label_their_own_pictures():
    of_one, of_other = b"file,label\na.png,1\nb.png,2\n", b"file,label\na.png,3\n"
    members = dict.fromkeys(("one/a.png", "one/b.png", "two/a.png", "zoo/a.png"), files.picture())
    members |= {"one/labels.csv": of_one, "two/labels.csv": of_other}
    found = dataset.read("set.zip", files.zipped(members))
    assert found.names == tuple(f"set.zip/{x}.png" for x in ("one/a", "one/b", "two/a", "zoo/a"))
    assert found.labels.tolist() == [1, 2, 3, -1], "nobody says which a.png the one in zoo is"


def test_thousands_of_tables_do_not_look_at_every_picture():
    collector = Collector(Options())
    one = np.zeros((1, 28, 28), np.uint8)
    for number in range(10_000):
        collector.add("", [f"{number}/x.png"], one, named=True)
        collector.keep_table(f"{number}/labels.csv", {"q/x.png": "1", "r/x.png": "2"})
    label_pairs.pair(collector)
    assert not collector.dataset().stored_labels.max() >= 0
