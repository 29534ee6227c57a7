"""The HTML report: what it draws, what it escapes, and how large it can get."""

from __future__ import annotations

import dataclasses
import re
import subprocess
from xml.etree import ElementTree

import numpy as np
import psutil
import pytest

from app.upload.results import downloads, html_report, svg_charts
from models import dataset
from models.formats import store
from models.lanes import REFERENCE, Lane
from models.parity.scores import Scores
from tests.support import bare_system
from tests.support import dataset_files as files

EVIL = '</svg><script>alert("1")</script>'
MNIST = store.manifest("mnist")


@pytest.fixture
def data():
    return dataset.read("a.npz", files.npz(x=files.digits(3), y=np.array([0, 1, 2])))


def lanes(*read: int, classes: int = 10) -> list[Scores]:
    """Keras reads 0, 1, 2, …; the other lane reads ``read``."""
    sure = np.eye(classes, dtype=np.float32)
    keras, other = sure[np.arange(len(read)) % classes], sure[list(read)]
    return [Scores(REFERENCE, keras, 1.0), Scores(Lane("graph", "tfjs/wasm"), other, 1.0)]


def charts(report: str) -> list[ElementTree.Element]:
    """The charts, which are well-formed XML whatever names they hold."""
    return [ElementTree.fromstring(each) for each in re.findall(r"<svg .*?</svg>", report, re.S)]


def titles(svg: ElementTree.Element) -> list[str]:
    return [each.text or "" for each in svg.iter("title")]


def test_the_differences_and_a_matrix_a_lane_are_drawn_and_say_what_they_show(data):
    differences, *matrices = charts(html_report.page(data, lanes(0, 1, 5), MNIST))
    assert [len(titles(each)) for each in matrices] == [3, 3]
    (wrong,) = (each for each in titles(matrices[1]) if "label: 2" in each)
    assert "read as: 5" in wrong and "images: 1" in wrong
    assert any("difference: 0" in each and "scale: 2" in each for each in titles(differences))


def test_a_class_with_markup_in_its_name_is_text(data):
    classes = (*MNIST.classes[:5], EVIL, *MNIST.classes[6:])
    report = html_report.page(
        data, lanes(0, 1, 5), dataclasses.replace(MNIST, classes=classes, title=EVIL)
    )
    assert "<script" not in report
    assert len(charts(report)) == 3
    assert "&lt;script&gt;" in report


def test_long_names_are_cut_and_stay_different(data):
    classes = tuple("x" * 5000 + each for each in MNIST.classes)
    report = html_report.page(
        data, lanes(0, 1, 5), dataclasses.replace(MNIST, classes=classes, title="y" * 5000)
    )
    assert "x" * 25 not in report and "y" * 81 not in report
    cut = {title for each in charts(report)[1:] for title in titles(each)}
    assert len(cut) == 4, "each label has its own row: three right, one wrong"


def test_of_many_classes_the_most_confused_pairs_are_listed_in_place_of_a_matrix():
    data = dataset.read("a.npz", files.npz(x=files.digits(5), y=np.array([0, 1, 2, 3, 3])))
    names = tuple(f"<b>{place}" for place in range(345))
    keras, other = lanes(0, 1, 5, 7, 7, classes=345)
    report = html_report.page(data, [keras, other], dataclasses.replace(MNIST, classes=names))
    assert len(charts(report)) == 1 and "Confused most" in report
    _, _, pairs = report.partition("Confused most")
    rows = re.findall(r"<td>&lt;b&gt;(\d+)</td><td>&lt;b&gt;(\d+)</td><td>(\d+)</td>", pairs)
    assert rows[:1] == [("3", "4", "1")], "what Keras read, which is as it counts"
    assert rows[1:3] == [("3", "7", "2"), ("2", "5", "1")]


def test_a_report_of_a_thousand_classes_and_large_pictures_stays_small():
    count, classes = 400, 1000
    random = np.random.default_rng(5)
    stored = random.integers(0, 256, (count, 224, 224, 3), np.uint8)
    labels = random.integers(0, classes, count).astype(np.int32)
    names = tuple(f"{place}.png" for place in range(count))
    data = dataset.Dataset(names, stored, labels, np.zeros(count, bool), labels=labels)
    read = [random.dirichlet(np.ones(classes), count).astype(np.float32) for _ in range(2)]
    lane_scores = [Scores(REFERENCE, read[0], 1.0), Scores(Lane("graph", "tfjs/wasm"), read[1], 1)]
    large = dataclasses.replace(MNIST, classes=tuple(map(str, range(classes))))
    report = html_report.page(data, lane_scores, large)
    assert 300 * 84 * 84 * 3 < len(report) < 12_000_000, "300 thumbnails of noise, and figures"
    assert len(downloads.json_report(data, lane_scores, large)) < 200_000
    assert len(downloads.csv(data, lane_scores, large.classes)) < 100_000


@pytest.mark.parametrize(
    "fails", [subprocess.TimeoutExpired("draw", 60), subprocess.CalledProcessError(1, "draw")]
)
def test_a_report_without_its_charts_says_so_and_has_the_rest(data, monkeypatch, fails):
    def svgs(specs):
        raise fails

    monkeypatch.setattr(svg_charts, "svgs", svgs)
    report = html_report.page(data, lanes(0, 1, 5), MNIST)
    assert "The charts could not be drawn." in report and "<svg" not in report
    assert "1 image read wrong or differently" in report


def test_a_chart_that_takes_too_long_is_given_up(monkeypatch):
    monkeypatch.setattr(svg_charts, "TIMEOUT_SECONDS", 0.001)
    with pytest.raises(subprocess.TimeoutExpired):
        svg_charts.svgs([{"mark": "point", "data": {"values": [{}]}}])


def test_a_report_does_not_wait_for_ever_for_the_charts_of_another(monkeypatch):
    monkeypatch.setattr(svg_charts, "TIMEOUT_SECONDS", 0.001)
    with svg_charts._one_at_a_time, pytest.raises(subprocess.TimeoutExpired):
        svg_charts.svgs([])


@pytest.mark.parametrize("damage", ["kill -KILL $$", "kill -STOP $$", "echo half of", "exit 1"])
def test_charts_whose_process_fails_are_left_out_and_nothing_is_left_behind(
    data, monkeypatch, tmp_path, damage, caplog
):
    program = tmp_path / "python"
    program.write_text(f"#!/bin/sh\necho $$ > {tmp_path}/pid\n{damage}\n")
    program.chmod(0o755)
    monkeypatch.setattr(svg_charts.sys, "executable", str(program))
    monkeypatch.setattr(svg_charts, "TIMEOUT_SECONDS", 2)
    report = html_report.page(data, lanes(0, 1, 5), MNIST)
    assert "The charts could not be drawn." in report and "1 image read wrong" in report
    assert len(caplog.messages) == 1 and caplog.messages[0].startswith("A report's charts were not")
    assert not psutil.pid_exists(int((tmp_path / "pid").read_text()))


def test_a_chart_is_drawn_on_a_system_without_priorities(monkeypatch, tmp_path):
    monkeypatch.setenv("PYTHONPATH", bare_system.path(tmp_path))
    assert svg_charts.svgs([{"mark": "point", "data": {"values": [{}]}}])[0].startswith("<svg")


def test_a_chart_without_a_reference_is_left_out(data):
    report = html_report.page(data, lanes(0, 1, 5)[1:], MNIST)
    assert "There is no reference to compare with." in report
    assert len(charts(report)) == 1
