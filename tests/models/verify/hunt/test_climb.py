"""Faults that a thousand digits do not show are found, near real digits, and the same each time."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from models.dataset import default_digits, samples
from models.verify.hunt import space
from models.verify.hunt.climb import Climbed
from models.verify.hunt.space import LEVELS, Limits
from tests.models.verify.hunt import planted
from tests.models.verify.hunt.planted import asked, hunted


def near_real_ones(found: Climbed, limits: Limits = Limits()) -> bool:  # noqa: B008
    delta = found.apart.found.delta
    whole = np.allclose(delta * LEVELS, np.rint(delta * LEVELS), atol=1e-3)
    levels = planted.ground().start[found.apart.found.at] + delta
    return bool(
        whole
        and np.abs(delta).max() <= limits.linf + 1e-6
        and space.rms(delta).max() <= limits.rms + 1e-6
        and levels.min() >= 0
        and levels.max() <= 1
    )


@pytest.mark.parametrize("lane", [planted.a_rare_weight, planted.a_clip, planted.an_overflow])
def test_a_fault_that_no_digit_shows_is_found_near_one(lane) -> None:
    found = hunted(asked(lane))
    assert found.real.apart.max() <= 1, "a digit shows it"
    assert found.apart.best[1] > 10
    assert near_real_ones(found)


def test_an_epsilon_that_only_near_constant_pictures_show_is_found_without_gradients() -> None:
    faint = replace(default_digits.digits(1_000))
    faint = replace(faint, stored=(faint.stored * 0.3).astype(np.uint8))
    at = space.of(
        planted.MANIFEST, samples.of_pictures(faint, planted.MANIFEST.pictures()), Limits()
    )

    def normalised(tensors, epsilon):
        pixels = tensors[0].reshape(len(tensors[0]), -1).astype(np.float64)
        centred = pixels - pixels.mean(axis=1, keepdims=True)
        scale = np.sqrt(np.square(centred).mean(axis=1, keepdims=True) + epsilon)
        return planted.network().answers((centred / scale,))

    measure = planted.Measure([planted.ByRule("softmax", 1e-4)], "probabilities")
    found = hunted(
        lambda tensors: measure.scored(normalised(tensors, 1e-7), normalised(tensors, 2e-7)),
        blind=True,
        at=at,
    )
    assert found.real.apart.max() <= 1, "a digit shows it"
    assert found.apart.best[1] > 3


@pytest.mark.parametrize("blind", [False, True])
def test_rounding_is_taken_farther_than_by_any_digit(blind) -> None:
    found = hunted(asked(planted.in_float32), blind=blind)
    assert found.apart.best[1] > 1.5 * found.real.apart.max() > 0


def test_a_top_class_that_uint8_changes_is_found() -> None:
    found = hunted(asked(planted.in_uint8))
    best, score = found.flips.best
    tensors = planted.ground().tensors(best)
    exact, rounded = planted.network().answers(tensors)[0], planted.in_uint8(tensors)[0]
    assert score > 0 and exact.argmax() != rounded.argmax()
    assert score > found.real.flips.max()


def test_the_same_seed_finds_the_same_and_another_one_another() -> None:
    ask = asked(planted.in_float32)
    first, again = hunted(ask, steps=4, seed=3), hunted(ask, steps=4, seed=3)
    other = hunted(ask, steps=4, seed=4)
    assert np.array_equal(first.apart.found.delta, again.apart.found.delta)
    assert np.array_equal(first.apart.scores, again.apart.scores)
    assert not np.array_equal(first.apart.scores, other.apart.scores)
    assert (first.steps, first.asked) == (4, 1_000 + 4 * 128)


def test_without_steps_the_farthest_real_input_is_what_is_found() -> None:
    found = hunted(asked(planted.in_float32), steps=0)
    assert found.apart.best[1] == found.real.apart.max()
    assert not found.apart.found.delta.any()


def test_nothing_is_looked_for_behind_nan() -> None:
    found = hunted(asked(lambda tensors: (np.full((len(tensors[0]), 10), np.nan),)))
    assert found.steps == 0 and found.apart.best[1] == np.inf
