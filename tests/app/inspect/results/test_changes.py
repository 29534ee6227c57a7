"""What the conversion changed, in words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.inspect.results import changes
from app.inspect.run import pairing


def test_what_the_conversion_changed_is_counted_in_the_files():
    said = "\n".join(changes.of_graph(pairing("mnist", "graph", "float32")))
    assert "**29 layers became 14 operations**, matched by their names." in said
    assert "**8 batch normalisations folded**" in said
    assert "116,314 parameters where the layers have 117,274" in said
    assert "**9 operations fused**" in said
    assert "**the same numbers**, but for rounding: 18 arrays" in said


def test_operations_that_cannot_be_looked_at_are_counted():
    mnist = pairing("mnist", "graph", "float32")
    assert "loop" not in "\n".join(changes.of_graph(mnist))
    parts = tuple(replace(part, hidden=True) for part in mnist.other.parts[:3])
    other = replace(mnist.other, parts=(*parts, *mnist.other.parts[3:]))
    said = "\n".join(changes.of_graph(replace(mnist, other=other)))
    assert "**3 operations within a loop or a branch**" in said


@pytest.mark.parametrize(
    ("form", "weights", "words"),
    [
        ("layers", "float32", "every one to the last bit"),
        ("layers", "uint8", "holds **other numbers**: of 42 arrays"),
        ("graph", "float16", "holds **other numbers**: of 18 arrays"),
    ],
)
def test_whether_a_form_holds_the_same_numbers(form, weights, words):
    assert words in changes.same_numbers(pairing("mnist", form, weights), "It")


def test_a_format_is_not_compared_with_itself():
    alone = pairing("mnist", "layers", "float32")
    assert changes.sentences({"layers": replace(alone, reference=alone.other, matching=None)}) == []


def test_where_an_array_went_is_told_by_its_new_name():
    said = changes.names(pairing("mnist", "graph", "float32"))
    assert said.startswith("What was `conv1/kernel` is `StatefulPartitionedCall/")
