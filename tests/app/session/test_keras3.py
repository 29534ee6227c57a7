"""A model of Keras 3: on every page, Keras 3 answers, and is what the others are compared with."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from app.benchmark.results import chart_specs as benchmark_charts
from app.frontend import lane_wire
from app.inspect import run as inspect_run
from app.inspect import shared as inspect_shared
from app.session import shared, state
from app.ui import markup
from app.upload import run as upload_run
from models import dataset
from models.digit.digit import from_pixels
from models.formats import manifest, store
from models.formats.store import SHIPPED
from models.lanes import CONVERTED, KERAS3, SERVER_LANES, TENSORFLOW, Lane
from models.parity import scores, set_verdict
from tests.app.benchmark.test_run import Worker
from tests.app.conftest import DASHBOARD, FakeWorker, Stage, probabilities
from tests.support.waiting import until

KERAS = Lane("keras", KERAS3)
OTHERS = [Lane(form, TENSORFLOW) for form in CONVERTED]
DIGIT = from_pixels(np.eye(28, dtype=np.float32))


class Tracing(FakeWorker):
    """Notes what is asked for; nothing is traced."""

    def trace(self, folder: Path, lane: Lane, pixels: np.ndarray, most: int):
        return self.submit(folder, lane, pixels)


@pytest.fixture(autouse=True)
def three(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """``three`` beside the shipped model: the same numbers, with an original of Keras 3."""
    (tmp_path / "mnist").symlink_to(SHIPPED)
    folder = shutil.copytree(SHIPPED, tmp_path / "three", ignore=shutil.ignore_patterns("*.py"))
    (folder / "original.keras").write_bytes(b"no test loads it")
    stored = replace(manifest.read(folder), name="three", title="Three")
    manifest.write(manifest.with_original(stored, folder, "original.keras"), folder)
    monkeypatch.setenv("DIGIT_PARITY_MODELS", str(tmp_path))
    return folder


def test_the_draw_page_asks_keras_3_and_judges_the_others_by_it(stage: Stage) -> None:
    stage.worker.answers = {KERAS: probabilities(7), OTHERS[0]: probabilities(7)}
    stage.worker.answers[OTHERS[1]] = probabilities(7) + np.float32(2e-3)
    page = AppTest.from_file(str(DASHBOARD), default_timeout=30)
    page.query_params["model"] = "three"
    assert not page.run().exception
    assert stage.mounted[-1]["model"]["lanes"][0]["lane"] == str(KERAS)
    (line,) = stage.read(model="three")
    assert set(stage.worker.asked) == {KERAS, *OTHERS}
    assert {row["lane"] for row in line["rows"]["differences"]} == {
        *map(str, OTHERS),
        "graph @ tfjs/wasm",
        "layers @ tfjs/wasm",
    }
    assert [lane["differs"] for lane in line["lanes"]] == [False, False, True, False, False]
    assert line["lanes"][2]["distance"] == pytest.approx(0.15, rel=0.05)
    assert lane_wire.lanes(store.manifest("three"))[0] == KERAS
    assert markup.original(KERAS) == "Keras"


def test_the_benchmark_page_measures_keras_3(monkeypatch: pytest.MonkeyPatch) -> None:
    worker = Worker()
    monkeypatch.setattr(shared, "tensorflow", lambda: worker)
    monkeypatch.setattr(state, "model", lambda: "three")

    def script() -> None:
        from app.benchmark import page as benchmark

        benchmark.page()

    page = AppTest.from_function(script, default_timeout=30).run()
    for box in page.checkbox:
        box.set_value(box.key == "benchmark-keras")
    page.run().button(key="benchmark-full").click().run()
    until(lambda: worker.turns, lambda: "no lane was measured")  # in a thread of its own
    assert not page.exception and {lane for lane, _ in worker.turns} == {KERAS}
    places = benchmark_charts.places([str(KERAS), *map(str, OTHERS)])
    assert set(places["runtimes"]) == {KERAS3, TENSORFLOW}
    assert len(places["runtime_shapes"]) == len(places["runtime_dashes"]) == 2


def test_the_inspect_page_asks_keras_3_for_its_layers_and_its_answers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    worker = Tracing(dict.fromkeys([KERAS, *OTHERS]))
    monkeypatch.setattr(shared, "tensorflow", lambda: worker)
    inspection = inspect_run.begin("three", DIGIT, "float32")
    assert inspection.reference == KERAS and worker.asked == [KERAS, *OTHERS]
    assert inspect_run.layers("three", "float32") == inspect_run.layers("mnist", "float32") != []
    known = [store.manifest("three").server_lane(form, "uint8") for form in CONVERTED]
    half = [store.manifest("three").server_lane(form, "float16") for form in CONVERTED]
    worker.answers |= dict.fromkeys([*known, *half])
    inspect_shared.versioned_variants.clear()
    assert next(iter(inspect_shared.variants("three"))) == KERAS
    inspect_shared.versioned_variants.clear()


def test_an_uploaded_set_is_compared_with_keras_3(three: Path) -> None:
    stored, data = store.manifest("three"), dataset.read_path(store.EXAMPLES)
    run = upload_run.Run(data, three, stored, in_browser=False)
    right = np.eye(10, dtype=np.float32)[np.resize(np.arange(10), len(data))]
    for progress in run.progress:
        progress.probabilities[:] = right if progress.lane == KERAS else np.roll(right, 1, axis=1)
        progress.done = len(data)
    report = scores.report(data, run.scores(), reference=stored.reference)
    assert str(KERAS) in str(report) and "keras @ tensorflow" not in str(report)
    said = set_verdict.verdict(run.scores(), reference=stored.reference)
    assert "keras @ tensorflow" not in str(said)
    assert [each.lane for each in run.scores()] == [KERAS, *SERVER_LANES[1:]]
