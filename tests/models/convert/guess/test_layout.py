"""Which shapes are pictures: said where it is a guess, and another where a person says so."""

from __future__ import annotations

import pytest

from models.convert.guess import layout
from models.errors import ModelError
from models.formats import model_input
from models.formats.labels import Facts
from models.formats.wanted import Wanted
from tests.models.convert.guess import described

CONVOLUTIONS = described.convolutions()


def found(shape, description=CONVOLUTIONS, facts=None, wanted=None, dtype="float32"):
    (tensor,) = described.picture(*shape, dtype=dtype)
    return layout.taken(tensor, description, facts or Facts(), wanted or Wanted())


PICTURES = [
    ((28, 28, 1), "HWC", (28, 28), 1),
    ((224, 224, 3), "HWC", (224, 224), 3),
    ((48, 160, 4), "HWC", (48, 160), 4),
    ((3, 32, 32), "CHW", (32, 32), 3),
    ((1, 28, 28), "CHW", (28, 28), 1),
    ((28, 28), "HW", (28, 28), 1),
    ((30, 40), "HW", (30, 40), 1),
    ((784,), "flat", (28, 28), 1),
    ((64,), "flat", (8, 8), 1),
    ((3072,), "flat", (32, 32), 3),
    ((150_528,), "flat", (224, 224), 3),
]
SURE = {"HWC"}  # what else could it be


@pytest.mark.parametrize("shape, wanted_layout, size, channels", PICTURES)
def test_a_picture_is_known_and_what_was_guessed_of_it_is_said(
    shape, wanted_layout, size, channels
):
    taken, said = found(shape)
    assert taken is not None
    assert (taken.layout, taken.size, taken.channels, taken.shape) == (
        wanted_layout,
        size,
        channels,
        shape,
    )
    assert bool(said) == (wanted_layout not in SURE)
    assert all("--layout" in each and each.endswith("changes it.") for each in said)


@pytest.mark.parametrize(
    "shape",
    [
        *(
            (4,),
            (48,),
            (63,),
            (147,),
            (100_000,),
            (1,),
            (None,),
            (5, 200),
            (None, 13),
            (None, None),
        ),
        *((28, 28, 2), (4, 4, 3), (7, 28, 28, 1)),
    ],
)
def test_tables_sequences_and_films_are_no_pictures(shape):
    assert found(shape) == (None, [])


@pytest.mark.parametrize("length, size", [(192, "8×8"), (300, "10×10"), (768, "16×16")])
def test_as_many_numbers_as_tables_have_are_one_and_the_picture_that_they_may_be_is_said(
    length, size
):
    taken, (sentence,) = found((length,))
    assert taken is None and sentence.startswith(
        f"{length} values are taken for numbers of a table"
    )
    assert f"of {size} in colour" in sentence and "--layout flat changes it." in sentence


@pytest.mark.parametrize(
    "length, wanted, picture",
    [
        (48, Wanted(layout="flat"), (4, 4, 3)),
        (48, Wanted(size=(4, 4)), (4, 4, 3)),
        (300, Wanted(layout="flat"), (10, 10, 3)),
        (1024, Wanted(size=(16, 16)), (16, 16, 4)),
        (14_400, Wanted(size=(60, 80)), (60, 80, 3)),
        (4800, Wanted(layout="flat", size=(60, 80)), (60, 80)),
    ],
)
def test_a_row_of_numbers_is_the_picture_that_a_person_says(length, wanted, picture):
    taken, said = found((length,), wanted=wanted)
    assert taken is not None and taken.picture == picture and said == []
    assert model_input.checked(taken) == taken


def test_the_size_that_a_file_beside_the_model_says_explains_a_row_of_numbers():
    beside = Facts(size=(16, 16), source="metadata.json")
    taken, (sentence,) = found((768,), facts=beside)
    assert (
        taken is not None and taken.picture == (16, 16, 3) and "as metadata.json says" in sentence
    )
    taken, _ = found((768,), facts=Facts(size=(20, 20), source="metadata.json"))
    assert taken is None
    grey, _ = found((1024,), facts=Facts(size=(32, 32), grey=True, source="metadata.json"))
    assert grey is not None and grey.picture == (32, 32)


