"""One digit's results: the verdict, the server's lanes, charts, exact values, download."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urljoin

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app import about, browser, charts, frames, markup, patience, resources, server, share, state
from app.browser import Report
from app.download import result_file
from app.places import Places, title
from models import store
from models.digit import Digit
from models.lanes import Lane, LaneResult
from models.manifest import Manifest
from models.verdict import verdict


def show(digit: Digit | None, report: Report | None, places: Places) -> None:
    """What every lane made of the digit. Without one, charts are empty, but there.

    Putting the next digit's values into them costs the browser far less than making charts. For the
    same reason what is folded away is made when it is opened, and not before.
    """
    model, backend = state.model(), state.backend()
    manifest = store.manifest(model)
    answers = {} if digit is None else server.lanes(digit, model=model)
    found = [*answers.values(), *(report.results if report else ())]
    everyone = (*manifest.server_lanes, *_browser_lanes(report, backend))
    with places.headline:
        _say(found, everyone, report, manifest, drawn=digit is not None)
    with places.given:
        markup.digit_picture(digit)
    with places.cards:
        markup.cards(list(manifest.server_lanes), answers, manifest.classes)
    with places.legend:
        markup.legend(everyone)
    _charts(places.charts, found, tuple(map(str, everyone)), manifest)
    share.write_query(None if digit is resources.newcomers() else digit, model, backend)
    with places.more:
        if digit is not None:
            _keep(digit, found, report, manifest, backend)
        about.panel(found, manifest)
    # What was shown counts: a lane may have answered since.
    late = digit is not None and len(answers) < len(manifest.server_lanes)
    if late and not state.watches_server():
        state.watch_server(True)
        if patience.is_fragment_run():
            st.rerun()  # the page, which then looks out for late lanes


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
    where: Mapping[str, DeltaGenerator],
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
        with where[name]:
            charts.plot(spec, rows, says=". ".join(title(name, markup.original(reference))))


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
