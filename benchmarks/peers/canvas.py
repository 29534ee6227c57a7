"""The smallest app with the same canvas, the peer of a cold start."""

from streamlit_drawable_canvas import st_canvas

st_canvas(stroke_width=18, width=280, height=280, key="canvas")
