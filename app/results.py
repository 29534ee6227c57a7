"""One digit's results: the verdict, the server's lanes, charts, exact values, download."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urljoin

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app import about, browser, charts, fragments, frames, markup, resources, server, share, state
from app.browser import Report
from app.download import result_file
from models import store
from models.digit import Digit
from models.errors import InputError
from models.lanes import Lane, LaneResult
from models.manifest import Manifest
from models.verdict import verdict

# Each chart's title, and the line that says how to read it.
_CHARTS = {
    "probabilities": (
        "Probabilities: how sure each lane is of each digit",
        "One bar a lane, always in the order above. Equal heights are equal answers.",
    ),
    "differences": (
        "Differences: how far each lane is from {reference}",
        "One mark for each probability. A line down is 100 times closer; 0 is equal to the last "
        "bit. What is below the tolerance is rounding.",
    ),
    "pairs": (
        "Pairs: how far any two lanes are apart",
        "The largest difference between their probabilities; darker is further. ≠ marks two that "
        "read different digits.",
    ),
    "steady": (
        "Steady: what one digit takes after warm-up",
        "A thin mark is one prediction, reading the answer back included; the thick one is their "
        "median. Further left is faster.",
    ),
    "load": (
        "Load and first: what a lane takes before that",
        "Paid once a visit: loading the model (■), then its first prediction (●), which compiles "
        "and allocates.",
    ),
}


@dataclass(frozen=True)
class _Places:
    """Where the results go; all else on the page stays as it is."""

    headline: DeltaGenerator
    given: DeltaGenerator
    cards: DeltaGenerator
    legend: DeltaGenerator
    charts: Mapping[str, DeltaGenerator]


def lay_out(headline: DeltaGenerator, given: DeltaGenerator, cards: DeltaGenerator) -> None:
    """Write the charts' headings, once, and the results: here and in the three containers.

    ``headline`` is for the verdict, ``given`` for the digit, ``cards`` for the server's lanes.
    """
    reference = markup.original(store.manifest(state.model()).reference)
    legend = st.container()
    first, *others = _CHARTS
    places = {first: _heading(first, reference)}
    with st.container(key="chart-grid"):
        places |= {name: _heading(name, reference) for name in others}
    _show(_Places(headline, given, cards, legend, places))


def _heading(name: str, reference: str) -> DeltaGenerator:
    """A chart's title, and below it the chart's place."""
    title, how = _CHARTS[name]
    with st.container(key=f"chart-{name}", gap="xxsmall"):
        markup.chart_title(title.format(reference=reference), how)
        return st.container()


@st.fragment(key=fragments.RESULTS)
def _show(places: _Places) -> None:
    """What every lane made of the digit. Without one, charts are empty, but there.

    Putting the next digit's values into them costs the browser far less than making charts. For the
    same reason what is folded away is made when it is opened, and not before.
    """
    digit, model, backend = state.digit(), state.model(), state.backend()
    manifest = store.manifest(model)
    answers = {} if digit is None else server.lanes(digit, model=model)
    with places.headline:
        report = _report(digit, model, backend)
        found = [*answers.values(), *(report.results if report else ())]
        everyone = (*manifest.server_lanes, *_browser_lanes(report, backend))
        _say(found, everyone, report, manifest, drawn=digit is not None)
    with places.given:
        markup.digit_picture(digit)
    with places.cards:
        markup.cards(list(manifest.server_lanes), answers, manifest.classes)
    with places.legend:
        markup.legend(everyone)
    _charts(places.charts, found, tuple(map(str, everyone)), manifest)
    share.write_query(None if digit is resources.newcomers() else digit, model, backend)
    if digit is not None:
        _keep(digit, found, report, manifest, backend)
    about.panel(found, manifest)
    # What was shown counts: a lane may have answered since.
    if digit is not None and len(answers) < len(manifest.server_lanes):
        _watch_server(digit, model)


@st.fragment(run_every=0.4)
def _watch_server(digit: Digit, model: str) -> None:
    """While TensorFlow loads: look now and then, and show its lanes once they have answered."""
    if server.done(digit, model=model):
        st.rerun()


def _report(digit: Digit | None, model: str, backend: str) -> Report | None:
    try:
        return browser.report(digit, model=model, backend=backend)
    except InputError as error:
        st.error(str(error), icon=":material/error:")
        return None


def _browser_lanes(report: Report | None, backend: str) -> tuple[Lane, ...]:
    """The browser's two lanes: what ran, or while they load, what is expected to."""
    if report is not None:
        state.remember_backend(report.backend)
        return tuple(result.lane for result in report.results)
    name = state.expected_backend(backend)
    return tuple(Lane(each, f"tfjs/{name}") for each in browser.FORMATS)


def _say(
    found: Sequence[LaneResult],
    everyone: Sequence[Lane],
    report: Report | None,
    manifest: Manifest,
    *,
    drawn: bool,
) -> None:
    if not drawn:
        markup.prompt("Draw a digit.", "Both formats and the original answer as you lift the pen.")
        return
    answered = {result.lane for result in found}
    waiting = [lane for lane in everyone if lane not in answered]
    markup.verdict(verdict(found, waiting=waiting, classes=manifest.classes))
    if report and report.fallback:
        st.caption(f":material/info: {report.fallback} Used **{report.backend}** instead.")


def _charts(
    places: Mapping[str, DeltaGenerator],
    found: Sequence[LaneResult],
    lanes: tuple[str, ...],
    manifest: Manifest,
) -> None:
    classes, reference = manifest.classes, manifest.reference
    drawn = {
        "probabilities": (
            charts.probabilities(lanes, classes),
            frames.probabilities(found, classes),
        ),
        "differences": (
            charts.differences(lanes, classes),
            frames.differences(found, classes, reference),
        ),
        "pairs": (charts.pairs(lanes), frames.pairs(found)),
        "steady": (charts.steady(lanes), frames.steady(found)),
        "load": (charts.load_first(lanes), frames.load_first(found)),
    }
    for name, (spec, rows) in drawn.items():
        title, how = _CHARTS[name]
        says = f"{title.format(reference=markup.original(reference))}. {how}"
        with places[name]:
            charts.plot(spec, rows, says=says)


def _keep(
    digit: Digit,
    found: Sequence[LaneResult],
    report: Report | None,
    manifest: Manifest,
    backend: str,
) -> None:
    """The exact values, and the two ways to take them along: a file and a link."""
    exact = st.expander("Exact values, as a table", key="exact", on_change="rerun")
    if exact.open:
        exact.dataframe(frames.table(found, manifest.classes), hide_index=True)
    with st.container(horizontal=True, gap="small"):
        st.download_button(
            "Download this result",
            data=lambda: result_file(digit, found, report, manifest),
            file_name=f"digit-parity-{digit.id}.json",
            mime="application/json",
            icon=":material/download:",
            on_click="ignore",
        )
        box = st.popover("Share", icon=":material/share:", key="share", on_change="rerun")
    if box.open:
        box.markdown(
            "This link opens on the same digit, model and backend. Nothing is stored here."
        )
        link = urljoin(st.context.url or "", share.link("", digit, manifest.name, backend))
        box.code(link, wrap_lines=True)
