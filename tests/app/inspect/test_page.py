"""The Inspect page with fake lanes: no TensorFlow, no browser."""

from __future__ import annotations

import json
from concurrent.futures import Future
from dataclasses import replace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from app.frontend import lane_wire
from app.inspect import browser_lanes
from app.inspect import layers as inspect_layers
from app.inspect import run as inspect_run
from app.inspect import shared as inspect_shared
from app.inspect.browser_lanes import BrowserTraces
from app.inspect.page import PARTS
from app.inspect.results.judged import Answered
from app.inspect.state import Given
from app.session import shared, state, test_set
from app.session.visit import Visit
from models.digit.digit import Digit
from models.errors import ModelError
from models.formats import store
from models.lanes import FORMATS, NOT_NUMBERS, Lane, Times
from models.parity.judgement import ByRule
from models.runtimes.activations import Trace
from models.runtimes.references import Reference
from models.runtimes.worker.child_process import ProcessEndedError
from models.runtimes.worker.messages import Answer, TraceAnswer
from models.tfjs import built
from tests.app.folded_parts import all_open

ANSWERS = np.random.default_rng(1).dirichlet(np.ones(10), 100).astype(np.float32)


class Worker:
    """Gives every layer the same output in all lanes, except ``changed`` in the graph model."""

    changed = ""
    broken = ""
    waiting = False
    is_blocked = False  # TensorFlow.js, in the browser
    wrong = ""
    nan = ""
    silent = ""
    inexact = False
    exactly = 0

    def __init__(self) -> None:
        self.late: list[tuple[Lane, Future[TraceAnswer]]] = []

    def outputs(self, lane: Lane) -> dict[str, np.ndarray]:
        paired = inspect_run.pairing("mnist", "graph", "float32")
        rng = np.random.default_rng(0)
        layers = {part.name: rng.normal(size=(1, 4, 4, 3)) for part in paired.reference}
        layers = {name: value.astype(np.float32) for name, value in layers.items()}
        if lane.format != "graph":
            return layers
        return {part: layers[layer] + (layer == self.changed) for layer, part in paired.pairs}

    def trace(self, _folder, lane: Lane, _pixels, _most) -> Future[TraceAnswer]:
        future: Future[TraceAnswer] = Future()
        if lane.format == self.broken:
            future.set_exception(ModelError("It was eaten."))
        elif self.waiting:
            self.late.append((lane, future))
        else:
            self.answer(lane, future)
        return future

    def answer(self, lane: Lane, future: Future[TraceAnswer]) -> None:
        outputs = self.outputs(lane)
        shapes = {name: values.shape for name, values in outputs.items()}
        future.set_result(TraceAnswer(0, Trace(lane, outputs), shapes=shapes))

    def answer_late(self) -> None:
        for each in self.late:
            self.answer(*each)

    def answers(self, lane: Lane) -> np.ndarray:
        answers = ANSWERS.copy()
        if lane.format == self.wrong:
            answers[17, [0, 1]] = answers[17, [1, 0]]
        answers[:, FORMATS.index(lane.format)] += 1e-3 * (lane.weights == "uint8")
        return answers

    def submit(self, _folder, lane: Lane, pixels, **_limits) -> Future[Answer]:
        future: Future[Answer] = Future()
        if lane.format == self.nan:
            future.set_exception(ModelError(f"It holds {NOT_NUMBERS}."))
        elif lane.format == self.silent:
            future.set_exception(ModelError("It was eaten."))
        else:
            future.set_result(Answer(0, self.answers(lane), Times(steady_ms=(20.0,))))
        return future

    def exact(self, _folder, lane: Lane, pixels) -> Future[Answer]:
        self.exactly += 1
        assert len(pixels) == inspect_shared.EXACT
        future: Future[Answer] = Future()
        base = ANSWERS[inspect_shared.exact_places("mnist")].astype(np.float64)
        rule = ByRule("softmax", 3e-5)
        found = Reference(lane, (base.astype(np.float32),), (base,), (rule,), own=9.6e-7)
        if self.inexact:
            future.set_exception(ModelError("It has no formula."))
        else:
            future.set_result(Answer(0, reference=found))
        return future


