"""What a part is fed with, so that it shows what it adds itself."""

from __future__ import annotations

from models.formats.anatomy import Anatomy, Part, feeds, is_input

MODEL = Anatomy(
    "graph",
    "",
    (
        Part("x", "Placeholder"),
        Part("one", "Conv2D", ("x",)),
        Part("left", "Relu", ("one",)),
        Part("right", "Tanh", ("one",)),
        Part("sum", "AddV2", ("left", "right")),
        Part("made", "Fill"),
        Part("out", "Mul", ("sum", "made")),
    ),
    ("out",),
)


def test_a_part_is_fed_with_the_nearest_given_ones():
    assert feeds(MODEL, {"x", "one", "left", "sum", "out"}) == {
        "one": ("x",),
        "left": ("one",),
        "sum": ("one", "left"),
        "out": ("sum",),
    }


def test_what_also_needs_an_input_that_is_not_given_is_left_out():
    assert feeds(MODEL, {"left", "sum", "out"}) == {"out": ("sum",)}
    assert is_input(MODEL["x"]) and not is_input(MODEL["made"])


def test_a_first_layer_takes_the_model_s_own_input():
    chain = Anatomy("layers", "", (Part("conv", "Conv2D"), Part("out", "Dense", ("conv",))))
    assert feeds(chain, {"conv", "out"}) == {"conv": (), "out": ("conv",)}
