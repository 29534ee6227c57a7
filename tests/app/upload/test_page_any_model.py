"""The Upload page for a classifier of pictures in colour, and how much of a set it keeps."""

from __future__ import annotations

import re
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from app.session import ready, shared, state
from app.upload import bounds, source
from app.upload import run as upload_run
from app.upload.run import Run
from models.dataset import Dataset
from models.errors import InputError
from models.formats import manifest
from models.formats.manifest import Manifest
from models.formats.model_input import Input
from models.formats.model_output import AnswerKind
from models.formats.tensors import Tensor
from models.lanes import REFERENCE, Lane, Times
from models.parity import set_verdict
from models.parity.judgement import ByRule
from models.runtimes.worker.messages import Answer
from models.tfjs import built
from tests.app.folded_parts import all_open
from tests.app.upload.visiting import PARTS
from tests.support import dataset_files as files

COUNT = 345
CLASSES = tuple(f"thing {place}" for place in range(COUNT))
TAKEN = Input((8, 8, 3), (255.0,), framing="none")


def model(
    folder: Path, *, kind: AnswerKind = "probabilities", classes: tuple[str, ...] = CLASSES
) -> Manifest:
    lanes = {"keras": "model.h5", "layers": "layers/model.json"}
    outputs = (Tensor("y", (1 if kind == "sigmoid" else len(classes),)),)
    made = Manifest("things", "Things", classes, lanes, {}, TAKEN, outputs=outputs, answers=kind)
    (folder / "things").mkdir(parents=True, exist_ok=True)
    manifest.write(made, folder / "things")
    return made


class Worker:
    """Reads every picture as the class of its first red value, the layers model as one more."""

    def submit(self, _folder, lane: Lane, pixels, **_limits):
        assert pixels.shape[1:] == (8, 8, 3)
        top = np.rint(pixels[:, 0, 0, 0] * 255).astype(int) + (lane.format == "layers")
        answers = np.full((len(pixels), COUNT), 0.001, np.float32)
        answers[np.arange(len(pixels)), top] = 0.6
        future: Future[Answer] = Future()
        future.set_result(Answer(0, answers, Times(steady_ms=(10.0,))))
        return future


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    model(tmp_path)
    monkeypatch.setenv("DIGIT_PARITY_MODELS", str(tmp_path))
    monkeypatch.setattr(shared, "tensorflow", Worker)
    monkeypatch.setattr(built, "entry", lambda: None)
    monkeypatch.setattr(state, "model", lambda: "things")
    ready._pictures.clear()

    def script() -> None:
        from app.upload import page as upload

        upload.page()

    test = all_open(AppTest.from_function(script, default_timeout=30), *PARTS).run()
    assert not test.exception
    return test


def text(page: AppTest) -> str:
    html = [element.proto.body for element in page.get("html")]
    return "\n".join([*html, *(str(each.value) for each in (*page.markdown, *page.caption))])


def picture(level: int) -> bytes:
    return files.picture(Image.fromarray(np.full((8, 8, 3), level, np.uint8)))


def test_pictures_are_labelled_by_a_classes_name_and_the_confused_pairs_are_listed(page):
    names = {"thing 3/a.png": 3, "thing 3/b.png": 3, "Thing_9/c.png": 4, "200/d.png": 200}
    zipped = files.zipped({name: picture(level) for name, level in names.items()})
    page.file_uploader[0].set_value([("set.zip", zipped, "")]).run()
    assert "4 images, 4 with a label" in text(page)
    assert "8×8×3 pixels" in text(page) and not page.toggle, "nothing is framed or cut apart"
    page.button("upload-run").click().run()
    assert not page.exception
    assert "they disagree on 4 of 4 images (100 %)." in text(page)
    assert ">top 5</th>" in text(page) and "<td>75.0 %</td>" in text(page)
    assert "Confused most" in text(page)
    rows = re.findall(r"<td>(thing \d+)</td><td>(thing \d+)</td><td>(\d+)</td>", text(page))
    assert rows == [("thing 9", "thing 4", "1")]
    table = next(each.value for each in page.dataframe if "picture" in each.value.columns)
    assert table["keras @ tensorflow"][0].startswith("thing ")


