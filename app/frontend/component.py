"""Components of ours, and their JavaScript: a module and what it imports, as one text.

Streamlit sends a component's script along with each of its messages, many times a minute. Ours gets
a line that loads the script from an address of its own (`served.py`), once and for good.
"""

from __future__ import annotations

import hashlib
import posixpath
import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

_FOLDER = Path(__file__).resolve().parents[1]
_REMARK = re.compile(r"/\*\*.*?\*/[ \n]*", re.DOTALL)
_IMPORT = re.compile(r"^import \{[^}]*\} from '(\.[\w./-]+\.js)';\n", re.MULTILINE)


def component(name: str, script: str, *, html: str, **options: Any) -> Callable[..., Any]:
    """A component of Streamlit's Components v2 that runs ``app/SCRIPT``; call it to mount it.

    Its data travel in a list: in a dict, Streamlit looks for frames, and imports pandas for that,
    which keeps the first visitor of a server waiting.
    """
    made = st.components.v2.component(name, html=html, js=loader(script), **options)

    def mount(*, data: Mapping[str, Any], **others: Any) -> Any:
        return made(data=[data], **others)

    return mount


def loader(name: str) -> str:
    """A module that stands for ``app/NAME``, wherever the app's root is."""
    return (
        """const own = document.querySelector('script[src*="static/js/"]');\n"""
        f"const found = await import(new URL('../../{address(name)}', own.src).href);\n"
        "export default (given) => found.default({ ...given, data: given.data[0] });\n"
    )


@cache
def address(name: str) -> str:
    """Where ``source(name)`` is, below the app's root. It changes with the text."""
    return f"served/app/{hashlib.sha256(source(name).encode()).hexdigest()[:16]}/{name}"


@cache
def source(name: str) -> str:
    """The text of ``app/NAME`` with each module that it imports put in its place, once.

    So that the browser fetches one file, without what is written for people and `tsc`. Names must
    differ between the modules.
    """
    return _REMARK.sub("", _inline(name, set()))


def _inline(name: str, seen: set[str]) -> str:
    seen.add(name)

    def replace(found: re.Match[str]) -> str:
        imported = posixpath.normpath(posixpath.join(posixpath.dirname(name), found.group(1)))
        if imported in seen:
            return ""
        return re.sub(r"^export (?!default)", "", _inline(imported, seen), flags=re.MULTILINE)

    return _IMPORT.sub(replace, (_FOLDER / name).read_text("utf-8"))
