"""Parquet and Arrow files, in the layouts that dataset hubs and pandas give them."""

from __future__ import annotations

import io
import json
import sys

import numpy as np
import pandas
import pyarrow
import pyarrow.parquet
import pytest
from PIL import Image

from models import dataset
from models.dataset import Limits, Options
from models.dataset.limits import MIB
from models.formats.model_input import Input
from tests.support import dataset_files as files

SEVEN = files.picture()
ONE = files.picture(files.digit_image((40, 40), ink=0, paper=200))
PIXELS = files.digits(12)
LABELS = np.arange(12) % 10
HUB = pyarrow.struct([("bytes", pyarrow.binary()), ("path", pyarrow.string())])
WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]


def parquet(table, **options) -> bytes:
    file = io.BytesIO()
    pyarrow.parquet.write_table(table, file, **options)
    return file.getvalue()


def arrow(table, compression=None) -> bytes:
    file = io.BytesIO()
    options = pyarrow.ipc.IpcWriteOptions(compression=compression)
    with pyarrow.ipc.new_file(file, table.schema, options=options) as writer:
        writer.write_table(table)
    return file.getvalue()


def stream(table) -> bytes:
    file = io.BytesIO()
    with pyarrow.ipc.new_stream(file, table.schema) as writer:
        writer.write_table(table)
    return file.getvalue()


def feather(table) -> bytes:
    return arrow(table, "lz4")


def hub(contents=(SEVEN, ONE), labels=(7, 1), names=None, paths=("a.png", "b.png")):
    """A table as the dataset hub keeps it."""
    cells = [{"bytes": each, "path": path} for each, path in zip(contents, paths, strict=True)]
    table = pyarrow.table({"image": pyarrow.array(cells, HUB)})
    if labels is not None:
        table = table.append_column("label", pyarrow.array(labels))
    kept = {"info": {"features": {"image": {"_type": "Image"}, "label": {"names": names}}}}
    return table.replace_schema_metadata({b"huggingface": json.dumps(kept).encode()})


def expected(*contents):
    return dataset.read(
        "a.zip", files.zipped({f"{at}.png": each for at, each in enumerate(contents)})
    ).stored


@pytest.mark.parametrize("save", [parquet, arrow, stream, feather])
@pytest.mark.parametrize("names", [None, list("0123456789"), WORDS])
def test_pictures_of_a_dataset_hub_are_read_as_their_files_are(save, names):
    read = dataset.read("train-00000-of-00001", save(hub(names=names)))
    np.testing.assert_array_equal(read.stored, expected(SEVEN, ONE))
    assert read.labels.tolist() == [7, 1] and read.skipped == ()
    assert read.names == ("train-00000-of-00001 [0]", "train-00000-of-00001 [1]")
    assert read.labelled_by == {"the data itself": 2}


def test_names_of_classes_are_those_of_the_model_whatever_their_order():
    options = Options(target=Input((8, 8, 3), framing="none"), classes=("cat", "dog"))
    picture = files.picture(Image.new("RGB", (9, 9), "red"))
    table = hub((picture, picture), (0, 1), names=["Dog", "Cat"])
    read = dataset.read("a.parquet", parquet(table), options)
    assert read.labels.tolist() == [1, 0]
    table = hub((picture, picture), (0, 1), names=["zebra", "cat"])
    read = dataset.read("a.parquet", parquet(table), options)
    assert read.labels.tolist() == [-1, 0] and "no class of the model" in read.skipped[0].reason


def test_clothes_are_no_digits():
    read = dataset.read("a.parquet", parquet(hub(names=[f"coat {at}" for at in range(10)])))
    assert read.labels.tolist() == [-1, -1]


def test_a_picture_without_a_label_is_named_as_its_path():
    table = hub(labels=None, paths=("in/7_a.png", "C:\\x\\1_b.png"))
    read = dataset.read("set.parquet", parquet(table))
    assert read.names == ("set.parquet/7_a.png", "set.parquet/1_b.png")
    assert read.labels.tolist() == [7, 1]
    read = dataset.read("set 7.parquet", parquet(hub(labels=None, paths=(None, None))))
    assert read.labels.tolist() == [-1, -1], "a number of the table is no label"


@pytest.mark.parametrize(
    "columns",
    [
        {"img": [SEVEN, ONE], "target": [7, 1]},
        {"picture": [SEVEN, ONE], "digit": ["7", "1"]},
        {"a": [SEVEN, ONE], "class": pyarrow.array(["7", "1"]).dictionary_encode()},
        {"mask": [b"x", b"x"], "image": [SEVEN, ONE], "label": [7.0, 1.0]},
    ],
    ids=["numbers", "texts", "categories", "two columns of bytes"],
)
def test_bytes_alone_are_pictures_too(columns):
    read = dataset.read("a.parquet", parquet(pyarrow.table(columns)))
    np.testing.assert_array_equal(read.stored, expected(SEVEN, ONE))
    assert read.labels.tolist() == [7, 1]


def test_one_bad_picture_does_not_stop_the_others():
    table = hub((SEVEN, b"\x89PNGx", None, ONE), (7, 3, 4, 1), paths=("a", "b", "c", "d"))
    read = dataset.read("a.parquet", parquet(table))
    assert read.labels.tolist() == [7, 1]
    assert [each.file for each in read.skipped] == ["a.parquet [1]", "a.parquet [2]"]
    assert "send the pictures themselves" in read.skipped[1].reason


