"""Images and labels in a file each find each other, whatever the files' kind."""

from __future__ import annotations

import io

import numpy as np
import pytest

from models import dataset
from models.dataset.readers import pairs
from tests.support import dataset_files as files

PIXELS = files.digits(12)
LABELS = np.arange(12) % 10


def npy(values) -> bytes:
    file = io.BytesIO()
    np.save(file, values)
    return file.getvalue()


def column(values) -> bytes:
    return "".join(f"{each}\n" for each in values).encode()


def rows(values) -> bytes:
    return "\n".join(",".join(map(str, row)) for row in values.reshape(len(values), -1)).encode()


def assert_is_the_set(read):
    assert read.skipped == ()
    np.testing.assert_array_equal(read.stored, PIXELS)
    np.testing.assert_array_equal(read.labels, LABELS)


@pytest.mark.parametrize(
    ("images", "labels"),
    [
        ("X_test.npy", "y_test.npy"),
        ("x_train.npy", "y_train.npy"),
        ("Xtest.npy", "ytest.npy"),
        ("images.npy", "labels.npy"),
        ("testImages.npy", "testLabels.npy"),
        ("mnist-test-imgs.npy", "mnist-test-lbls.npy"),
        ("data.npy", "target.npy"),
        ("features.npy", "classes.npy"),
        ("test/x.npy", "test/y.npy"),
        ("images/part1.npy", "labels/part1.npy"),
    ],
)
def test_a_pair_is_found_by_its_names(images, labels):
    others = [("other_x.npy", npy(PIXELS[::-1])), ("other_y.npy", npy(LABELS[::-1]))]
    for given in ([(images, npy(PIXELS)), (labels, npy(LABELS))], others):
        assert len(dataset.read_many(given)) == 12
    given = [(labels, npy(LABELS)), (images, npy(PIXELS)), *others]
    read = dataset.read_many(given)
    np.testing.assert_array_equal(read.stored, np.concatenate([PIXELS, PIXELS[::-1]]))
    np.testing.assert_array_equal(read.labels, np.concatenate([LABELS, LABELS[::-1]]))
    packed = files.zipped(dict(given[:2]))
    assert_is_the_set(dataset.read("a.zip", packed))


@pytest.mark.parametrize(
    "labels",
    [LABELS, LABELS[:, None], LABELS[None], LABELS.astype(float), np.eye(10)[LABELS]],
    ids=["(n,)", "(n, 1)", "(1, n)", "floats", "one-hot"],
)
def test_labels_have_any_usual_shape(labels):
    assert_is_the_set(dataset.read_many([("x.npy", npy(PIXELS)), ("y.npy", npy(labels))]))


@pytest.mark.parametrize(
    "given",
    [
        {"a.npz": files.npz(arr_0=PIXELS), "b.npz": files.npz(arr_0=LABELS)},
        {"x.csv": rows(PIXELS), "y.csv": column(LABELS)},
        {"x.csv": rows(PIXELS), "y.csv": column(["label", *LABELS])},
        {"x.npy": npy(PIXELS), "y.txt": column(LABELS)},
        {"imgs.idx3-ubyte": files.idx(PIXELS), "y.npy": npy(LABELS)},
    ],
    ids=["npz", "csv", "csv with a header", "npy and a text", "idx and npy"],
)
def test_a_pair_may_be_of_any_kinds(given):
    assert_is_the_set(dataset.read_many(given.items()))


def test_the_only_images_of_as_many_are_taken_whatever_the_names():
    assert_is_the_set(dataset.read_many([("a.npy", npy(PIXELS)), ("b.npy", npy(LABELS))]))


def test_labels_that_fit_several_files_are_given_to_none():
    given = [("a.npy", npy(PIXELS)), ("b.npy", npy(PIXELS)), ("c.npy", npy(LABELS))]
    read = dataset.read_many(given)
    assert (read.labels == -1).all()
    assert "2 files have as many images" in read.skipped[0].reason


def test_labels_of_another_number_are_given_to_none():
    read = dataset.read_many([("x.npy", npy(PIXELS)), ("y.npy", npy(LABELS[:-1]))])
    assert (read.labels == -1).all()
    assert "These 11 labels belong to no images" in read.skipped[0].reason


def test_a_single_picture_is_no_labels():
    read = dataset.read("a.npy", npy(PIXELS[0].reshape(-1)))
    np.testing.assert_array_equal(read.stored, PIXELS[:1])
    assert read.names == ("a.npy",)


def test_a_picture_that_is_alone_may_be_labelled_by_its_folder():
    read = dataset.read("a.zip", files.zipped({"7/a.npy": npy(PIXELS[0])}))
    assert read.labels.tolist() == [7]


def test_thousands_of_files_find_each_other_at_once():
    one, label = npy(PIXELS[:1]), npy(LABELS[:1])
    members = {
        f"{part}{number}.npy": content
        for number in range(2_000)
        for part, content in (("x", one), ("y", label))
    }
    read = dataset.read("a.zip", files.zipped(members))
    assert len(read) == 2_000 and read.labels.tolist() == [0] * 2_000 and read.skipped == ()


@pytest.mark.parametrize(
    ("name", "images", "labels"),
    [
        ("X_test", True, False),
        ("test_labels", False, True),
        ("weights", False, False),
        ("train-images-idx3-ubyte", True, False),
        ("image_class", False, True),
    ],
)
def test_what_a_name_says(name, images, labels):
    assert (pairs.are_images(name), pairs.are_labels(name)) == (images, labels)


@pytest.mark.parametrize("given", ["X_test.npy", "y_test.npy"])
def test_one_of_a_pair_finds_the_other_beside_it(given, tmp_path):
    (tmp_path / "X_test.npy").write_bytes(npy(PIXELS))
    (tmp_path / "y_test.npy").write_bytes(npy(LABELS))
    (tmp_path / "y_train.npy").write_bytes(npy(LABELS[::-1]))
    assert_is_the_set(dataset.read_path(tmp_path / given))
