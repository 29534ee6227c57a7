"""The Upload page with fake lanes: no TensorFlow, no browser."""

from __future__ import annotations

import gc
import io
import re
from concurrent.futures import Future

import numpy as np
import streamlit as st
from streamlit.testing.v1 import AppTest

from app.session import ready, shared
from app.upload import source
from app.upload.results import downloads
from models import dataset
from models.dataset.reading import reader
from models.lanes import Times
from models.runtimes.worker.messages import Answer
from tests.app.upload.visiting import Worker, images, run, text, upload
from tests.models.digit.test_segmentation import SIX, TWO, ZERO
from tests.models.digit.test_segmentation import page as drawn
from tests.support import dataset_files as files

COUNTS = "100 images"
FILES_OF_A_SESSION = (
    "streamlit.runtime.memory_uploaded_file_manager.MemoryUploadedFileManager.get_files"
)


def test_a_first_visit_says_what_to_do_and_what_the_limits_are(page):
    assert "Drop pictures, a ZIP, a CSV … here" in text(page)
    assert "At most 200 MiB a file" in text(page) and "70,000 images a set" in text(page)


def test_one_click_runs_the_example_digits(page):
    page.button("upload-ready").click().run()
    assert not page.exception
    assert "Labels: 100 of 100" in [each.label for each in page.expander]
    assert "100 from the data itself" in text(page)
    assert "10.0 % right with all formats; they never disagree." in text(page)
    lanes = text(page).partition("<tbody>")[2].partition("</tbody>")[0]
    assert re.findall(r">(\w+), server<", lanes) == ["Keras", "graph", "layers"]
    assert lanes.count("10.0 %") == 3 and text(page).count("<td>5.52% … 17.44%</td>") == 3
    assert len(images(page)) == 100


def test_labels_are_shown_before_they_count_and_can_be_ignored(page):
    zipped = files.zipped({"3/a.png": files.picture(), "7/5_b.png": files.picture()})
    upload(page, ("set.zip", zipped))
    assert "2 images, 2 with a label: 2 from the folder" in text(page)
    assert not page.get("vega_lite_chart") and 'dp-bar"' not in text(page)
    run(page)
    assert "50.0 % right with all formats" in text(page)
    rule = next(each for each in page.selectbox if each.label == "Read labels from")
    rule.select("none").run()
    assert "No image has a label." in text(page)
    assert ">right</th>" not in text(page)
    assert "All formats read all of 2 images alike." in text(page), "the answers are kept"


def test_a_bad_file_is_listed_and_the_others_are_read(page):
    upload(
        page, ("bad.png", b"text"), ("3_good.png", files.picture()), ("a.h5", b"\x89HDF\r\n\x1a\n")
    )
    assert "1 image, 1 with a label" in text(page) and "2 files left out" in text(page)
    assert re.search("<td>bad.png</td><td>[^<]*named .png but holds text", text(page))
    assert re.search("<td>a.h5</td><td>[^<]*digit-parity convert", text(page))


def test_a_name_is_shown_as_text_and_never_as_html(page):
    upload(page, ("<img src=x>.png", b"text"), ("![](x).png", cut_apart()))
    assert "&lt;img src=x&gt;.png" in text(page) and "<img src=x" not in text(page)
    html = [element.proto.body for element in page.get("html")]
    assert any("![](x).png: 4 digits" in each for each in html), "no Markdown either"


def test_only_bad_files(page):
    upload(page, ("bad.png", b"text"))
    assert "No picture could be read" in text(page)
    assert re.search("bad.png: [^<]*named .png but holds text", text(page)), "without a click"
    assert not [each for each in page.expander if each.label.startswith("Labels")]
    assert not [each for each in page.button if each.key == "upload-run"]


def test_disagreements_come_first_then_errors_and_can_be_filtered(page, worker):
    worker.graph = 5
    pixels = np.zeros((4, 28, 28), np.uint8)
    pixels[2, 0, 0] = 255
    labels = np.array([3, 4, 3, 3])
    run(upload(page, ("a.npz", files.npz(x=pixels, y=labels))))
    assert "they disagree on 1 of 4 images (25.0 %)." in text(page)
    table = images(page)
    assert list(table["image"]) == ["a.npz [2]", "a.npz [1]", "a.npz [0]", "a.npz [3]"]
    assert table["graph @ tensorflow"][0] == "5 · 100.00%" and table["differ by"][0] == "1e0"
    page.get("button_group")[-1].set_value("disagreeing").run()
    assert list(images(page)["image"]) == ["a.npz [2]"]


