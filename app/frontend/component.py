"""Streamlit components whose JavaScript is served from a URL and cached.

Streamlit sends a component's script in each of its messages, many times a minute. Ours is a few
lines that load the script from the module tree (`module_tree.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from app.frontend import module_tree
from app.streamlit_internals import root_address


def component(name: str, script: str, *, html: str, **options: Any) -> Callable[..., Any]:
    """A component of Streamlit's Components v2 that runs ``app/SCRIPT``; call it to mount it.

    Its data are wrapped in a list: Streamlit searches a dict for data frames and imports pandas for
    that, which delays a server's first visitor.
    """
    unwrapped = st.components.v2.component(name, html=html, js=loader(script), **options)

    def mount(*, data: Mapping[str, Any], **others: Any) -> Any:
        return unwrapped(data=[data], **others)

    return mount


def loader(name: str) -> str:
    """JavaScript of a module that loads ``app/NAME`` from below the app's root."""
    url = root_address.javascript(module_tree.APP.url_path(name))
    return (
        f"const script = await import({url});\n"
        "export default (component) =>\n"
        "  script.default({ ...component, data: component.data[0] });\n"
    )