@pytest.fixture
def worker(monkeypatch) -> Worker:
    fake = Worker()
    monkeypatch.setattr(shared, "tensorflow", lambda: fake)
    monkeypatch.setattr(built, "entry", lambda: None)
    inspect_shared.versioned_variants.clear()
    inspect_shared.versioned_traces.clear()
    inspect_shared._exact.clear()

    def mount(digit: Digit | None, **options) -> BrowserTraces | None:
        if digit is None or fake.waiting or fake.is_blocked:
            return None
        known = lane_wire.formats(store.manifest(options["model"]))
        lanes = [Lane(form, "tfjs/wasm", options["weights"]) for form in known]
        traces = {lane: Trace(lane, fake.outputs(lane)) for lane in lanes}
        answers = {lane: Answered(fake.answers(lane), 0.01) for lane in lanes}
        return BrowserTraces("wasm", None, traces, answers=answers)

    monkeypatch.setattr(browser_lanes, "mount", mount)
    yield fake
    inspect_shared.versioned_variants.clear()
    inspect_shared.versioned_traces.clear()
    inspect_shared._exact.clear()


def script() -> None:
    from app.inspect import page as inspect_page

    inspect_page.page()


@pytest.fixture
def page(worker) -> AppTest:
    return new_page()


def new_page() -> AppTest:
    """The page with all that is folded opened."""
    test = AppTest.from_function(script, default_timeout=30)
    return all_open(test, *(each.key for each in PARTS))


def run(page: AppTest) -> AppTest:
    page.run()
    assert not page.exception
    return page


def text(page: AppTest) -> str:
    html = [element.proto.body for element in page.get("html")]
    plain = [str(e.value) for kind in ("markdown", "caption", "error") for e in page.get(kind)]
    return "\n".join([*html, *plain])


def table(page: AppTest, column: str):
    return next(each.value for each in page.dataframe if column in each.value.columns)


def test_lanes_that_agree(page):
    assert "Nowhere: both formats follow Keras through every layer." in text(run(page))
    rows = table(page, "mean abs")
    assert set(rows["version"]) == {
        f"{form}, {where}"
        for form in ("graph", "layers")
        for where in ("on the server", "in your browser")
    }
    assert rows["within"].all()
    assert len(page.get("vega_lite_chart")) == 2


def test_the_first_layer_that_parts_is_named_and_shown(page, worker):
    worker.changed = "relu3"
    shown = text(run(page))
    assert "At relu3: the graph model parts from Keras there." in shown
    assert "The graph model computes conv3, norm3, relu3 in one operation." in shown
    assert page.selectbox("inspect-layer").value == "relu3"
    assert 'alt="relu3, channel ' in shown and ", in the original: 4×4 values" in shown


def test_what_to_ship_is_said_with_every_judgement(page):
    shown = text(run(page))
    assert "<li>All 4 other versions answer 100 ready digits like Keras, too.</li>" in shown
    assert "Ship graph. Both formats answer like the original" in shown
    assert "100 pictures. Bound: 2.3e-5 of the logits&#39; scale." in shown
    rows = table(page, "judgement").set_index("version")
    assert set(rows["judgement"]) == {"passed"} and len(rows) == 4
    assert "from exact arithmetic" not in shown


def test_a_format_that_answers_otherwise_is_not_to_be_shipped(page, worker):
    worker.wrong = "layers"
    shown = text(run(page))
    assert "Not with this picture, but the layers model" in shown
    assert "Ship graph. The layers model answers differently in TensorFlow.js, by" in shown
    rows = table(page, "judgement").set_index("version")
    assert rows.loc["layers, in your browser", "judgement"] == "differs"
    assert rows.loc["layers, in your browser", "worst at"].startswith("input 17, class ")


def test_nan_differs_and_a_lane_without_an_answer_cannot_run(page, worker):
    worker.nan, worker.silent = "graph", "layers"
    run(page)
    rows = table(page, "judgement").set_index("version")
    assert rows.loc["graph, on the server", "judgement"] == "differs"
    assert rows.loc["layers, on the server", ["judgement", "why"]].tolist() == [
        "cannot run",
        "It was eaten.",
    ]


def test_a_model_of_an_older_version_is_judged_by_the_fixed_tolerance(page, worker, monkeypatch):
    older = replace(store.manifest("mnist"), rounding=None)
    monkeypatch.setattr(store, "manifest", lambda _name: older)
    assert "100 pictures. Tolerance: atol 1e-05, rtol 0." in text(run(page))


def test_rounded_weights_are_judged_and_nothing_is_recommended_by_them(page):
    run(page)
    page.selectbox("inspect-weights").set_value("uint8").run()
    shown = text(page)
    assert "100 ready digits are answered otherwise than by Keras, by up to 0." in shown
    assert "That is what uint8 weights cost" in shown and "rounded on purpose" in shown
    assert "Ship " not in shown


