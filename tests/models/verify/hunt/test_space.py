"""What is added to a real input keeps it a real input of the model, whatever that takes."""

from __future__ import annotations

import numpy as np
import pytest

from models.dataset import samples
from models.errors import InputError
from models.formats.manifest import Manifest
from models.formats.model_input import Input
from models.formats.tensors import Tensor
from models.verify.hunt import space
from models.verify.hunt.space import LEVELS, Candidates, Limits

INPUTS = {
    "digits": Input(),
    "bytes": Input((6, 5, 3), (255.0,), framing="none", dtype="uint8"),
    "channels first, blue first": Input(
        (3, 6, 5), (2.0, 1.0, 0.5), (-1.0, 0.0, 0.5), "CHW", "bgr", framing="none"
    ),
    "inverted and flat": Input((30,), (-1.0,), (1.0,), "flat", framing="none", flattened=(6, 5, 1)),
}


def manifest_of(given: Input | None, takes: tuple[Tensor, ...] = ()) -> Manifest:
    return Manifest("any", "Any", ("a", "b"), {}, {}, input=given, tensors=takes)


def made(given: Input) -> tuple[space.Space, np.ndarray]:
    levels = np.random.default_rng(0).integers(0, 256, (7, *given.picture))
    tensors = given.tensor((levels / LEVELS).astype(np.float32))
    takes = (Tensor("x", given.shape, given.dtype),)
    ground = space.of(manifest_of(given, takes), samples.of_tensors((tensors,)), Limits())
    return ground, levels


@pytest.mark.parametrize("given", INPUTS.values(), ids=INPUTS)
def test_pictures_come_back_from_what_was_made_of_them(given) -> None:
    ground, levels = made(given)
    real = Candidates(np.arange(7), np.zeros((7, ground.size), np.float32))
    assert np.array_equal(ground.pictures(real), levels)
    assert np.array_equal(ground.tensors(real)[0], ground.real[0])


@pytest.mark.parametrize("given", INPUTS.values(), ids=INPUTS)
def test_a_slope_in_what_the_model_takes_is_one_in_the_picture(given) -> None:
    """Of a weighted sum, each value changes it by its weight."""
    ground, _ = made(given)
    weights = np.random.default_rng(1).normal(size=ground.real[0].shape[1:])
    slope = ground.slopes((np.broadcast_to(weights, ground.real[0].shape),))[0]
    for value in range(0, ground.size, 7):
        delta = np.zeros((2, ground.size), np.float32)
        delta[1, value] = 10 / LEVELS * (1 if ground.start[0, value] < 0.5 else -1)
        sums = (ground.tensors(Candidates(np.zeros(2, np.int64), delta))[0] * weights).sum(
            axis=tuple(range(1, ground.real[0].ndim))
        )
        assert np.diff(sums)[0] == pytest.approx(slope[value] * delta[1, value], rel=1e-2)


@pytest.mark.parametrize("limits", [Limits(), Limits(0.02, 1.0), Limits(1.0, 0.004)])
def test_nothing_gets_farther_than_the_limits_and_out_of_the_range(limits) -> None:
    given = INPUTS["digits"]
    levels = np.random.default_rng(0).integers(0, 256, (5, *given.picture))
    real = (given.tensor((levels / LEVELS).astype(np.float32)),)
    ground = space.of(manifest_of(given), samples.of_tensors(real), limits)
    wild = np.random.default_rng(2).normal(size=(5, ground.size)).astype(np.float32) * 3
    found = ground.within(Candidates(np.arange(5), wild))
    assert 0 < np.abs(found.delta).max() <= limits.linf + 1e-6
    assert space.rms(found.delta).max() <= limits.rms + 1e-6
    pictures = ground.pictures(found)
    assert pictures.min() >= 0 and pictures.max() <= 255
    assert np.array_equal(pictures, np.rint(pictures))


def test_of_several_inputs_floats_move_and_whole_numbers_stay() -> None:
    takes = (Tensor("words", (4,), "int32", values=9), Tensor("sizes", (3,)), Tensor("one", (1,)))
    random = np.random.default_rng(3)
    real = (
        random.integers(0, 9, (6, 4)).astype(np.int32),
        random.normal(size=(6, 3)).astype(np.float32) * 100,
        np.ones((6, 1), np.float32),
    )
    ground = space.of(manifest_of(None, takes), samples.of_tensors(real), Limits())
    assert ground.size == 4 and not ground.shape
    found = ground.within(Candidates(np.arange(6), random.normal(size=(6, 4)).astype("f4")))
    words, sizes, _ = ground.tensors(found)
    assert np.array_equal(words, real[0]) and not np.array_equal(sizes, real[1])
    span = real[1].max() - real[1].min()
    assert np.abs(sizes - real[1]).max() <= (0.3 + 1e-5) * span
    assert sizes.max() <= real[1].max() + 1e-3 and sizes.min() >= real[1].min() - 1e-3


def test_words_alone_cannot_be_climbed() -> None:
    takes = (Tensor("words", (4,), "int32", values=9),)
    with pytest.raises(InputError, match="whole numbers that are no picture"):
        space.of(manifest_of(None, takes), samples.of_tensors((np.zeros((3, 4), "i4"),)), Limits())


@pytest.mark.parametrize("limits", [(0, 0.1), (0.3, -1), (float("nan"), 0.1), (0.3, float("inf"))])
def test_a_distance_that_is_none_is_refused(limits) -> None:
    with pytest.raises(InputError, match="Expected a share of the range"):
        Limits(*limits).checked()