def test_stop_keeps_what_is_done(page, worker):
    worker.waiting = True
    upload(page, ("a.npz", files.npz(x=files.digits(5))))
    run(page)
    assert "0 of 5" in text(page) and "starting" in text(page)
    stopped = page.session_state["upload_run"][1]
    page.button("upload-stop").click().run()
    assert not page.exception and stopped.cancelled
    assert "stopped" in text(page)


def cut_apart() -> bytes:
    """A picture of 2026."""
    return files.picture(drawn(TWO, ZERO, TWO, SIX))


def test_a_picture_of_several_digits_shows_where_it_was_cut(page):
    upload(page, ("2026.png", cut_apart()))
    assert "4 images, " in text(page)
    assert [each.label for each in page.expander if "cut" in each.label] == ["1 picture cut apart"]
    page.toggle[0].set_value(False).run()
    assert "1 image, " in text(page)


def test_the_examples_zip_reads_back_as_the_example_digits():
    examples = ready.pictures("mnist")
    zipped = downloads.pictures_zip(examples, tuple("0123456789"))
    read = dataset.read("a.zip", zipped)
    as_is = dataset.read("a.zip", zipped, dataset.Options(framing="none"))
    assert len(read) == 100 and not read.skipped
    np.testing.assert_array_equal(as_is.stored, examples.stored)
    np.testing.assert_array_equal(as_is.labels, examples.labels)
    assert list(read.labelled_by.values()) == [100]


def test_the_set_before_makes_room_for_the_next(page, monkeypatch):
    upload(page, ("7.png", files.picture()))
    kept = []
    read = dataset.read_files

    def look(*given, **options):
        kept.append(st.session_state.get("upload_set"))
        return read(*given, **options)

    monkeypatch.setattr(dataset, "read_files", look)
    upload(page, ("8.png", files.picture()))
    assert kept == [None] and "8.png" in str(images_read(page))


def test_a_set_that_was_run_makes_room_for_the_next(page, monkeypatch):
    """Streamlit still has the table and the downloads of the one before."""
    gc.collect()  # what earlier tests left
    before, read = reader.in_use.count(), dataset.read_files
    counted = []

    def look(*given, **options):
        counted.append(reader.in_use.count() - before)
        return read(*given, **options)

    monkeypatch.setattr(dataset, "read_files", look)
    run(upload(page, ("a.npz", files.npz(x=files.digits(50)))))
    upload(page, ("b.npz", files.npz(x=files.digits(60))))
    assert counted == [0, 0] and reader.in_use.count() - before == 60


def test_a_set_outlasts_its_files_which_a_lost_connection_frees(page, monkeypatch):
    run(upload(page, ("7.png", files.picture())))
    shown = texts(page)
    monkeypatch.setattr(FILES_OF_A_SESSION, lambda *_given, **_named: [])
    page.run()
    assert texts(page) == shown and not page.exception


def test_freed_files_that_are_to_be_read_again_are_asked_for(page, monkeypatch):
    upload(page, ("7.png", files.picture()))
    monkeypatch.setattr(FILES_OF_A_SESSION, lambda *_given, **_named: [])
    page.toggle[0].set_value(False).run()
    assert [each.value for each in page.warning] == [source.FREED] and not page.exception


def remedies(page: AppTest) -> list[str]:
    return [each.label for each in page.button if (each.key or "").startswith("upload-remedy")]


def mend(page: AppTest) -> AppTest:
    (button,) = [each for each in page.button if (each.key or "").startswith("upload-remedy")]
    button.click().run()
    assert not page.exception
    return page


def test_numbers_that_count_are_no_labels_and_one_click_takes_them(page):
    counted = [(f"digit{number}.png", files.picture()) for number in range(1, 4)]
    upload(page, *counted)
    assert "none with a label" in text(page)
    assert "The numbers in names (digit1.png … digit3.png) count the pictures" in text(page)
    before = page.session_state["upload_set"][1]
    mend(page)
    assert "3 with a label: 3 from the file name" in text(page)
    assert page.session_state["upload_set"][1] is before, "nothing is read again"
    assert remedies(page) == ["Take names as no labels"]


