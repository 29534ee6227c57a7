"""What a manifest keeps of a reference is all that a page needs to judge as the command does."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from models.dataset.samples import Samples
from models.errors import InputError
from models.formats import store
from models.formats.tensors import Tensor
from models.lanes import REFERENCE, Lane
from models.parity import judgement
from models.parity.judgement import ByRule, ByTolerance
from models.runtimes import references
from models.runtimes.references import Reference

SOFTMAX = np.random.default_rng(1).dirichlet(np.ones(4), 20)
SIGMOID = np.random.default_rng(2).random((20, 4))


def reference(base, judge) -> Reference:
    return Reference(REFERENCE, (base.astype(np.float32),), (base,), (judge,))


def test_a_tolerance_that_a_person_gave_is_not_kept():
    assert reference(SOFTMAX, ByTolerance(1e-3, 0.0)).rounding is None


def test_more_inputs_than_fit_into_memory_are_refused_before_any_is_read():
    def read(_places):
        raise AssertionError("an input was read")

    photos = replace(
        store.manifest(store.DEFAULT), input=None, tensors=(Tensor("in", (224, 224, 3)),)
    )
    many = Samples(np.zeros(3_567, np.int64), read)
    with pytest.raises(InputError, match=r"3,567 inputs .* at most 3,566 can be compared"):
        references.find(photos, store.SHIPPED, many)


def test_of_a_softmax_the_bound_is_kept():
    kept = reference(SOFTMAX, ByRule("softmax", 2e-5)).rounding
    assert kept is not None and (kept.head, kept.bound, kept.scale) == ("softmax", 2e-5, None)


@pytest.mark.parametrize(
    ("answers", "outputs", "units"),
    [
        ("probabilities", [SOFTMAX], ["class"]),
        ("logits", [SIGMOID], ["class"]),
        ("values", [SIGMOID], ["value"]),
        ("values", [SIGMOID, SOFTMAX], ["value", "class"]),
    ],
)
def test_a_number_of_an_output_is_a_class_only_where_it_is_one(answers, outputs, units):
    manifest = replace(store.manifest(store.DEFAULT), answers=answers)
    assert references._units(manifest, tuple(outputs)) == units


@pytest.mark.parametrize("place", [0, 19])
def test_of_other_values_the_scale_is_kept_so_that_one_digit_is_judged_as_the_set_was(place):
    found = reference(SIGMOID * np.linspace(1e-3, 1, 20)[:, None], ByRule("values", 1e-4))
    page = judgement.stored(replace(store.manifest(store.DEFAULT), rounding=found.rounding))
    lane, other = Lane("graph", "tfjs/wasm"), found.base[0].copy()
    other[place, 2] += 0.9e-4 * found.base[0].max()
    assert found.judge.judge(lane, *found.base, other).kind == "passed"
    assert page.judge(lane, found.base[0][[place]], other[[place]]).kind == "passed"
    other[place, 2] += 0.2e-4 * found.base[0].max()
    assert found.judge.judge(lane, *found.base, other).kind == "differs"
    assert page.judge(lane, found.base[0][[place]], other[[place]]).kind == "differs"