def test_exact_arithmetic_is_computed_on_request_once_for_all(page, worker):
    run(page)
    page.button("inspect-exact").click().run()
    assert not page.exception and worker.exactly == 1
    assert (
        "Keras is 9.6e-7 from exact arithmetic, the graph model in your browser 0, "
        "the layers model in your browser 0: the conversion kept your model."
    ) in text(page)
    assert "64 pictures. Bound" in text(page)
    assert "inspect-exact" not in [each.key for each in page.button]
    other = run(new_page())
    assert "from exact arithmetic" in text(other) and worker.exactly == 1


def test_where_exact_arithmetic_has_no_answer_it_says_why_and_may_be_asked_again(page, worker):
    worker.inexact = True
    run(page)
    page.button("inspect-exact").click().run()
    assert "Exact arithmetic has no answer: It has no formula." in text(page)
    worker.inexact = False
    page.button("inspect-exact").click().run()
    assert "Keras is 9.6e-7 from exact arithmetic" in text(page) and worker.exactly == 2


def test_the_tolerance_can_be_moved(page, worker):
    worker.changed = "relu3"
    run(page)
    assert not table(page, "mean abs")["within"].all()
    worker.changed = ""
    page.select_slider("inspect-tolerance").set_value(1e-2).run()
    assert not page.exception
    # The answers are the same: only their judgement changes.
    assert "At relu3: the graph model" in text(page)
    assert table(page, "mean abs")["allowed"].max() > 1e-3


def test_another_digit_starts_anew(page, worker):
    run(page)
    worker.changed = "relu1"
    page.get("button_group")[0].set_value("3").run()
    assert not page.exception
    assert "At relu1: the graph model" in text(page)


def test_the_draw_page_s_digit_comes_first(page):
    own = Digit(np.eye(28, dtype=np.float32))
    page.session_state["visit"] = Visit(own)
    run(page)
    assert page.get("button_group")[0].value == "drawn"
    assert page.session_state["inspection"][1].digit.id == own.id


def test_the_picture_of_the_upload_page_comes_first_until_another_is_drawn(page):
    uploaded, drawn = (Digit(each.astype(np.float32)) for each in (np.eye(28), np.tri(28)))
    page.session_state["test_set_picture"] = test_set.Shown(uploaded, "cat.png", None)
    assert "cat.png, from the Upload page" in text(run(page))
    assert page.session_state["inspection"][1].digit.id == uploaded.id
    page.session_state["visit"] = Visit(drawn)
    assert "Yours, from the Draw page" in text(run(page))
    assert page.session_state["inspection"][1].digit.id == drawn.id
    assert page.get("button_group")[0].options[:2] == ["drawn", "uploaded"]


def test_a_ready_digit_that_the_draw_page_shows_is_the_same_button_here(page):
    page.session_state["visit"] = Visit(shared.examples()[3])
    run(page)
    assert page.get("button_group")[0].value == "3" and "A ready 3" in text(page)


def test_a_picture_that_was_given_here_comes_before_all(page):
    given = Digit(np.eye(28, dtype=np.float32))
    page.session_state["visit"] = Visit(Digit(np.tri(28).astype(np.float32)))
    page.session_state["inspect_given"] = ("file", Given(given, "mine.png"))
    assert "mine.png, given here" in text(run(page))
    assert page.session_state["inspection"][1].digit.id == given.id


def test_why_a_given_picture_cannot_be_read_is_said(page):
    page.session_state["inspect_given"] = ("file", Given(None, problem="It holds no picture."))
    run(page)
    assert "It holds no picture." in [each.value for each in page.warning]
    assert page.get("button_group")[0].value == "7"


def test_no_word_of_the_command_line_is_on_the_page(page, worker):
    worker.changed = "relu3"
    shown = text(run(page)).replace("_FusedConv2D", "")
    page.selectbox("inspect-weights").set_value("uint8").run()
    for word in ("lane", "tfjs/", "@ tensorflow"):
        assert word not in shown + text(page)


def test_there_is_one_answer_and_a_link_to_every_folded_part(page):
    shown = text(run(page))
    assert shown.count("dp-headline") == 1
    titles = [each.label for each in page.expander]
    assert [f">{title}</a>" in shown for title in titles] == [True] * len(titles)
    assert len(titles) == 10


