"""Components of ours, whose JavaScript is fetched from an address of its own.

Streamlit sends a component's script along with each of its messages, many times a minute. Ours gets
a few lines that load the script from the module tree (`module_tree.py`), once and for good.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from app.frontend import module_tree
from app.streamlit_internals import root_address


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
    address = module_tree.APP.url_path(name)
    return (
        f"const found = await import({root_address.javascript(address)});\n"
        "export default (given) => found.default({ ...given, data: given.data[0] });\n"
    )
