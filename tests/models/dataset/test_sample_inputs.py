"""What a model is compared on unless other inputs are given."""

from __future__ import annotations

import os
import sys
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from models.dataset import sample_inputs
from models.errors import InputError
from models.formats.model_input import Input
from models.formats.store import SHIPPED, manifest
from models.formats.tensors import Tensor
from tests.support import dataset_files as files

COLOUR = Input((32, 32, 3), scale=(255.0,), framing="none")


def taking(tensors=(), given=None):
    """The shipped manifest of a model that takes something else."""
    return replace(manifest("mnist"), input=given, tensors=tensors)


def test_a_model_of_digits_is_compared_on_digits():
    found = sample_inputs.find(manifest("mnist"), SHIPPED)
    (pixels,) = found.samples.tensors(0, 5)
    assert pixels.shape == (5, 28, 28, 1) and len(found.samples) == 1_000
    assert "900 of them variations" in found.described


def test_a_model_of_other_pictures_is_compared_on_pictures_of_its_own_kind(tmp_path):
    found = sample_inputs.find(taking((Tensor("in", (32, 32, 3)),), COLOUR), tmp_path)
    (pixels,) = found.samples.tensors()
    assert pixels.shape == (1_000, 32, 32, 3) and found.described == "1,000 generated pictures"
    assert pixels.min() < 10 and pixels.max() > 245, "in the range that the model takes"
    assert (
        np.ptp(pixels.mean(axis=(1, 2, 3))) > 60 and np.ptp(pixels.mean(axis=(1, 2)), 1).max() > 30
    )


def test_a_model_of_other_small_pictures_is_compared_on_its_own_examples(tmp_path):
    (tmp_path / "examples.npz").write_bytes(
        files.npz(x_test=np.full((3, 28, 28), 9, np.uint8), y_test=np.arange(3))
    )
    given = Input((28, 28, 1), framing="none")
    found = sample_inputs.find(taking((), given), tmp_path)
    assert found.described == "1,000 pictures, 997 of them variations of the others"


def put_examples(folder, count, shape=(30, 20)):
    """Pictures, each of one grey, in folders named as classes; and a note, which is none."""
    for number in range(count):
        path = folder / "examples" / ("cat", "dog")[number % 2] / f"{number:03}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(files.picture(Image.new("RGB", shape, (number, number, number))))
    (folder / "examples" / "notes.txt").write_text("no picture")


def of_pets(given=COLOUR):
    return replace(taking((Tensor("in", given.shape),), given), classes=("cat", "dog"))


def test_the_operators_examples_come_first_and_generated_pictures_make_up_their_number(tmp_path):
    put_examples(tmp_path, 3)
    found = sample_inputs.find(of_pets(), tmp_path)
    assert found.described == "3 of the model's examples and 61 generated pictures"
    assert found.source == "the model's examples and generated pictures"
    assert found.samples.labels.tolist() == [0, 0, 1, *[-1] * 61]
    (pixels,) = found.samples.tensors()
    assert [each.tolist() for each in pixels[:3, 5, 5, 0]] == [0, 2, 1], "by class, then by name"
    assert [each.file for each in found.skipped] == ["notes.txt"]


def test_inputs_that_are_joined_keep_the_places_that_are_asked_for(tmp_path):
    put_examples(tmp_path, 3)
    found = sample_inputs.find(of_pets(), tmp_path).samples
    (all_of_them,), (few,) = found.tensors(), found.take(np.array([40, 1, 63, 0])).tensors()
    np.testing.assert_array_equal(few, all_of_them[[40, 1, 63, 0]])
    (last,) = found.tensors(60, 64)
    np.testing.assert_array_equal(last, all_of_them[60:])


def test_enough_examples_of_the_operators_are_all_that_is_compared_on(tmp_path):
    put_examples(tmp_path, 70)
    found = sample_inputs.find(of_pets(), tmp_path)
    assert found.described == "70 of the model's examples" and len(found.samples) == 70
    assert found.source == "the model's examples" and (found.samples.labels >= 0).all()


def test_of_very_many_examples_as_many_are_taken_as_fit_into_memory(tmp_path):
    (tmp_path / "examples.npz").write_bytes(files.npz(x=np.zeros((1200, 8, 8, 3), np.uint8)))
    found = sample_inputs.find(of_pets(Input((8, 8, 3), framing="none")), tmp_path)
    assert found.described == "1,000 of the model's examples" and len(found.samples) == 1_000