def test_a_lane_that_failed_says_why_and_the_others_are_compared(page, worker):
    worker.broken = "graph"
    shown = text(run(page))
    assert "graph, on the server: It was eaten." in shown
    assert "No answer from the graph model on the server" in shown
    assert len(set(table(page, "mean abs")["version"])) == 3


def test_without_the_reference_nothing_is_compared(page, worker):
    worker.broken = "keras"
    shown = text(run(page))
    assert "Nothing to compare: " in shown
    assert "Difference after each layer" not in shown
    assert "What computes what" in shown


def test_the_page_shows_while_tensorflow_loads(page, worker):
    worker.waiting = True
    shown = text(run(page))
    assert "Bringing the digit through every layer" in shown
    assert "conv1" in shown and "_FusedConv2D + BiasAdd + Relu" in shown


def test_the_chart_and_every_lane_show_while_tensorflow_loads(page, worker):
    worker.waiting = True
    shown = text(run(page))
    assert "Difference after each layer" in shown and "What one layer gives" not in shown
    for name in ("graph, server", "layers, server", "graph, browser", "layers, browser"):
        assert f">{name}</li>" in shown


def test_what_one_visitor_waited_for_the_next_has_at_once_and_no_browser_is_waited_for(
    page, worker
):
    worker.waiting = True
    assert "Bringing the digit" in text(run(page)) and len(worker.late) == 3
    worker.answer_late()
    worker.is_blocked = True
    shown = text(run(new_page()))  # one run
    assert len(worker.late) == 3  # asked once for both
    assert 'data-kind="agree"' in shown
    assert "Nowhere so far: the graph and layers models on the server follow Keras" in shown
    assert "The graph and layers models on the server answer 100 ready digits like Keras" in shown
    assert "Waiting for the graph and layers models in your browser." in shown
    assert "All 4" not in shown and "Ship " not in shown


def test_a_visitor_s_own_picture_is_not_kept_for_others(page, worker):
    worker.waiting = True
    for each in (page, new_page()):
        each.session_state["visit"] = Visit(Digit(np.eye(28, dtype=np.float32)))
        run(each)
    assert len(worker.late) == 6


@pytest.mark.parametrize(("error", "times"), [(ModelError, 1), (ProcessEndedError, 2)])
def test_what_a_dead_process_had_of_a_ready_picture_is_asked_again(worker, error, times):
    worker.waiting = True
    seven = shared.examples()[7]
    inspect_run.begin("mnist", seven, "float32", is_ready=True)
    for _, future in worker.late:
        future.set_exception(error("It has no answer."))
    for _ in range(2):
        inspect_run.begin("mnist", seven, "float32", is_ready=True)
    assert len(worker.late) == 3 * times


def test_the_diagram_has_every_layer_and_every_operation_once(page):
    diagram = text(run(page)).partition("dp-anatomy")[2].partition("</table>")[0]
    paired = inspect_run.pairing("mnist", "graph", "float32")
    for part in (*paired.reference, *paired.other):
        name = part.name.removeprefix("StatefulPartitionedCall/digit_parity/")
        times = 2 if name == "pixels" else 1
        assert diagram.count(f"<b>{name}</b>") == times
    assert diagram.count("3 → 1") == 8
    assert "4×4×3" in diagram  # from the lanes' outputs


def test_every_stored_form_has_its_size_accuracy_and_agreement(page):
    rows = table(run(page), "same class").set_index("form")
    assert len(rows) == 7
    assert rows.loc["keras", "max difference"] == 0
    assert rows.loc["graph uint8", "max difference"] == pytest.approx(1e-3, rel=1e-3)
    assert rows.loc["graph", "bytes"] == 481_304
    assert (rows["gzip bytes"] < rows["bytes"]).all()
    assert rows["accuracy"].between(0.99, 1).all()
    hashes = table(page, "SHA-256")
    assert hashes["SHA-256"].str.fullmatch("[0-9a-f]{64}").all() and len(hashes) == 13


def test_a_model_without_an_original_is_compared_with_its_layers_model(page, worker, monkeypatch):
    shipped = store.manifest("mnist")
    lanes = {"graph": shipped.lanes["graph"], "layers": shipped.lanes["layers"]}
    bare = replace(shipped, lanes=lanes, accuracy={})
    monkeypatch.setattr(store, "manifest", lambda _name: bare)
    shown = text(run(page))
    assert "Nowhere: the graph model on the server, and the graph and layers models in" in shown
    assert "your browser follow the layers model on the server through every layer." in shown
    assert "The layers model holds" not in shown
    rows = table(page, "same class")
    assert rows["form"].tolist() == ["graph", "layers"] and "accuracy" not in rows
    assert page.selectbox("inspect-weights").options == ["float32"]