@pytest.mark.parametrize("shape, option", [((100, 13), "HW"), ((43, 232, 1), "HWC")])
def test_what_is_far_from_a_square_is_taken_for_no_picture_and_that_is_said(shape, option):
    taken, (sentence,) = found(shape)
    assert taken is None and f"--layout {option} changes it." in sentence
    taken, said = found(shape, wanted=Wanted(layout=option))
    assert taken is not None and taken.shape == shape and said == []


LSTM, WORDS = (
    described.layers(described.layer("LSTM")),
    described.layers(described.layer("Embedding")),
)


def test_rows_that_a_layer_goes_along_are_a_sequence_but_those_of_mnist():
    taken, (sentence,) = found((40, 40), LSTM)
    assert taken is None and "sequence" in sentence and "--layout HW" in sentence
    loop = described.graph(("TensorListFromTensor", "a", "x"), ("While", "b", "a"))
    assert found((40, 40), loop)[0] is None
    taken, said = found((28, 28), LSTM)
    assert taken is not None and "--layout none" in said[0]


def test_words_are_no_picture_however_many_there_are():
    assert found((100,), WORDS) == (None, [])
    assert found((100,), described.graph(("GatherV2", "a", "w x axis"))) == (None, [])
    assert found((100,), dtype="int64") == (None, [])
    assert found((100,), dtype="int32") == (None, [])


@pytest.mark.parametrize("dtype", ["uint8", "int32", "float16"])
def test_pictures_may_be_whole_numbers(dtype):
    assert found((32, 32, 3), dtype=dtype)[0] is not None


def test_free_sizes_are_chosen_and_said():
    colour, said = found((None, None, 3))
    assert colour is not None and colour.shape == (224, 224, 3)
    assert len(said) == 1 and "224×224 was chosen" in said[0] and "--size" in said[0]
    grey, _ = found((None, None, 1))
    assert grey is not None and grey.shape == (28, 28, 1)
    half, _ = found((None, 160, 3))
    assert half is not None and half.shape == (224, 160, 3)
    beside, said = found((None, None, 3), facts=Facts(size=(96, 96)))
    assert beside is not None and beside.size == (96, 96) and "beside it" in said[0]


def test_the_size_that_a_person_says_is_taken_and_nothing_is_said():
    taken, said = found((3, None, None), wanted=Wanted(size=(64, 48)))
    assert taken is not None and taken.shape == (3, 64, 48) and len(said) == 1  # of the layout


@pytest.mark.parametrize(
    "shape, wanted, words",
    [
        ((32, 32, 3), Wanted(size=(64, 64)), "--size 64x64 does not fit: .* 32x32"),
        ((28, 28), Wanted(layout="HWC"), "--layout HWC is for 3 sizes; the model takes 28×28"),
        ((None, None, None), Wanted(layout="HWC"), "leaves open"),
        ((None,), Wanted(layout="flat"), "leaves open"),
        ((50,), Wanted(layout="flat"), "50 values are no square picture.* --size HEIGHTxWIDTH"),
        ((3072,), Wanted(size=(16, 16)), "--size 16x16 does not fit: the model takes 3072 values"),
        ((3072,), Wanted(size=(4096, 4096)), "does not fit"),
    ],
)
def test_what_does_not_fit_the_model_is_refused_in_a_sentence(shape, wanted, words):
    with pytest.raises(ModelError, match=words):
        found(shape, wanted=wanted)


def test_numbers_that_no_picture_has_are_refused_where_one_is_wanted():
    with pytest.raises(ModelError, match="--layout is for pictures; the model takes int64"):
        found((28, 28), wanted=Wanted(layout="HW"), dtype="int64")
