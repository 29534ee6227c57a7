"""What is found of the model on the ready pictures, judged as `digit-parity verify` does."""

from __future__ import annotations

import time
from concurrent.futures import Future

import streamlit as st

from app.inspect import shared as inspect_shared
from app.inspect.results import answers, judged, words
from app.inspect.results.judged import Answered, Answers, Exact, Judged
from app.inspect.run import Inspection
from app.ui import markup, templates
from models.formats import store
from models.lanes import TENSORFLOW, Lane
from models.runtimes.worker.messages import Answer

PATIENCE_SECONDS = 60.0
HOW = (
    "Computes the original's formula in float64, in which next to nothing is rounded, and compares "
    "every version with that."
)


def found(inspection: Inspection) -> Judged | None:
    """Every lane's judgement on the ready pictures, from exact arithmetic if that was asked for;
    None until all of the server have answered, and where the reference has no answer.
    """
    if not answered(inspection):
        return None
    model = inspection.model
    return judged.judge(
        store.manifest(model),
        store.folder(model),
        _answers(inspection),
        inspect_shared.sample(model),
        _exact(model),
    )


def show(inspection: Inspection, judgements: Judged | None, runtime: str) -> None:
    """Show every lane's judgement and what to ship, and the button for exact arithmetic.

    ``runtime`` is the browser's, until it has answered.
    """
    model = inspection.model
    asked = inspect_shared.called(model)
    waiting = not answered(inspection) or _waiting(inspection, runtime)
    with st.container(key="inspect-conclusion", gap="small"):
        if waiting:
            markup.note(f"Asking every version for its answers to {asked} …")
        if judgements is not None:
            said = list(answers.sentences(judgements, asked))
            said = said[:-1] if waiting else said  # without what to ship
            st.html(templates.render("inspect/results/conclusion.html", "found", said))
            markup.note(judgements.rounding)
            st.dataframe(judged.table(judgements), hide_index=True, alt="Every judgement")
            _offer_exact(model)
        elif not waiting:
            base = words.original(inspection.reference)
            markup.note(f"{base} has no answer: there is nothing to compare with.")


def answered(inspection: Inspection) -> bool:
    """Whether the server's lanes have answered the ready pictures, or failed."""
    return all(future.done() for future in _futures(inspection).values())


def _futures(inspection: Inspection) -> dict[Lane, Future[Answer]]:
    manifest = store.manifest(inspection.model)
    asked = [inspection.reference, *judged.lanes(manifest, TENSORFLOW, inspection.weights)]
    known = inspect_shared.variants(inspection.model)
    return {lane: known[lane] for lane in asked if lane in known}


def _answers(inspection: Inspection) -> Answers:
    manifest = store.manifest(inspection.model)
    from_server = {lane: _of(future) for lane, future in _futures(inspection).items()}
    from_browser = {
        lane: each
        for lane, each in inspection.answers.items()
        if lane in judged.lanes(manifest, lane.runtime, inspection.weights)
    }
    return {**from_server, **from_browser}


def _of(future: Future[Answer]) -> Answered:
    if (error := future.exception()) is not None:
        return Answered(error=str(error))
    answer = future.result()
    return Answered(answer.probabilities, sum(answer.times.steady_ms) / 1e3)


def _waiting(inspection: Inspection, runtime: str) -> bool:
    """Whether the browser's lanes are still asked."""
    manifest = store.manifest(inspection.model)
    return not inspection.answers and bool(judged.lanes(manifest, runtime, inspection.weights))


def _exact(model: str) -> Exact | None:
    """The reference in exact arithmetic, once that was asked for and is there."""
    asked = inspect_shared.exact(model)
    if asked is None or not asked.future.done() or asked.future.exception() is not None:
        return None
    found = asked.future.result().reference
    return None if found is None else Exact(found, inspect_shared.exact_places(model))


def _offer_exact(model: str) -> None:
    """The button, or how the computation stands; nothing once it is done."""
    asked = inspect_shared.exact(model)
    if _exact(model) is not None:
        return
    if asked is not None and not asked.future.done():
        _watch_exact(model)
        return
    if asked is not None and (error := asked.future.exception()) is not None:
        markup.note(f"Exact arithmetic has no answer: {error}")
    st.button(
        "Compare with exact arithmetic",
        key="inspect-exact",
        icon=":material/function:",
        help=HOW,
        on_click=inspect_shared.ask_exact,
        args=(model,),
    )


@st.fragment(run_every=0.5)
def _watch_exact(model: str) -> None:
    """Wait for the computation, and rerun the page once it is done."""
    asked = inspect_shared.exact(model)
    if asked is None or asked.future.done():
        st.rerun()
    elif time.monotonic() - asked.begun > PATIENCE_SECONDS:
        markup.note(f"This takes long here: `digit-parity verify {model}` computes it, too.")
    else:
        markup.note("Computing the original in float64 …")
