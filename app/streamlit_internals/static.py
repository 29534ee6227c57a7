"""Streamlit's own files: its HTML, and the scripts and stylesheets that a page fetches.

Relied on: ``streamlit.file_util.get_static_dir``; ``index.html`` in that folder; all other files
below ``static/`` in it, served at ``/static/`` below the app's root, with a hash of its contents in
each file's name. If the folder moves, the server does not start. A name without a hash would break
silently: a browser would cache an outdated file for a year.
"""

from __future__ import annotations

from pathlib import Path

from streamlit.file_util import get_static_dir

URL_PATH = "static/"  # below the app's root


def folder() -> Path:
    """The folder of Streamlit's files."""
    return Path(get_static_dir())


def index_html() -> str:
    """Streamlit's page, unchanged."""
    return (folder() / "index.html").read_text("utf-8")


def below_static() -> dict[str, Path]:
    """Every file with a suffix, by its path below ``URL_PATH``."""
    root = folder() / "static"
    return {path.relative_to(root).as_posix(): path for path in root.rglob("*.*")}