def nested(pixels):
    kind = pyarrow.list_(pyarrow.list_(pyarrow.uint8()))
    return pyarrow.array(pixels.tolist(), kind)


@pytest.mark.parametrize(
    "table",
    [
        pyarrow.table({"image": nested(PIXELS), "label": LABELS}),
        pyarrow.table({"pixels": list(PIXELS.reshape(12, -1)), "label": LABELS}),
        pyarrow.table({"x": list(PIXELS.reshape(12, -1) / 255), "y": LABELS}),
        pyarrow.table(
            {
                "x": pyarrow.FixedSizeListArray.from_arrays(PIXELS.reshape(-1), 784),
                "y": LABELS,
            }
        ),
        pyarrow.table({"x": nested(PIXELS)}).append_column("label", pyarrow.array(LABELS)),
    ],
    ids=["nested", "flat", "shares", "fixed", "nested x"],
)
@pytest.mark.parametrize("save", [parquet, stream])
def test_lists_of_numbers_are_pixel_data(table, save):
    read = dataset.read("a", save(table))
    np.testing.assert_array_equal(read.stored, PIXELS)
    np.testing.assert_array_equal(read.labels, LABELS)
    assert read.skipped == ()


INDEX = pandas.Index([5, 3, *range(10)], name="row")


def frame(**first):
    table = pandas.DataFrame(PIXELS.reshape(12, -1), columns=[f"pixel{at}" for at in range(784)])
    for name, values in first.items():
        table.insert(0, name, values)
    return table


@pytest.mark.parametrize(
    ("table", "note"),
    [
        (frame(label=LABELS), None),
        (
            frame(label=LABELS).set_index(pandas.Index([5, 3, *range(10)], name="row")),
            "Left out the column row.",
        ),
        (frame(label=LABELS, id=range(12)), "Left out the column id."),
    ],
)
def test_a_column_for_each_pixel_as_pandas_saves_it(table, note):
    file = io.BytesIO()
    table.to_parquet(file)
    read = dataset.read("a.parquet", file.getvalue())
    np.testing.assert_array_equal(read.stored, PIXELS)
    np.testing.assert_array_equal(read.labels, LABELS)
    assert note is None or note in [each.reason for each in read.notes]


def test_a_table_of_something_else_says_its_columns():
    read = dataset.read("a.parquet", parquet(pyarrow.table({"text": ["a"], "score": [1]})))
    assert "It has the columns text, score. Expected one of pictures" in read.skipped[0].reason


def test_pictures_of_different_sides_are_refused():
    lists = pyarrow.table({"image": [[1] * 784, [1] * 783, [1] * 785]})
    read = dataset.read("a.parquet", parquet(lists))
    assert "different sides" in read.skipped[0].reason


def test_what_the_set_has_no_room_for_is_left_out():
    table = hub((SEVEN,) * 9, (7,) * 9, paths=("a",) * 9)
    read = dataset.read_many([("a.parquet", parquet(table))], limits=Limits(images=5))
    assert len(read) == 5 and "The set is full" in read.skipped[0].reason


def test_without_pyarrow_a_sentence_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    read = dataset.read("a.parquet", parquet(hub()))
    assert "`pip install pyarrow`" in read.skipped[0].reason


HOSTILE = {
    "a gigabyte of a picture": lambda: parquet(
        pyarrow.table({"image": [bytes(300 * MIB)]}), compression="zstd", use_dictionary=False
    ),
    "a gigabyte of a list": lambda: arrow(
        pyarrow.table({"image": [np.zeros(300 * MIB, np.uint8)]}), "zstd"
    ),
    "rows of nothing": lambda: arrow(
        pyarrow.table({"image": pyarrow.nulls(2**31 - 1), "label": pyarrow.nulls(2**31 - 1)})
    ),
    "brackets in place of names": lambda: parquet(
        hub().replace_schema_metadata({b"huggingface": b"[" * 1_000_000})
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_ends_in_a_sentence_within_the_limits(name, tmp_path):
    path = tmp_path / "a.parquet"
    path.write_bytes(HOSTILE[name]())
    read = dataset.read_path(path, limits=Limits(seconds=20))
    assert len(read) or read.skipped[0].reason
    assert "process that read it ended" not in str(read.skipped)


def test_the_same_picture_again_has_no_time_of_its_own():
    from models.dataset.collector import Collector
    from models.dataset.readers.columnar import reader

    collector = Collector(Options())
    table = hub((SEVEN,) * 50 + (ONE,), (7,) * 50 + (1,), paths=("a",) * 51)
    reader.read("a.parquet", parquet(table), collector)
    assert collector.count == 51 and collector.seen == 2


def test_two_columns_of_one_name_are_said_and_not_logged_as_unexpected(caplog):
    table = pyarrow.table([pyarrow.array([SEVEN]), pyarrow.array([ONE])], names=["image", "image"])
    (skipped,) = dataset.read("a.parquet", parquet(table)).skipped
    assert "exists 2 times" in skipped.reason and not caplog.records
