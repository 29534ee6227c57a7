"""The set-up compresses Streamlit's files and bundles ours."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from app.frontend import module_tree
from app.startup import set_up
from app.web import packed_assets
from models.tfjs import bundle


def test_the_set_up_compresses_streamlits_scripts_and_bundles_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packed_assets, "_PACKED", tmp_path / "streamlit")
    monkeypatch.setattr(module_tree, "_BUNDLED", tmp_path / "frontend")
    assert set_up.main() == 0
    assert list((tmp_path / "streamlit").rglob("*.js.gz"))
    assert module_tree.served(module_tree.SOURCE, tmp_path / "frontend") is not module_tree.SOURCE


def test_a_full_disk_is_one_sentence_and_the_next_try_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(packed_assets, "_PACKED", tmp_path / "streamlit")
    monkeypatch.setattr(module_tree, "_BUNDLED", tmp_path / "frontend")

    def full(*_arguments: object, **_named: object) -> bytes:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(packed_assets.gzip, "compress", full)
        assert set_up.main() == 1
    said = capsys.readouterr().err
    assert said.startswith("No space is left on the disk: 8 MB in ") and said.count("\n") == 1
    assert not list(tmp_path.iterdir())
    assert set_up.main() == 0


def test_what_esbuild_objects_to_is_said_without_a_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def objects(*_arguments: object) -> None:
        raise bundle.BundleError("esbuild objects")

    monkeypatch.setattr(packed_assets, "_PACKED", tmp_path)
    monkeypatch.setattr(module_tree, "_BUNDLED", tmp_path / "frontend")
    monkeypatch.setattr(bundle, "build_app", objects)
    assert set_up.main() == 1
    assert capsys.readouterr().err == "esbuild objects\n"
