"""The Inspect page: where the formats part, what the conversion changed, and all that explains it.

The answer, the chart over depth and what changed stand at the top; all else is folded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from app.frontend import lane_wire
from app.inspect import conclusion, controls, explorer, layers, maps, parts, places, run, stored
from app.inspect import shared as inspect_shared
from app.inspect.controls import Choice
from app.inspect.picture.hunt import part as hunt
from app.inspect.picture.hunt.run import Asked
from app.inspect.results import answers, changes, findings
from app.inspect.results.judged import Judged
from app.inspect.run import Inspection
from app.session import state
from app.ui import folded, markup
from app.ui.folded import Part
from models.bisect.bisection import Bisection
from models.errors import DigitParityError, shown
from models.formats import store
from models.formats.anatomy import Pairing
from models.lanes import Format, page_name

QUESTION = "Where do the formats part?"
ANSWER = "One picture through every layer of each format; the first that differs is named."

MAPS = Part("inspect-part-maps", "Feature maps")
DIAGRAM = Part("inspect-part-diagram", "What computes what")
JUDGED = Part("inspect-part-judged", "Which format to ship, and every judgement")
EXACT = Part("inspect-part-differences", "Exact differences")
EXPLORER = Part("inspect-part-explorer", "Model Explorer")
WEIGHTS = Part("inspect-part-weights", "Arrays of weights")
SIZES = Part("inspect-part-sizes", "Size against accuracy")
FILES = Part("inspect-part-files", "Files and commands")
OTHERS = Part("inspect-part-others", "Another model")
PARTS = (MAPS, DIAGRAM, JUDGED, hunt.PART, EXACT, EXPLORER, WEIGHTS, SIZES, FILES, OTHERS)


def page() -> None:
    """Show where the formats diverge, what changed, and folded below what there is to know."""
    model = state.model()
    markup.lead(QUESTION, ANSWER)
    _inside(model)
    folded.show(SIZES, lambda: stored.show_sizes(model))
    folded.show(FILES, lambda: stored.show_files(model))
    folded.show(OTHERS, stored.show_others)


@st.fragment
def _inside(model: str) -> None:
    """Show what depends on the picture and on how weights are stored."""
    place = places.top()
    with place.controls:
        choice = controls.choose()
    try:
        with place.unseen:
            inspection = layers.inspect(choice)
        known = lane_wire.formats(store.manifest(model))
        pairings = {form: run.pairing(model, form, choice.weights) for form in known}
    except DigitParityError as error:
        place.card.error(shown(error), icon=":material/error:")
        return
    bisections = inspection.bisections(choice.rtol)
    found = conclusion.found(inspection)
    with place.card:
        _answer(inspection, bisections, found, choice)
    with place.problems:
        _problems(inspection)
    with place.chart:
        layers.chart(inspection, bisections, choice)
    with place.changed:
        _changed(pairings)
    with place.reasons:
        _reasons(bisections)
    has_two = len(known) > 1
    hunted = Asked(model, choice.digit, choice.weights, choice.backend)
    hunt.forget_what_was_cut_off(hunted)
    folded.jumps([each for each in PARTS if has_two or each != hunt.PART])
    folded.show(MAPS, lambda: _maps(inspection, bisections))
    folded.show(DIAGRAM, lambda: parts.show(pairings, inspection))
    folded.show(JUDGED, lambda: conclusion.show(inspection, found, choice.runtime))
    if has_two:
        folded.show(hunt.PART, lambda: hunt.show(hunted))
    folded.show(EXACT, lambda: layers.differences(bisections))
    folded.show(EXPLORER, lambda: explorer.offer(inspection, bisections, choice.rtol))
    folded.show(WEIGHTS, lambda: parts.weights(pairings))
    with place.unseen:
        layers.watch(inspection)


def _answer(
    inspection: Inspection, bisections: Sequence[Bisection], found: Judged | None, choice: Choice
) -> None:
    """Show the one answer."""
    waiting = layers.waiting(inspection, choice.runtime)
    said = findings.verdict(
        bisections,
        waiting=waiting,
        failed=list(inspection.errors()),
        rtol=choice.rtol,
        reference=inspection.reference,
        thing="digit" if store.manifest(inspection.model).pictures().is_digit else "picture",
    )
    called = inspect_shared.called(inspection.model)
    markup.verdict(answers.with_answers(said, found, called, is_whole=not waiting))


def _problems(inspection: Inspection) -> None:
    """Say why a version has no answer, or ran on another backend than was asked for."""
    for lane, reason in inspection.errors().items():
        markup.note(f"{page_name(lane, inspection.reference)}: {reason}")
    if inspection.browser and inspection.browser.fallback:
        markup.note(f"{inspection.browser.fallback} Used {inspection.browser.backend} instead.")


def _changed(pairings: Mapping[Format, Pairing]) -> None:
    """Show what the conversion changed."""
    sentences = changes.sentences(pairings)
    if sentences:
        markup.label("What the conversion changed")
        st.markdown("\n".join(f"- {each}" for each in sentences))


def _reasons(bisections: Sequence[Bisection]) -> None:
    """Show what differs in the files where versions part."""
    if reasons := findings.reasons(bisections):
        markup.label("What differs where they part")
        markup.listed(reasons)


def _maps(inspection: Inspection, bisections: Sequence[Bisection]) -> None:
    if bisections:
        maps.show(inspection, bisections)
    else:
        markup.note("No two versions have answered yet.")
