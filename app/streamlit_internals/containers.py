"""The type of a place on the page, which ``st.container`` and the like give.

Relied on: ``streamlit.delta_generator.DeltaGenerator``. The reference names the type and no module
to import it from. If it moves, pages do not open.
"""

from __future__ import annotations

from streamlit.delta_generator import DeltaGenerator as Container

__all__ = ["Container"]
