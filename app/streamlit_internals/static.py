"""Streamlit's own files: its HTML, and the scripts and styles that a page fetches.

Relied on: ``streamlit.file_util.get_static_dir``; ``index.html`` in that folder; everything else
below ``static/`` in it, served at ``/static/`` below the app's root, with a hash of its contents in
each file's name. If the folder moves, the server does not start. A name without a hash would break
silently: such a file is cached for a year (tests/app/web/test_packed_assets.py looks).
"""

from __future__ import annotations

from pathlib import Path

from streamlit.file_util import get_static_dir

URL_PATH = "static/"  # below the app's root


def folder() -> Path:
    """Where they are."""
    return Path(get_static_dir())


def index_html() -> str:
    """The page that Streamlit would send."""
    return (folder() / "index.html").read_text("utf-8")


def below_static() -> dict[str, Path]:
    """Every file with a suffix, by its path below ``URL_PATH``."""
    root = folder() / "static"
    return {path.relative_to(root).as_posix(): path for path in root.rglob("*.*")}