def test_the_page_says_how_many_pictures_of_this_size_a_set_may_have(page, monkeypatch):
    room = replace(source.LIMITS, set_bytes=50 * 8 * 8 * 3)
    monkeypatch.setattr(source, "LIMITS", room)
    assert "a picture, 50 images a set." in text(page.run())


def test_without_files_pictures_are_made_that_show_whether_lanes_agree(page):
    page.button("upload-ready").click().run()
    assert not page.exception
    assert "No image has a label, so how many are right is not known." in text(page)


def test_more_images_than_answers_have_room_for_are_not_run(page, monkeypatch):
    monkeypatch.setattr(bounds, "ANSWER_BYTES", 10 * 4 * COUNT * 3)
    page.button("upload-ready").click().run()
    assert not page.exception
    assert "Of 100 images the first 10 are run" in text(page)
    assert len(page.session_state["upload_run"][1].data) == 10


def test_a_run_waits_for_the_room_that_others_take(page, monkeypatch):
    monkeypatch.setattr(bounds, "ALL_ANSWER_BYTES", 1)
    page.button("upload-ready").click().run()
    assert not page.exception and "Try again in a few minutes" in page.warning[0].value


def blank(count: int) -> Dataset:
    labels = np.full(count, -1, np.int32)
    stored = np.zeros((count, 8, 8, 3), np.uint8)
    return Dataset(("a",) * count, stored, labels, np.zeros(count, bool), labels=labels)


def test_logits_are_kept_to_be_judged_and_shown_as_probabilities(tmp_path):
    run = Run(blank(3), tmp_path, model(tmp_path, kind="logits", classes=("a", "b")))
    values = np.array([[1, 3], [-40, 40], [5, 5]], np.float32)
    run.accept("layers", "wasm", 0, 0.1, values.tobytes())
    scores = next(each for each in run.scores() if each.lane.in_browser)
    np.testing.assert_array_equal(scores.judged, values)
    np.testing.assert_allclose(scores.probabilities.sum(axis=1), 1, rtol=1e-6)
    assert scores.top.tolist() == [1, 1, 0]
    again = Run(blank(3), tmp_path, model(tmp_path, kind="logits", classes=("a", "b")))
    with pytest.raises(InputError, match="no numbers"):
        again.accept("layers", "wasm", 0, 0.1, (values * np.nan).tobytes())


def test_one_sigmoid_has_two_classes_and_one_number(tmp_path):
    run = Run(blank(2), tmp_path, model(tmp_path, kind="sigmoid", classes=("no", "yes")))
    run.accept("layers", "wasm", 0, 0.1, np.array([0.25, 1.0], "<f4").tobytes())
    scores = next(each for each in run.scores() if each.lane.in_browser)
    np.testing.assert_array_equal(scores.probabilities, [[0.75, 0.25], [0, 1]])
    assert scores.judged.shape == (2, 1) and run.memory == 2 * 3 * (1 + 2) * 4
    for each in run.progress:
        if not each.lane.in_browser:
            each.keep(0, scores.judged, scores.probabilities)
    said = set_verdict.judgements(run.scores(), REFERENCE, ByRule("values", 1e-5, 1.0))
    assert {each.kind for each in said.values()} == {"passed"}


@pytest.mark.parametrize(
    ("size", "outputs", "part", "batch"),
    [(784, 10, 1_024, 128), (224 * 224 * 3, 1_000, 26, 6), (1 << 24, 21_841, 1, 1)],
)
def test_of_large_pictures_and_of_many_classes_less_is_sent_at_once(size, outputs, part, batch):
    assert bounds.part(size, outputs) == part and bounds.batch(size) == batch
    assert part == 1 or part * size <= bounds.PART_BYTES
    assert part == 1 or part * outputs * 4 <= bounds.MAX_POST


def test_only_runs_that_are_alive_take_room(tmp_path):
    made = model(tmp_path)
    run = Run(blank(5), tmp_path, made)
    assert run.memory == 5 * bounds.answer_bytes(made) == 5 * COUNT * 4 * 3
    assert upload_run.find(run.token) is run
