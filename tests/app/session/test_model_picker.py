"""A second model, with three classes and no Keras original, on every page."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

import numpy as np
import pytest
from starlette.applications import Starlette
from streamlit.testing.v1 import AppTest

from app.session import model_picker, shared
from app.web import assets
from models.formats import store
from models.formats.manifest import Manifest, record, write
from models.formats.store import SHIPPED
from models.lanes import Lane, Times
from models.runtimes.worker.messages import Answer
from models.tfjs import built
from tests.app.conftest import DASHBOARD, Stage
from tests.app.folded_parts import all_open
from tests.app.upload.visiting import PARTS
from tests.support.asgi import ask, body

CROSS = np.array([0.02, 0.97, 0.01], np.float32)
Text = Callable[[AppTest], str]


@pytest.fixture
def shapes(tmp_path, monkeypatch) -> Path:
    """``shapes`` beside the shipped model: its folder, with files that no test loads."""
    (tmp_path / "mnist").symlink_to(SHIPPED)
    folder = tmp_path / "shapes"
    lanes = {form: f"model_{form}/model.json" for form in ("graph", "layers")}
    for path in lanes.values():
        (folder / path).parent.mkdir(parents=True)
        (folder / path).write_text(json.dumps({"of": path}))
    files = {path: record(folder / path) for path in lanes.values()}
    write(Manifest("shapes", "Three shapes", ("ring", "cross", "dot"), lanes, files), folder)
    monkeypatch.setenv("DIGIT_PARITY_MODELS", str(tmp_path))
    return folder


@pytest.fixture
def crossed(stage: Stage) -> Stage:
    """All lanes read a cross."""
    stage.says(CROSS)
    return stage


def pick(test: AppTest, name: str) -> AppTest:
    test.selectbox(model_picker.KEY).select(name).run()
    assert not test.exception
    return test


def linked(**query: str) -> AppTest:
    test = AppTest.from_file(str(DASHBOARD), default_timeout=30)
    for name, value in query.items():
        test.query_params[name] = value
    test.run()
    assert not test.exception
    return test


def test_with_one_model_there_is_nothing_to_pick(stage: Stage, tmp_path, monkeypatch) -> None:
    (tmp_path / "mnist").symlink_to(SHIPPED)
    monkeypatch.setenv("DIGIT_PARITY_MODELS", str(tmp_path))
    assert model_picker.KEY not in [box.key for box in stage.run().selectbox]


def test_the_shipped_model_is_used_until_another_is_picked(
    shapes: Path, stage: Stage, text: Text
) -> None:
    test = stage.run()
    box = test.selectbox(model_picker.KEY)
    assert (box.value, box.options) == ("mnist", ["MNIST digits (mnist)", "Three shapes (shapes)"])
    assert stage.mounted[-1]["model"]["name"] == "mnist"


def test_a_picked_model_answers_with_its_own_classes_and_lanes(shapes: Path, stage: Stage) -> None:
    test = stage.run()
    stage.says(CROSS)
    pick(test, "shapes")
    model = stage.mounted[-1]["model"]
    assert model["name"] == "shapes" and "cross" in model["classes"]
    assert [each["format"] for each in model["lanes"][:2]] == ["layers", "graph"]
    assert test.query_params["model"] == "shapes"
    (line,) = stage.read(model="shapes")
    assert [lane["reads"] for lane in line["lanes"]] == ["cross"] * 4
    assert "cross" in line["classes"]


def test_a_link_picks_its_model(shapes: Path, crossed: Stage) -> None:
    test = linked(model="shapes")
    assert test.selectbox(model_picker.KEY).value == "shapes"
    assert crossed.mounted[-1]["model"]["name"] == "shapes"


def test_a_model_whose_folder_is_gone_gives_way_to_the_shipped_one(
    shapes: Path, stage: Stage, text: Text
) -> None:
    test = AppTest.from_file(str(DASHBOARD), default_timeout=30)
    test.session_state["model"] = "gone"
    test.run()
    assert not test.exception
    assert test.selectbox(model_picker.KEY).value == "mnist"
    assert stage.mounted[-1]["model"]["name"] == "mnist"


def test_the_upload_page_leaves_out_labels_that_the_model_has_no_class_for(
    shapes: Path, monkeypatch, text: Text
) -> None:
    class Worker:
        def submit(self, folder, lane: Lane, pixels, **_limits):
            assert folder == shapes and lane.format != "keras"
            future: Future[Answer] = Future()
            answers = np.tile(CROSS, (len(pixels), 1))
            future.set_result(Answer(0, answers, Times(steady_ms=(10.0,))))
            return future

    def script() -> None:
        from app.session import state
        from app.upload import page as upload

        state.use_model("shapes")
        upload.page()

    monkeypatch.setattr(shared, "tensorflow", Worker)
    monkeypatch.setattr(built, "entry", lambda: None)
    test = all_open(AppTest.from_function(script, default_timeout=30), *PARTS).run()
    test.button("upload-ready").click().run()
    assert not test.exception
    page = text(test)
    assert "70 images with another label are used without it" in page
    assert "keras @ tensorflow" not in page and "same class as the layers model" in page
    assert page.count("33.3 %") >= 2, "of ten rings, ten crosses and ten dots"
    images = next(each.value for each in test.dataframe if "picture" in each.value.columns)
    assert len(images) == 100 and set(images["label"]) == {"ring", "cross", "dot", ""}


def test_the_benchmark_page_offers_only_the_lanes_that_are_there(shapes: Path) -> None:
    def script() -> None:
        from app.benchmark import page as benchmark
        from app.session import state

        state.use_model("shapes")
        benchmark.page()

    test = AppTest.from_function(script, default_timeout=30).run()
    assert not test.exception
    keys = {box.key for box in test.checkbox}
    assert {"benchmark-graph", "benchmark-layers"} <= keys
    assert not {"benchmark-keras", "benchmark-litert"} & keys


def test_an_added_models_files_are_served_at_once(shapes: Path) -> None:
    app = Starlette(routes=assets.routes())
    version = store.version("shapes")
    for path in store.manifest("shapes").files:
        assert (
            body(ask(app, f"/served/models/shapes/{version}/{path}"))
            == (shapes / path).read_bytes()
        )
