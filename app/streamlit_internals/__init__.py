"""All uses of what is not public API of Streamlit or of the canvas package.

Each file says what it relies on and what would break. After an upgrade of either package, read all
files, run the browser tests, and then update the version below: a test compares it with the
installed one.
"""

STREAMLIT = "1.67.0"
CANVAS = "0.13.0"  # streamlit-drawable-canvas
