"""Pictures and arrays for models of other inputs than digits: read exactly, and labelled."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from models import dataset
from models.dataset import Limits, Options
from models.formats.model_input import Input
from tests.models.dataset.test_any_bytes import UNIPEN
from tests.support import dataset_files as files

COLOUR = Options(target=Input((6, 8, 3), framing="none"), classes=("cat", "dog", "tree frog"))
GREY = Options(target=Input((9, 9, 1), framing="none"), classes=COLOUR.classes)
CLEAR = Options(target=Input((4, 6, 8), layout="CHW", framing="none"), classes=COLOUR.classes)
random = np.random.default_rng(7)
PIXELS = random.integers(0, 256, (5, 6, 8, 3), np.uint8)
GREYS = random.integers(0, 256, (5, 9, 9), np.uint8)
LABELS = np.array([0, 1, 2, 1, 0])


def reasons(read) -> str:
    return " | ".join(f"{each.file}: {each.reason}" for each in read.skipped)


def assert_read(read, pixels=PIXELS, labels=LABELS):
    assert read.skipped == (), reasons(read)
    np.testing.assert_array_equal(read.stored, pixels)
    assert read.labels.tolist() == labels.tolist() and read.labels.dtype == np.int32


@pytest.mark.parametrize(
    "arrays",
    [
        {"x": PIXELS, "y": LABELS},
        {"x": PIXELS.transpose(0, 3, 1, 2), "y": LABELS[:, None]},
        {"x": np.ascontiguousarray(PIXELS.transpose(0, 3, 1, 2)), "y": np.eye(3)[LABELS]},
        {"x": PIXELS.reshape(5, -1), "y": LABELS},
        {"x": (PIXELS / 255).astype(np.float32), "y": LABELS.astype(float)},
        {"x": PIXELS / 127.5 - 1, "y": np.array(COLOUR.classes)[LABELS]},
        {"x": np.asfortranarray(PIXELS), "y": np.array(COLOUR.classes)[LABELS].astype("S")},
        {"x_test": PIXELS, "y_test": LABELS[:, None], "x_train": PIXELS[:1], "y_train": LABELS},
    ],
)
def test_arrays_in_colour_in_every_layout(arrays):
    assert_read(dataset.read("cifar10.npz", files.npz(**arrays), COLOUR))


def test_a_large_array_is_read_in_parts(monkeypatch):
    from models.dataset.readers import parts
    from models.dataset.readers.saved import npz

    monkeypatch.setattr(npz, "_SMALL", 100)
    monkeypatch.setattr(parts, "VALUES", 2 * PIXELS[0].size)
    for values in (PIXELS, np.ascontiguousarray(PIXELS.transpose(0, 3, 1, 2))):
        assert_read(dataset.read("a.npz", files.npz(x=values, y=LABELS), COLOUR))


def test_arrays_of_grey_and_with_transparency():
    for shape in ((5, 9, 9), (5, 9, 9, 1), (5, 1, 9, 9), (5, 81)):
        read = dataset.read("a.npz", files.npz(x=GREYS.reshape(shape), y=LABELS), GREY)
        assert_read(read, GREYS)
    clear = np.concatenate([PIXELS, PIXELS[..., :1]], axis=3)
    content = files.npz(x=clear.transpose(0, 3, 1, 2), y=LABELS)
    assert_read(dataset.read("a.npz", content, CLEAR), clear)


@pytest.mark.parametrize("shape", [(6, 8, 3), (3, 6, 8), (1, 6, 8, 3)])
def test_one_picture_in_colour(shape):
    one = PIXELS[0].transpose(2, 0, 1) if shape[0] == 3 else PIXELS[0]
    read = dataset.read("a.npy.npz", files.npz(x=one.reshape(shape), y=np.array([2])), COLOUR)
    assert_read(read, PIXELS[:1], np.array([2]))


def test_tables_and_idx_of_a_models_own_size():
    rows = np.column_stack([LABELS, PIXELS.reshape(5, -1)])
    table = "\n".join(",".join(map(str, row)) for row in rows.tolist()).encode()
    read = dataset.read("a.csv", table, COLOUR)
    np.testing.assert_array_equal(read.stored, PIXELS)
    assert read.labels.tolist() == LABELS.tolist()
    assert_read(dataset.read("images-idx4-ubyte", files.idx(PIXELS), COLOUR), labels=LABELS * 0 - 1)
    pair = [("t-images-idx3-ubyte", files.idx(GREYS)), ("t-labels-idx1-ubyte", files.idx(LABELS))]
    assert_read(dataset.read_many(pair, GREY), GREYS)


def test_arrays_of_another_size_are_made_to_fit_as_pictures_are():
    small = np.stack([np.asarray(Image.new("RGB", (32, 32), colour)) for colour in ("red", "blue")])
    read = dataset.read("cifar10.npz", files.npz(x=small), COLOUR)
    assert read.stored.shape == (2, 6, 8, 3)
    assert read.stored[:, 2, 2].tolist() == [[255, 0, 0], [0, 0, 255]]
    grey = dataset.read("a.npz", files.npz(x=small), GREY)
    assert grey.stored[:, 4, 4].tolist() == [76, 29]


def test_labels_of_many_classes_and_numbers_that_are_none():
    many = Options(target=COLOUR.target, classes=tuple(f"class {at}" for at in range(21_000)))
    read = dataset.read("a.npz", files.npz(x=PIXELS, y=np.array([0, 300, 20_999, 5, 21_000])), many)
    assert read.labels.tolist() == [0, 300, 20_999, 5, -1]
    assert "a.npz: y: 21000 names no class of the model: 1 image is used" in reasons(read)
    emnist = Options(classes=tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    digits = [("t-images-idx3-ubyte", files.idx(files.digits(3)))]
    labels = ("t-labels-idx1-ubyte", files.idx(np.array([25, 3, 26])))
    assert dataset.read_many([*digits, labels], emnist).labels.tolist() == [25, 3, -1]


def test_pictures_in_folders_are_labelled_by_the_names_of_classes():
    red = files.picture(Image.new("RGB", (90, 60), "red"), "JPEG")
    members = {"set/cat/1.jpg": red, "set/Dog/2.jpg": red, "set/tree_frog/3.jpg": red}
    members |= {"set/zebra/4.jpg": red, "set/zebra/5.jpg": red, "set/broken/6.jpg": red[:200]}
    read = dataset.read("pets.zip", files.zipped(members), COLOUR)
    assert read.labels.tolist() == [1, 0, 2, -1, -1] and read.stored.shape == (5, 6, 8, 3)
    assert read.labelled_by == {"the folder (cat/1.jpg)": 3}
    assert "labels: zebra names no class of the model: 2 images are used without" in reasons(read)
    assert "broken/6.jpg: It begins like a picture but breaks off" in reasons(read)
    none = read.relabelled("none")
    assert (none.labels == -1).all() and "zebra" not in reasons(none)
    assert read.take(np.array([2])).digit(0).pixels.shape == (6, 8, 3)


def test_a_picture_of_several_things_is_one_picture():
    sheet = Image.new("L", (200, 100), 255)
    sheet.paste(files.digit_image(), (10, 20))
    sheet.paste(files.digit_image(), (120, 20))
    assert len(dataset.read("a.png", files.picture(sheet))) == 2
    assert len(dataset.read("a.png", files.picture(sheet), GREY)) == 1


def test_ink_is_framed_for_a_model_of_larger_digits_too():
    options = Options(target=Input((32, 32, 1)))
    from_file = dataset.read("7_a.png", files.picture(), options)
    from_array = dataset.read(
        "a.npz", files.npz(x=[np.asarray(files.digit_image(ink=255, paper=0))]), options
    )
    assert from_file.stored.shape == (1, 32, 32) and from_file.label(0) == 7
    assert np.abs(from_file.stored.astype(int) - from_array.stored).mean() < 2
    exact = random.integers(0, 256, (2, 32, 32), np.uint8)
    np.testing.assert_array_equal(dataset.read("a.npz", files.npz(x=exact), options).stored, exact)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.unipen", UNIPEN, "pen drawings of digits, and the model takes other pictures"),
        ("a.npz", files.npz(x=np.full((2, 6, 8, 3), np.nan)), "go from nan to nan"),
        ("a.npz", files.npz(x=np.full((2, 6, 8, 3), np.inf)), "go from inf to inf"),
        ("a.npz", files.npz(x=np.zeros((2, 6, 8, 2))), "Expected (n, 6, 8, 3), (n, 144)"),
        ("a.npz", files.npz(x=np.zeros((6, 8, 40))), "pictures go first, (40, 6, 8)"),
        ("a.npz", files.npz(x=np.zeros((2, 100))), "have the shape (2, 100)"),
        ("a.npz", files.npz(x=np.zeros((0, 6, 8, 3))), "have the shape (0, 6, 8, 3)"),
        ("a.npz", files.npz(x=np.zeros((2, 6, 8, 3, 1))), "have the shape (2, 6, 8, 3, 1)"),
        ("a.npz", files.npz(x=np.zeros((1, 8_000, 8_000, 3), np.uint8)), "50,000,000 pixels each"),
        ("a.csv", b"1,2,3\n4,5,6\n", "Expected 144, the values of 6×8×3, or 145 with a label"),
        ("a.png", files.flat_png(8_000, 7_000), "more than the 50,000,000"),
        ("a.jpg", files.picture(Image.new("RGB", (300, 300)), "JPEG")[:500], "breaks off"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_read_says_why(name, content, reason):
    read = dataset.read(name, content, COLOUR)
    assert len(read) == 0 and read.stored.shape == (0, 6, 8, 3)
    assert reason in reasons(read)


def test_labels_that_are_no_classes_leave_the_pictures_without():
    for labels in (np.zeros((5, 2)), np.zeros(4), np.array([None] * 5)):
        read = dataset.read("a.npz", files.npz(x=PIXELS, y=labels), COLOUR)
        assert len(read) == 5 and (read.labels == -1).all()
        assert "The images are used without labels." in reasons(read)


def test_a_set_has_a_budget_in_bytes_and_says_what_it_left_out():
    limits = Limits(set_bytes=3 * PIXELS[0].size + 1)
    content = files.npz(x=PIXELS, y=LABELS)
    read = dataset.read_many([("a.npz", content)], COLOUR, limits=limits)
    np.testing.assert_array_equal(read.stored, PIXELS[:3])
    assert reasons(read) == (
        "a.npz: The set is full: 2 of its 5 images were left out. "
        "A set holds at most 3 of 6×8×3, 433 bytes in all."
    )
    apart = dataset.read_files([("a.npz", content), ("b.npz", content)], COLOUR, limits=limits)
    np.testing.assert_array_equal(apart.stored, PIXELS[:3])
    assert replace(limits, set_bytes=1 << 30).holds((6, 8, 3)) == "A set holds at most 70,000."


def test_thousands_of_one_picture_are_made_to_fit_once(monkeypatch):
    from models.digit import picture

    made, fitted = [], picture.fitted
    monkeypatch.setattr(picture, "fitted", lambda *given: made.append(1) or fitted(*given))
    same = np.broadcast_to(np.asarray(Image.new("RGB", (40, 40), "red")), (3_000, 40, 40, 3))
    read = dataset.read("a.npz", files.npz(x=same), COLOUR)
    assert len(read) == 3_000 and len(made) < 20
    assert (read.stored == read.stored[-1]).all() and read.stored[-1, 0, 0].tolist() == [255, 0, 0]
