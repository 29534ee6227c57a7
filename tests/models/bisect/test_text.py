"""What was found, in sentences."""

from __future__ import annotations

from dataclasses import replace

from models.bisect import text
from models.bisect.bisection import Bisection
from models.bisect.layer_difference import LayerDifference
from models.bisect.search import Search
from models.lanes import REFERENCE, Lane
from models.parity import judgement
from models.parity.judgement import Judgement

GRAPH = Lane("graph", "tfjs/wasm")
ROW = LayerDifference("relu", "op", (1, 2), 0.5, 0.1, 1.0, (0, 1), 1e-5, own=0.5, own_allowed=1e-6)
FOUND = Bisection(GRAPH, REFERENCE, (ROW,), ROW, ("conv", "relu"), by="own error", same=2)


def said(found: Bisection, kind: judgement.Kind = "differs") -> str:
    return "\n".join(text.conclusion(found, Judgement(GRAPH, kind, "It is far off.")))


def test_an_own_error_is_told_with_its_figure_and_what_rounding_explains():
    assert (
        "They part at relu. Given the reference's inputs, it is 0.5 of its largest value off"
        in (said(FOUND))
    )
    assert "where 1e-6 may be rounding" in said(FOUND)
    assert "One operation computes conv, relu." in said(FOUND)
    assert "Errors of their own have also" not in said(FOUND)
    assert "Errors of their own have also: out." in said(replace(FOUND, also=("out",)))


def test_nan_is_called_so():
    row = replace(ROW, own=float("nan"))
    assert "inputs, it gives NaN or infinity." in said(replace(FOUND, first=row))


def test_a_step_of_a_layer_is_told():
    row = replace(ROW, layer="out before softmax", step_of="out")
    assert "They part at out before softmax." in said(replace(FOUND, first=row, together=()))


def test_where_a_layer_could_not_run_alone_it_is_said_with_the_reason():
    row = replace(ROW, own=None, own_problem="no kernel")
    told = said(replace(FOUND, first=row, by="jump"))
    assert (
        "There it is 0.5 of its largest value off. It could not be run alone (no kernel)." in told
    )


def test_small_errors_that_add_up_name_no_layer():
    row = replace(ROW, own=9e-7)
    told = said(replace(FOUND, differences=(row,), first=None, by=None))
    assert "They part" not in told and "small ones add up" in told
    assert "Nearest to its bound is relu: 9e-7 of 1e-6." in told


def test_an_error_that_no_compared_layer_has_is_not_called_small_ones():
    row = replace(ROW, own=9e-7)
    told = said(replace(FOUND, differences=(row,), first=None, by=None, unmatched=("out",)))
    assert "small ones add up" not in told and "look at those that were not." in told
    assert "Not compared, no counterpart found: out." in told


def test_where_no_layer_could_run_alone_none_is_acquitted():
    row = replace(ROW, own=None)
    told = said(replace(FOUND, differences=(row,), first=None, by=None))
    assert "No layer could be compared alone, so none can be named." in told


def test_a_lane_that_cannot_run_is_a_line_and_nothing_is_announced():
    cannot = judgement.cannot_run(GRAPH, "No kernel.")
    found = {GRAPH: Bisection(GRAPH, REFERENCE, error="No kernel.")}
    lines = text.summary(Search(REFERENCE, 10, (cannot,), found))
    assert lines == [
        "graph @ tfjs/wasm: cannot run. No kernel.",
        "No lane could be compared: there is no layer to name.",
    ]
    assert said(found[GRAPH], "cannot run").startswith("  It could not be run: No kernel.")


def test_what_was_guessed_of_a_model_is_said_first():
    assert text.summary(Search(REFERENCE, 10, (), {}, ("Guessed; --range.",))) == [
        "Guessed; --range."
    ]