def test_a_change_for_one_set_is_not_for_the_next(page):
    upload(page, *[(f"digit{number}.png", files.picture()) for number in range(1, 4)])
    mend(page)
    upload(page, *[(f"digit{number}.png", files.picture()) for number in range(1, 5)])
    assert "none with a label" in text(page)


class Inverting(Worker):
    """Reads black on white as 8, and white on black as the column of its whitest pixel."""

    def submit(self, _folder, _lane, pixels, **_limits):
        answers = np.eye(10, dtype=np.float32)[
            np.where(pixels.mean(axis=(1, 2)) > 0.5, 8, pixels.max(axis=1).argmax(axis=1) % 10)
        ]
        future: Future[Answer] = Future()
        if not self.waiting:
            future.set_result(Answer(0, answers, Times(steady_ms=(10.0,))))
        return future


def black_on_white() -> tuple[bytes, bytes]:
    """Thirty digits, black on white, and the same as they should be."""
    pixels = np.zeros((30, 28, 28), np.uint8)
    for at in range(30):
        pixels[at, 5:20, 10 + at % 10] = 255
    labels = np.arange(30) % 10
    return files.npz(x=255 - pixels, y=labels), files.npz(x=pixels, y=labels)


def test_black_on_white_is_said_and_one_click_inverts_it_and_another_goes_back(page, monkeypatch):
    monkeypatch.setattr(shared, "tensorflow", Inverting)
    spoilt, right = black_on_white()
    upload(page, ("a.npz", spoilt))
    (said,) = [each.value for each in page.warning]
    assert said.startswith("The pixel data seems to be black on white: inverted, 100.0 % of 30")
    stored = page.session_state["upload_set"][1].stored
    assert stored[0, 0, 0] == 255, "it is not applied unasked"
    mend(page)
    assert not page.warning and not remedies(page)
    assert "Pixel data is taken inverted, not as it is in the files." in text(page)
    np.testing.assert_array_equal(
        page.session_state["upload_set"][1].stored, dataset.read("a.npz", right).stored
    )
    page.button("upload-undo").click().run()
    assert len(page.warning) == 1 and not page.exception


def test_labels_that_sure_readings_contradict_are_said_before_a_run_and_can_be_ignored(
    page, monkeypatch
):
    monkeypatch.setattr(shared, "tensorflow", Inverting)
    with np.load(io.BytesIO(black_on_white()[1])) as right:
        upload(page, ("a.npz", files.npz(x=right["x"], y=(right["y"] * 7 + 3) % 10)))
    said = next(each.value for each in page.warning)
    assert said.startswith("Sure readings contradict 30 of 30 labels from the data itself")
    mend(page)
    assert "none with a label" in text(page) and not page.warning
    page.selectbox("upload-labels").select("auto").run()
    assert len(page.warning) == 1 and not page.exception


def test_pictures_that_are_all_read_alike_are_said_and_no_click_mends_that(page):
    blank = np.zeros((24, 28, 28), np.uint8)
    upload(page, ("a.npz", files.npz(x=blank, y=np.arange(24) % 8)))
    assert next(each.value for each in page.warning).startswith("Nearly all pictures are read as 3")
    assert not remedies(page)


def test_the_check_waits_for_a_reference_that_is_busy(page, worker):
    worker.waiting = True
    upload(page, ("a.npz", black_on_white()[0]))
    assert "Checking how the set reads" in text(page) and not page.warning
    assert [each for each in page.button if each.key == "upload-run"]


def test_files_of_a_folder_are_labelled_by_it_and_litter_is_passed_over(page):
    page.get("button_group")[0].set_value("A folder").run()
    upload(
        page,
        ("digits/7/a.png", files.picture()),
        ("digits/3/b.png", files.picture()),
        ("digits/.DS_Store", b"\0\0\0\1Bud1"),
    )
    assert "2 images, 2 with a label: 2 from the folder" in text(page)
    assert "left out" not in str([each.label for each in page.expander])


def texts(page: AppTest) -> list[str]:
    return [each.value for kind in (page.markdown, page.warning) for each in kind]


def images_read(page: AppTest) -> tuple[str, ...]:
    return page.session_state["upload_set"][1].names
