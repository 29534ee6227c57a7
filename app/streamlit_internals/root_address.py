"""The app's root URL, also below a path prefix, for a script that Streamlit sends.

Relied on: Streamlit's own scripts are at ``static/js/NAME``, two levels below the root. If they
move, no component loads (every browser test fails). ``root_address.js`` does the same for our
modules; a script that Streamlit sends can import them only once it knows the root.
"""

from __future__ import annotations

SCRIPTS = 'script[src*="static/js/"]'


def javascript(path: str) -> str:
    """A JavaScript expression: the URL of ``path``, which is below the app's root."""
    return f"new URL('../../{path}', document.querySelector('{SCRIPTS}').src).href"