def test_a_folder_of_examples_counts_for_small_grey_pictures_too(tmp_path):
    put_examples(tmp_path, 5, (28, 28))
    found = sample_inputs.find(of_pets(Input((28, 28, 1), framing="none")), tmp_path)
    assert found.described == "1,000 pictures, 995 of them variations of the others"


def test_examples_that_cannot_be_read_leave_generated_pictures_and_are_said(tmp_path):
    (tmp_path / "examples.npz").write_bytes(b"PK\x03\x04 damaged")
    found = sample_inputs.find(of_pets(), tmp_path)
    assert found.described == "1,000 generated pictures"
    assert [each.file for each in found.skipped] == ["examples.npz"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pipes in folders")
def test_a_pipe_in_place_of_examples_keeps_nobody_waiting(tmp_path):
    os.mkfifo(tmp_path / "examples.npz")
    found = sample_inputs.find(of_pets(), tmp_path)
    assert found.described == "1,000 generated pictures" and not found.skipped


def test_data_of_which_nothing_can_be_read_says_why(tmp_path):
    for number in range(5):
        (tmp_path / f"{number}.png").write_text("no picture")
    with pytest.raises(InputError) as caught:
        sample_inputs.find(of_pets(), tmp_path, tmp_path)
    said = str(caught.value)
    assert said.startswith(f"No input could be read from {tmp_path}. 0.png: ")
    assert "2.png: " in said and "3.png" not in said and said.endswith(" 2 more were skipped.")


def test_data_for_a_model_of_pictures_are_pictures_labelled_by_its_classes(tmp_path):
    path = tmp_path / "cat" / "a.png"
    path.parent.mkdir()
    path.write_bytes(files.picture(Image.new("RGB", (50, 40), "red")))
    found = sample_inputs.find(of_pets(), tmp_path, tmp_path)
    (pixels,) = found.samples.tensors()
    assert pixels.shape == (1, 32, 32, 3) and pixels[0, 5, 5].tolist() == [255, 0, 0]
    assert found.samples.labels.tolist() == [0] and found.described == "1 pictures"


def test_data_for_any_other_model_are_its_arrays(tmp_path):
    path = tmp_path / "a.npz"
    path.write_bytes(files.npz(x0=np.ones((3, 4)), x1=np.arange(6).reshape(3, 2), y=np.arange(3)))
    takes = (Tensor("values", (4,)), Tensor("words", (2,), "int32", values=6))
    found = sample_inputs.find(taking(takes), tmp_path, path)
    values, words = found.samples.tensors(1, 3)
    assert values.tolist() == [[1] * 4] * 2 and words.tolist() == [[2, 3], [4, 5]]
    assert found.samples.labels.tolist() == [0, 1, 2] and found.described == "3 inputs"


def test_large_pictures_are_fewer():
    def count(*shape):
        return sample_inputs.how_many((Tensor("in", shape),))

    assert (count(28, 28, 1), count(224, 224, 3), count(512, 512, 3)) == (1_000, 111, 64)
    assert (count(1024, 1024, 3), count(1 << 24)) == (21, 4), "they have to fit into memory"


@pytest.mark.parametrize(
    ("tensor", "least", "most"),
    [
        (Tensor("words", (40,), "int32", values=7), 0, 6),
        (Tensor("bytes", (40,), "uint8"), 0, 255),
        (Tensor("mask", (40,), "bool"), 0, 1),
        (Tensor("kind", (40,), "int64"), 0, 1),
    ],
)
def test_integers_are_those_that_the_model_can_take(tensor, least, most):
    (values,) = sample_inputs.generated((tensor,), 200)
    assert values.shape == (200, 40) and values.dtype == tensor.dtype
    assert (values.min(), values.max()) == (least, most)


def test_several_inputs_have_a_row_each_and_are_the_same_every_time(tmp_path):
    tensors = (Tensor("picture", (8, 8, 1)), Tensor("values", (None, 3), size=(5, 3)))
    one, again = (sample_inputs.find(taking(tensors), tmp_path) for _ in range(2))
    assert [each.shape for each in one.samples.tensors(0, 4)] == [(4, 8, 8, 1), (4, 5, 3)]
    for first, second in zip(one.samples.tensors(), again.samples.tensors(), strict=True):
        np.testing.assert_array_equal(first, second)


def test_some_are_taken_by_their_places(tmp_path):
    found = sample_inputs.find(taking((Tensor("values", (3,)),)), tmp_path).samples
    few = found.take(np.array([7, 2]))
    np.testing.assert_array_equal(few.tensors()[0], found.tensors()[0][[7, 2]])
    np.testing.assert_array_equal(few.take(np.array([1])).tensors()[0], found.tensors(2, 3)[0])
