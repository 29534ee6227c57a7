"""What the Upload page shows in each of its states: first visit, reading, running, a report."""

from __future__ import annotations

import json
import re

import numpy as np
from streamlit.testing.v1 import AppTest

from app.upload.progress import reading
from app.upload.results import downloads
from app.upload.saved import example
from models import dataset
from models.formats import store
from tests.app.upload.visiting import Worker, headline, images, new_page, run, text, upload
from tests.support import dataset_files as files


def reported(page: AppTest) -> bytes:
    """The report of the run that the page shows."""
    run = page.session_state["upload_run"][1]
    return downloads.json_report(run.data, run.scores(), store.manifest("mnist")).encode()


def two_apart(page: AppTest, worker: Worker) -> AppTest:
    """A set of four that was run, of which the graph model reads the third otherwise."""
    worker.graph = 5
    pixels = np.zeros((4, 28, 28), np.uint8)
    pixels[2, 0, 0] = 255
    return run(upload(page, ("a.npz", files.npz(x=pixels, y=np.array([3, 4, 3, 3])))))


def test_a_first_visit_shows_an_examples_answer_and_says_that_it_is_one(page):
    assert headline(page) == "Example: 100 % right with all formats; they never disagree."
    assert "Example: 100 digits of MNIST&#39;s test set" in text(page)
    assert len(images(page)) == 100 and not [
        each for each in page.button if "upload-run" in each.key
    ]


def test_a_model_without_an_example_has_a_sentence_and_the_place_for_files(worker, monkeypatch):
    monkeypatch.setattr(example, "of", lambda _model: None)
    shown = new_page().run()
    assert headline(shown) == "Drop a test set to see how accurate each format is."
    assert "Drop pictures, a ZIP, a CSV … here" in text(shown) and not shown.dataframe


def test_the_answer_comes_before_the_controls_and_details_are_folded(worker):
    page = new_page().run()
    whole = text(page)
    places = [
        whole.index(each) for each in ("dp-lead", "dp-headline", "dp-figures", "dp-drop-here")
    ]
    assert places == sorted(places)
    assert page.expander and not any(each.proto.expanded for each in page.expander)


def test_what_was_read_is_shown_before_it_is_run(page):
    upload(page, ("a.npz", files.npz(x=files.digits(50), y=np.arange(50) % 10)))
    assert headline(page) == "50 images, 50 with a label: 50 from the data itself."
    assert "the first 36 pictures, as the model takes them" in text(page)


def test_while_files_are_read_a_bar_says_how_far_it_is(page, monkeypatch):
    monkeypatch.setattr(reading, "_REFRESH", -1.0)
    seen = []
    read = dataset.read_files

    def look(contents, options, *, look):
        given = list(contents)
        look(1_234, 0)
        return read(given, options)

    monkeypatch.setattr(dataset, "read_files", look)
    told = reading.show
    monkeypatch.setattr(reading, "show", lambda *given: (seen.append(given[1:]), told(*given)))
    upload(page, ("7.png", files.picture()), ("3.png", files.picture()))
    assert seen == [("0 images read", 0, 2), ("1,234 images read", 2, 2)]


def test_while_it_runs_every_version_has_its_bar(page, worker):
    worker.waiting = True
    run(upload(page, ("a.npz", files.npz(x=files.digits(5)))))
    assert headline(page) == "Reading 5 images …"
    bars = re.findall('role="progressbar" aria-label="([^"]*)"', text(page))
    assert bars == ["Keras, server", "graph, server", "layers, server"]


def test_a_row_opens_the_picture_with_what_every_version_made_of_it(page, worker):
    two_apart(page, worker)
    assert "<strong>a.npz [2]</strong><br>labelled 3" in text(page), "the first of the table"
    opened = text(page).partition("dp-table dp-read")[2].partition("</table>")[0]
    rows = re.findall(r'title="(\w+) @ tensorflow">[^<]*</span>\n?</td><td>(\d)</td>', opened)
    assert rows == [("keras", "3"), ("graph", "5"), ("layers", "3")]
    assert [each for each in page.get("link_button") if "Draw page" in each.proto.label]
    chosen = next(each for each in page.selectbox if each.label == "Picture")
    chosen.select_index(1).run()
    assert "<strong>a.npz [1]</strong><br>labelled 4" in text(page) and not page.exception


def test_the_open_picture_is_of_the_rows_that_are_shown(page, worker):
    two_apart(page, worker)
    next(each for each in page.selectbox if each.label == "Picture").select_index(3).run()
    page.get("button_group")[-1].set_value("wrong").run()
    assert not page.exception and "<strong>a.npz [2]</strong>" in text(page)


def test_a_report_opens_again_as_the_set_was_shown(page, worker):
    two_apart(page, worker)
    said, raw = headline(page), reported(page)
    before = page.session_state["upload_run"][1]
    upload(page, ("a.npz", files.npz(x=files.digits(2))), ("digit-parity-set.json", raw))
    assert headline(page) == said and "A saved report of 4 images, model MNIST digits." in text(
        page
    )
    table = images(page)
    assert list(table["image"])[:2] == ["a.npz [2]", "a.npz [1]"]
    assert table["picture"][0].startswith("data:image/png") and "labelled 3" in text(page)
    assert not [each for each in page.button if each.key == "upload-run"] and before.cancelled
    assert not page.get("link_button"), "it may be of another model than the Draw page has"


def test_a_set_after_a_report_is_read_and_the_report_is_none_of_its_files(page, worker):
    two_apart(page, worker)
    raw = reported(page)
    upload(page, ("digit-parity-set.json", raw), ("7.png", files.picture()))
    assert headline(page).startswith("1 image, ") and "left out" not in text(page)


def test_a_hostile_report_is_refused_in_a_sentence_without_its_html(page):
    raw = b'{"schema": "digit-parity/set/2", "<img src=x>": 1, "digits": []}'
    upload(page, ("evil.json", raw))
    assert headline(page) == "This report cannot be opened."
    assert "This is not a report of a test set" in text(page) and "<img src=x" not in text(page)


def test_names_in_a_report_are_text(page, worker):
    two_apart(page, worker)
    report = json.loads(reported(page))
    report["digits"]["names"] = ["<img src=x>"] * 4
    report["model"]["title"] = "<script>"
    report["skipped"] = [{"file": "<img src=x>", "reason": "<b>"}]
    upload(page, ("a.json", json.dumps(report).encode()))
    assert "1 file left out" in text(page)
    assert "<img src=x" not in text(page) and "<script" not in text(page)


def test_who_takes_all_files_back_or_wants_a_folder_sees_the_example_again(page):
    upload(page, ("7.png", files.picture()))
    page.get("button_group")[0].set_value("A folder").run()
    assert headline(page).startswith("Example: ") and not page.exception