def test_a_format_that_the_converter_could_not_make_leaves_the_others(page, worker, monkeypatch):
    shipped = store.manifest("mnist")
    lanes = {form: file for form, file in shipped.lanes.items() if not form.startswith("graph")}
    monkeypatch.setattr(store, "manifest", lambda _name: replace(shipped, lanes=lanes))
    assert not run(page).exception
    assert page.selectbox("inspect-weights").options == ["float32", "float16", "uint8"]
    assert "The layers model holds" in text(page)
    assert "This model has no graph model." in text(page) and "Ship layers." in text(page)
    assert set(table(page, "judgement")["version"]) == {
        "layers, on the server",
        "layers, in your browser",
    }


def test_a_graph_alone_is_compared_with_what_tensorflow_makes_of_it(page, worker, monkeypatch):
    shipped = store.manifest("mnist")
    alone = replace(shipped, lanes={"graph": shipped.lanes["graph"]}, rounding=None)
    monkeypatch.setattr(store, "manifest", lambda _name: alone)
    inspect_shared._pairing.clear()
    shown = text(run(page))
    assert "Nowhere: the graph model in your browser follows the graph model on the server" in shown
    assert "What the conversion changed" not in shown
    assert set(table(page, "judgement")["version"]) == {"graph, in your browser"}
    assert "_FusedConv2D" in str(table(page, "takes")["kind"].tolist())
    inspect_shared._pairing.clear()


def test_layers_alone_show_what_they_compute(page, worker, monkeypatch):
    shipped = store.manifest("mnist")
    alone = replace(shipped, lanes={"layers": shipped.lanes["layers"]}, rounding=None)
    monkeypatch.setattr(store, "manifest", lambda _name: alone)
    inspect_shared._pairing.clear()
    shown = text(run(page))
    assert "Nowhere: the layers model in your browser follows the layers model on" in shown
    assert "What the conversion changed" not in shown
    assert "Conv2D" in table(page, "takes")["kind"].tolist()
    assert "the two formats" not in shown  # there is one
    inspect_shared._pairing.clear()


def test_of_many_layers_those_that_differ_most_are_drawn_until_all_are_asked_for(
    page, worker, monkeypatch
):
    monkeypatch.setattr(inspect_layers, "MANY", 3)
    worker.changed, last = inspect_run.layers("mnist", "float32")[-3::2]
    shown = text(run(page))
    assert "Shown are the 3 of " in shown
    chart = page.get("vega_lite_chart")[0]
    drawn = json.loads(chart.proto.spec)["layer"][1]["encoding"]["y"]["scale"]["domain"]
    assert len(drawn) == 3 and worker.changed in drawn and drawn[-1] == last
    page.toggle("inspect-all-layers").set_value(True).run()
    assert "Shown are the 3 of " not in text(page)


@pytest.mark.parametrize(("error", "times"), [(ModelError, 1), (ProcessEndedError, 2)])
def test_only_what_a_dead_process_had_is_asked_again(worker, monkeypatch, error, times):
    """A form that cannot answer would else be measured for ever, and the others with it."""
    asked = []

    def submit(_folder, lane: Lane, _pixels) -> Future[Answer]:
        asked.append(lane)
        future: Future[Answer] = Future()
        future.set_exception(error("It has no answer."))
        return future

    monkeypatch.setattr(worker, "submit", submit)
    for _ in range(2):
        forms = inspect_shared.variants("mnist")
    assert len(asked) == times * len(forms)


def test_the_conversion_can_be_repeated_and_the_manifest_downloaded(page):
    run(page)
    assert "tensorflowjs_converter --input_format=keras" in page.code[0].value
    assert "Download the manifest" in [e.proto.label for e in page.get("download_button")]


def test_a_visitor_is_told_where_models_come_from(page):
    shown = text(run(page))
    assert "digit-parity add NAME" in shown and "no upload" in shown


def test_the_digit_is_remembered_between_pages(monkeypatch):
    monkeypatch.setattr(state.st, "session_state", {})
    assert state.digit() is None
    own = Digit(np.zeros((28, 28), np.float32))
    state.remember(Visit(own))
    assert state.digit() is own
