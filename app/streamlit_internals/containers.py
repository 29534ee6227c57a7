"""The type that ``st.container`` and similar functions return.

Relied on: ``streamlit.delta_generator.DeltaGenerator``. Streamlit's reference names the type, but
no module to import it from. If it moves, pages do not open.
"""

from __future__ import annotations

from streamlit.delta_generator import DeltaGenerator as Container

__all__ = ["Container"]
