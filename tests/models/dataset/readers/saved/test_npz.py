"""Arrays under any names, on any scale, in grey or in colour."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from models import dataset
from models.dataset import Options
from tests.support import dataset_files as files

PIXELS = files.digits(40)
PIXELS[:, :20] = 0
PIXELS[0, -1, -1] = 255
LABELS = np.arange(40) % 10
COLOUR = np.repeat(PIXELS[..., None], 3, 3)


def notes(read) -> str:
    return " ".join(each.reason for each in read.notes)


def assert_is_the_set(read, labels=LABELS):
    assert read.skipped == ()
    np.testing.assert_array_equal(read.stored, PIXELS)
    np.testing.assert_array_equal(read.labels, labels)


@pytest.mark.parametrize(
    "names",
    [
        ("test_images", "test_labels"),
        ("images_test", "labels_test"),
        ("X", "Y"),
        ("features", "targets"),
        ("testX", "testy"),
        ("mnist_images", "mnist_labels"),
        ("pictures", "answers"),
    ],
)
def test_arrays_are_found_by_the_words_in_their_names(names):
    read = dataset.read("a.npz", files.npz(**{names[0]: PIXELS, names[1]: LABELS}))
    assert_is_the_set(read)
    assert read.notes == ()


def test_the_wanted_split_is_taken_whatever_its_names():
    arrays = {"test_images": PIXELS, "test_labels": LABELS}
    arrays |= {"train_images": PIXELS[::-1], "train_labels": LABELS[::-1]}
    assert_is_the_set(dataset.read("a.npz", files.npz(**arrays)))
    train = dataset.read("a.npz", files.npz(**arrays), Options(split="train"))
    np.testing.assert_array_equal(train.labels, LABELS[::-1])


def test_arrays_of_other_names_are_found_by_their_shapes_and_that_is_said():
    read = dataset.read("a.npz", files.npz(a=PIXELS, b=LABELS))
    assert_is_the_set(read)
    assert notes(read) == "Took its array b for labels."


def test_weights_of_a_model_are_no_images():
    read = dataset.read("a.npz", files.npz(kernel=PIXELS, bias=LABELS))
    assert len(read) == 0 and "It holds bias, kernel." in read.skipped[0].reason


@pytest.mark.parametrize("axes", [(0, 1, 2, 3), (0, 3, 1, 2)], ids=["last", "first"])
def test_digits_in_colour_are_read_by_their_luminance(axes):
    read = dataset.read("a.npz", files.npz(x=COLOUR.transpose(axes), y=LABELS))
    assert_is_the_set(read)
    assert read.notes == ()
    tinted = COLOUR // np.array([1, 2, 3], np.uint8)
    read = dataset.read("a.npz", files.npz(x=tinted.transpose(axes), y=LABELS))
    for grey, colour in zip(read.stored, tinted, strict=True):
        np.testing.assert_array_equal(grey, np.asarray(Image.fromarray(colour).convert("L")))
    assert "their luminance was taken" in notes(read)


def test_digits_in_colour_of_another_size_are_framed_as_grey_ones_are():
    seven = np.asarray(files.digit_image((32, 32), ink=255, paper=0))[None]
    grey = dataset.read("a.npz", files.npz(x=seven)).stored
    colour = dataset.read("a.npz", files.npz(x=np.repeat(seven[..., None], 3, 3))).stored
    np.testing.assert_array_equal(colour, grey)
    assert grey.any()


STANDARD = ((PIXELS / 255 - 0.1307) / 0.3081).astype(np.float32)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (STANDARD, "-0.4242 was taken for black, 2.821 for white"),
        (STANDARD.astype(np.float64), "-0.4242 was taken for black"),
        (np.repeat(STANDARD[..., None], 3, 3), "-0.4242 was taken for black"),
        ((PIXELS - PIXELS.mean()) / PIXELS.std(), "less its mean, or over its standard deviation"),
        (PIXELS - PIXELS.mean(), "less its mean, or over its standard deviation"),
        (PIXELS / 255 - 0.5, "-0.5 was taken for black, 0.5 for white"),
        (PIXELS.astype(np.int16) - 128, "-128 was taken for black, 127 for white"),
        (PIXELS.astype(np.uint16) * 257, "0 was taken for black, 6.554e+04 for white"),
    ],
)
def test_values_on_an_unusual_scale_are_read_and_the_scale_is_said(values, said):
    read = dataset.read("a.npz", files.npz(x=values, y=LABELS))
    assert_is_the_set(read)
    assert said in notes(read)
    flat = values.reshape(40, -1)
    if flat.shape[1] == 784:
        lines = "\n".join(",".join(f"{each:.9g}" for each in row) for row in flat)
        read = dataset.read("a.csv", lines.encode())
        np.testing.assert_array_equal(read.stored, PIXELS)
        assert said in notes(read)


def test_bytes_that_were_taken_for_signed_ones_have_the_line_that_converts_them():
    x = PIXELS.view(np.int8)
    reason = dataset.read("a.npz", files.npz(x=x)).skipped[0].reason
    saved = eval(reason.partition("save ")[2].removesuffix("."), {"x": x})
    assert_is_the_set(dataset.read("a.npz", files.npz(x=saved, y=LABELS)))


def test_values_without_paper_at_an_end_are_refused_with_what_would_do():
    values = np.random.default_rng(1).normal(size=(40, 28, 28))
    read = dataset.read("a.npz", files.npz(x=values))
    reason = read.skipped[0].reason
    assert len(read) == 0 and reason.startswith("Its grey values go from -")
    saved = eval(reason.partition("save ")[2].removesuffix("."), {"x": values})
    assert len(dataset.read("a.npz", files.npz(x=saved))) == 40


@pytest.mark.parametrize(
    ("values", "line"),
    [
        (PIXELS.transpose(1, 2, 0), "x.transpose(2, 0, 1)"),
        (PIXELS.reshape(40, -1).T, "x.T"),
    ],
    ids=["pictures last", "pictures in columns"],
)
def test_a_layout_that_is_not_read_has_the_line_that_converts_it(values, line):
    read = dataset.read("a.npz", files.npz(x=values))
    assert len(read) == 0 and read.skipped[0].reason.endswith(f"save {line}.")
    assert_is_the_set(dataset.read("a.npz", files.npz(x=eval(line, {"x": values}), y=LABELS)))


@pytest.mark.parametrize(
    "columns",
    [
        [LABELS, "pixels"],
        ["pixels", LABELS],
        [np.arange(100, 140), LABELS, "pixels"],
        ["pixels", np.eye(10)[LABELS]],
        [np.eye(10)[LABELS], "pixels"],
    ],
    ids=["label first", "label last", "counted", "one-hot last", "one-hot first"],
)
@pytest.mark.parametrize("kind", ["npy", "npz"])
def test_a_table_of_pixels_and_labels_is_taken_apart(columns, kind):
    flat = PIXELS.reshape(40, -1)
    table = np.column_stack([flat if isinstance(each, str) else each for each in columns])
    if kind == "npz":
        content = files.npz(data=table)
    else:
        file = io.BytesIO()
        np.save(file, table)
        content = file.getvalue()
    assert_is_the_set(dataset.read(f"a.{kind}", content))


FLAT = PIXELS.reshape(40, -1)


@pytest.mark.parametrize(
    "content",
    [
        files.mat(X=FLAT, y=LABELS[:, None]),
        files.mat(X=FLAT, y=LABELS),
        files.mat(data=FLAT.T, label=LABELS.astype(float)),
        files.mat(images=PIXELS.transpose(1, 2, 0), labels=LABELS),
        files.mat(X=COLOUR.transpose(1, 2, 3, 0), y=LABELS[:, None]),
        files.mat(X=FLAT, y=np.where(LABELS == 0, 10, LABELS)),
        files.mat(
            dataset={
                "train": {"images": FLAT[:9], "labels": LABELS[:9, None]},
                "test": {"images": FLAT, "labels": LABELS[:, None]},
            }
        ),
    ],
    ids=["rows", "labels in a row", "columns", "pictures last", "colour", "10 is 0", "structs"],
)
def test_matlabs_files_are_read_in_the_layouts_that_they_have(content):
    assert_is_the_set(dataset.read("a.mat", content))


def test_labels_of_matlab_where_10_was_taken_for_0_are_said():
    assert "10 was taken for 0" in notes(
        dataset.read("a.mat", files.mat(X=FLAT, y=np.where(LABELS == 0, 10, LABELS)))
    )


def test_a_matlab_file_without_images_says_what_it_holds():
    read = dataset.read("a.mat", files.mat(b="text"))
    assert len(read) == 0 and "It holds no arrays. Expected arrays" in read.skipped[0].reason
