"""Nothing is called the same that was not compared."""

from __future__ import annotations

from models.bisect.bisection import Bisection
from models.bisect.sentences import numbers
from models.lanes import REFERENCE, Lane

GRAPH = Lane("graph", "tfjs/wasm")


def test_arrays_that_were_compared_are_counted():
    (said,) = numbers(Bisection(GRAPH, REFERENCE, same=2))
    assert "(2 arrays, the same numbers)" in said and "tfjs/wasm" in said
    (none,) = numbers(Bisection(GRAPH, REFERENCE))
    assert "(no arrays)" in none and "same numbers" not in none


def test_arrays_without_a_counterpart_are_named_and_not_called_the_same():
    lost = ("gru/kernel", "gru/bias")
    (said,) = numbers(Bisection(GRAPH, REFERENCE, same=1, not_compared=lost))
    assert said == "In the files there, not compared: 2 arrays (gru/kernel; gru/bias)."


def test_what_differs_in_the_files_is_left_to_the_suspects():
    assert not list(numbers(Bisection(GRAPH, REFERENCE, suspects=("conv/kernel: …",), same=1)))
