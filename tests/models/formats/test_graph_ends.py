"""The tensors of a graph are found in the model's own order, whatever the converter called them."""

from __future__ import annotations

import pytest

from models.formats import graph_ends
from models.formats.tensors import Tensor


def tensors(*names):
    return tuple(Tensor(name, (3,)) for name in names)


def in_order(there, *names):
    return graph_ends.in_order("output", dict(there), tensors(*names))


def test_names_of_the_signature_are_taken_whatever_their_order():
    there = {"b": "Identity:0", "a": "Identity_1:0"}
    assert in_order(there, "a", "b") == ["Identity_1:0", "Identity:0"]


def test_outputs_of_one_shape_are_numbered_in_the_order_of_their_names():
    """The converter names those alone whose shape no other has: this is what it wrote."""
    there = {"Identity_2:0": "Identity_2:0", "Identity:0": "Identity:0", "m": "Identity_1:0"}
    assert in_order(there, "z", "a", "m") == ["Identity_2:0", "Identity:0", "Identity_1:0"]


def test_more_outputs_than_ten_are_ordered_by_number():
    numbered = ["Identity:0", *(f"Identity_{number}:0" for number in range(1, 13))]
    names = sorted(f"o{number}" for number in range(13))
    assert in_order({each: each for each in sorted(numbered)}, *names) == numbered


@pytest.mark.parametrize(
    "called, placeholder",
    [
        ("picture", "picture:0"),
        ("Zeta-in", "zeta_in:0"),
        ("my/in", "my_in:0"),
        ("2b", "b:0"),
        ("x/y>z", "x_y_z:0"),
    ],
)
def test_an_input_is_found_by_what_tensorflow_calls_its_placeholder(called, placeholder):
    there = {"other:0": "other:0", placeholder: placeholder}
    assert in_order(there, called, "other") == [placeholder, "other:0"]


def test_one_tensor_needs_no_name():
    assert in_order({"out": "Identity:0"}, "dense") == ["Identity:0"]
    assert graph_ends.in_order("output", {"out": "Identity:0"}, ()) == ["Identity:0"]


def test_a_graph_with_more_outputs_than_the_model_is_refused():
    with pytest.raises(ValueError, match=r"has the outputs a:0, b:0; expected 1 output$"):
        in_order({"a": "a:0", "b": "b:0"}, "a")
