"""How a picture becomes a tensor: each setting by itself, and through a manifest."""

from __future__ import annotations

import numpy as np
import pytest

from models.errors import InputError
from models.formats import model_input
from models.formats.model_input import DIGITS, Input

RANDOM = np.random.default_rng(3)
GREY = RANDOM.random((2, 4, 6), np.float32)
COLOUR = RANDOM.random((2, 4, 6, 3), np.float32)


def of(shape, **settings) -> Input:
    return model_input.checked(Input(shape, framing="none", **settings))


def test_a_digit_gets_a_channel_and_nothing_else():
    digits = RANDOM.random((3, 28, 28), np.float32)
    made = DIGITS.tensor(digits)
    assert made.shape == (3, 28, 28, 1) and (made[..., 0] == digits).all()
    assert DIGITS.is_digit and DIGITS.picture == (28, 28)


def test_layouts_put_the_same_values_elsewhere():
    assert (of((4, 6), layout="HW").tensor(GREY) == GREY).all()
    assert (of((1, 4, 6), layout="CHW").tensor(GREY)[:, 0] == GREY).all()
    assert (of((3, 4, 6), layout="CHW").tensor(COLOUR) == COLOUR.transpose(0, 3, 1, 2)).all()
    flat = of((36,), layout="flat")
    assert flat.size == (6, 6)
    square = RANDOM.random((2, 6, 6), np.float32)
    assert (flat.tensor(square) == square.reshape(2, 36)).all()
    coloured = of((72,), layout="flat", flattened=(4, 6, 3), order="bgr")
    assert (coloured.size, coloured.channels, coloured.picture) == ((4, 6), 3, (4, 6, 3))
    assert (coloured.tensor(COLOUR) == COLOUR[..., ::-1].reshape(2, 72)).all()


def test_colours_are_turned_round_before_each_channel_is_scaled():
    given = of((4, 6, 3), order="bgr", scale=(1.0, 2.0, 4.0), offset=(0.0, 0.0, -1.0))
    made = given.tensor(COLOUR)
    assert (made[..., 0] == COLOUR[..., 2]).all()
    assert (made[..., 1] == COLOUR[..., 1] * 2).all()
    assert (made[..., 2] == COLOUR[..., 0] * 4 - 1).all()


def test_transparency_stays_last_when_colours_are_turned_round():
    pictures = RANDOM.random((2, 4, 6, 4), np.float32)
    made = of((4, 6, 4), order="bgr").tensor(pictures)
    assert (made == pictures[..., [2, 1, 0, 3]]).all()


@pytest.mark.parametrize("dtype", model_input.DTYPES)
def test_every_level_arrives_as_it_is_in_any_dtype(dtype):
    levels = np.arange(256, dtype=np.float32).reshape(1, 16, 16) / np.float32(255)
    made = of((16, 16, 1), scale=(255.0,), dtype=dtype).tensor(levels)
    assert made.dtype == dtype
    assert (np.rint(made).ravel() == np.arange(256)).all()
    if "int" in dtype:
        assert (made.ravel() == np.arange(256)).all()


def test_what_is_beyond_the_dtype_is_its_end():
    made = of((4, 6, 1), scale=(300.0,), offset=(-20.0,), dtype="uint8").tensor(
        GREY * 0 + [0, 1] * 3
    )
    assert set(made.ravel().tolist()) == {0, 255}


SETTINGS = [
    DIGITS,
    of((224, 224, 3), scale=(2.0,), offset=(-1.0,), fit="cover", interpolation="area"),
    of((3, 32, 32), layout="CHW", order="bgr", scale=(4.0, 5.0, 6.0), offset=(-1.0, -2.0, -3.0)),
    of((784,), layout="flat", dtype="uint8"),
    of((48,), layout="flat", flattened=(4, 4, 3), order="bgr"),
]


@pytest.mark.parametrize("given", SETTINGS)
def test_a_manifest_keeps_it_and_what_is_as_usual_is_not_written(given):
    stored = given.stored()
    assert (
        model_input.parse({k: list(v) if isinstance(v, tuple) else v for k, v in stored.items()})
        == given
    )
    assert "dtype" not in stored or given.dtype != "float32"
    assert set(DIGITS.stored()) == {"shape", "scale"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"shape": [28, 28]},
        {"shape": [28, 28, 2]},
        {"shape": [785], "layout": "flat", "framing": "none"},
        {"shape": [48], "layout": "flat", "framing": "none"},  # in colour, which is not said
        {"shape": [48], "layout": "flat", "framing": "none", "flattened": [4, 4]},
        {"shape": [48], "layout": "flat", "framing": "none", "flattened": [4, 6, 2]},
        {"shape": [48], "layout": "flat", "framing": "none", "flattened": [4, 5, 3]},
        {"shape": [48], "layout": "flat", "framing": "none", "flattened": [-4, -4, 3]},
        {"shape": [4, 4, 3], "framing": "none", "flattened": [4, 4, 3]},
        {"scale": [1.0, 2.0]},
        {"scale": 0},
        {"offset": float("inf")},
        {"dtype": "int64"},
        {"layout": "WHC"},
        {"shape": [28, 28, 3]},  # framed as MNIST
    ],
)
def test_what_does_not_fit_together_is_refused(wrong):
    with pytest.raises(ValueError):
        model_input.parse({"shape": [28, 28, 1], "scale": 1.0} | wrong)


def test_other_pictures_are_refused_in_a_sentence():
    with pytest.raises(InputError, match=r"Expected \(n, 28, 28\)"):
        DIGITS.tensor(GREY)
