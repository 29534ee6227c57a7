"""One digit's results below the verdict: charts, exact values, download."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urljoin

import streamlit as st

from app import charts, frames, markup, share
from app.browser import Report
from app.download import result_file
from models.digit import Digit
from models.lanes import Lane, LaneResult
from models.manifest import Manifest


def show(
    digit: Digit | None,
    found: Sequence[LaneResult],
    everyone: Sequence[Lane],
    report: Report | None,
    manifest: Manifest,
    *,
    backend: str,
) -> None:
    """Charts with a place for every lane, whether it has answered yet or not.

    Without a digit they are empty, but there: putting the next one's values into them costs the
    browser far less than making charts. For the same reason what is folded away is made when it is
    opened, and not before.
    """
    markup.legend(everyone)
    _charts(found, tuple(map(str, everyone)), manifest)
    if digit is None:
        return
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
        _share(digit, manifest.name, backend)


def _charts(found: Sequence[LaneResult], lanes: tuple[str, ...], manifest: Manifest) -> None:
    classes, reference = manifest.classes, manifest.reference
    charts.draw(
        charts.probabilities(lanes, classes),
        frames.probabilities(found, classes),
        title="Probabilities: how sure each lane is of each digit",
        how="One bar a lane, always in the order above. Equal heights are equal answers.",
        key="chart-probabilities",
    )
    with st.container(key="chart-grid"):
        charts.draw(
            charts.differences(lanes, classes),
            frames.differences(found, classes, reference),
            title=f"Differences: how far each lane is from {markup.original(reference)}",
            how="One mark for each probability. A line down is 100 times closer; 0 is equal to the "
            "last bit. What is below the tolerance is rounding.",
            key="chart-differences",
        )
        charts.draw(
            charts.pairs(lanes),
            frames.pairs(found),
            title="Pairs: how far any two lanes are apart",
            how="The largest difference between their probabilities; darker is further. ≠ marks "
            "two that read different digits.",
            key="chart-pairs",
        )
        charts.draw(
            charts.steady(lanes),
            frames.steady(found),
            title="Steady: what one digit takes after warm-up",
            how="A thin mark is one prediction, reading the answer back included; the thick one "
            "is their median. Further left is faster.",
            key="chart-steady",
        )
        charts.draw(
            charts.load_first(lanes),
            frames.load_first(found),
            title="Load and first: what a lane takes before that",
            how="Paid once a visit: loading the model (■), then its first prediction (●), which "
            "compiles and allocates.",
            key="chart-load",
        )


def _share(digit: Digit, model: str, backend: str) -> None:
    box = st.popover("Share", icon=":material/share:", key="share", on_change="rerun")
    if box.open:
        box.markdown(
            "This link opens on the same digit, model and backend. Nothing is stored here."
        )
        link = urljoin(st.context.url or "", share.link("", digit, model, backend))
        box.code(link, wrap_lines=True)
