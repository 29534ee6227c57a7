"""The smallest app with the same canvas: what a cold start is measured against."""

from streamlit_drawable_canvas import st_canvas

st_canvas(stroke_width=18, width=280, height=280, key="canvas")
