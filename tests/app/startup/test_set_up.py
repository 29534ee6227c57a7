"""The set-up compresses Streamlit's files."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.startup import set_up
from app.web import packed_assets


def test_the_set_up_compresses_streamlits_scripts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packed_assets, "_PACKED", tmp_path / "streamlit")
    set_up.main()
    assert list((tmp_path / "streamlit").rglob("*.js.gz"))
