"""The set-up compresses Streamlit's files and bundles ours."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.frontend import module_tree
from app.startup import set_up
from app.web import packed_assets


def test_the_set_up_compresses_streamlits_scripts_and_bundles_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packed_assets, "_PACKED", tmp_path / "streamlit")
    monkeypatch.setattr(module_tree, "_BUNDLED", tmp_path / "frontend")
    set_up.main()
    assert list((tmp_path / "streamlit").rglob("*.js.gz"))
    assert module_tree.served(module_tree.SOURCE, tmp_path / "frontend") is not module_tree.SOURCE
