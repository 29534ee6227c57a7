"""Streamlit's own files: its HTML, and the scripts and stylesheets that a page fetches.

Relied on: ``streamlit.file_util.get_static_dir``; ``index.html`` in that folder; all other files
below ``static/`` in it, served at ``/static/`` below the app's root, with a hash of its contents in
each file's name. If the folder moves, the server does not start. A name without a hash would break
silently: a browser would cache an outdated file for a year.

And that a script names what it imports as ``from"./NAME"`` or ``import"./NAME"``. Otherwise
``with_imports`` finds less, and a page's parts come later over a slow network.
"""

from __future__ import annotations

import re
from pathlib import Path

from streamlit.file_util import get_static_dir

URL_PATH = "static/"  # below the app's root
_IMPORT = re.compile(r"""(?:from|import)["'`]\./([\w.-]+\.js)["'`]""")


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


def with_imports(*names: str) -> list[str]:
    """Scripts that Streamlit imports only once it needs them, with all that these import.

    ``names`` are without hash and suffix; those that there are not are left out, and so is what
    ``index.html`` announces already. Returned are URL paths below the app's root.
    """
    scripts = folder() / URL_PATH / "js"
    announced = index_html()
    wanted = [path.name for name in names for path in scripts.glob(f"{name}.*.js")]
    found: list[str] = []
    while wanted:
        name = wanted.pop(0)
        path = f"{URL_PATH}js/{name}"
        if path not in found and f"./{path}" not in announced:
            found.append(path)
            wanted += _IMPORT.findall((scripts / name).read_text("utf-8"))
    return found
