"""TensorFlow.js for a report is made once, for who asks, where it can be."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.storage import locations
from models.tfjs import bundle, report_bundle
from models.tfjs.failures import BundleError


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.setattr(locations, "built", lambda: tmp_path)
    return tmp_path / "report"


def test_it_is_made_once_and_again_when_its_sources_have_changed(place, monkeypatch):
    made: list[list[str]] = []

    def run(command, folder, environment, needs):
        made.append(command)
        new = Path(command[-1])
        (new / "version.json").write_text('{"version": "4.22.0"}')
        (new / "script.gz").write_bytes(b"script")
        (new / "wasm.gz").write_bytes(b"wasm")

    monkeypatch.setattr(report_bundle.failures, "run", run)
    monkeypatch.setattr(bundle, "install", lambda: False)
    for _ in range(2):
        found = report_bundle.read()
        assert (found.script, found.wasm, found.version) == (b"script", b"wasm", "4.22.0")
    assert len(made) == 1
    monkeypatch.setattr(bundle, "hash_of_sources", lambda *_: "another")
    report_bundle.read()
    assert len(made) == 2


def test_an_installed_wheel_brings_it_and_makes_none(tmp_path, monkeypatch):
    monkeypatch.setattr(locations, "is_installed", lambda: True)
    monkeypatch.setattr(locations, "ROOT", tmp_path)
    monkeypatch.setattr(report_bundle, "build", None)
    with pytest.raises(BundleError, match=r"There is no TensorFlow\.js for the report"):
        report_bundle.read()
    place = tmp_path / "build" / "report"
    place.mkdir(parents=True)
    (place / "version.json").write_text('{"version": "4.22.0"}')
    (place / "script.gz").write_bytes(b"script")
    (place / "wasm.gz").write_bytes(b"wasm")
    assert report_bundle.read().version == "4.22.0"


def test_what_is_damaged_is_said(place, monkeypatch):
    monkeypatch.setattr(report_bundle, "build", lambda folder: folder.mkdir())
    with pytest.raises(BundleError, match=r"There is no TensorFlow\.js"):
        report_bundle.read()
