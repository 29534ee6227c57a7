"""Everything that is not public API of Streamlit or of its canvas package, and nothing else.

Each file says what it relies on and how that would break. After an upgrade of either package, read
them all, run the browser tests, and then change the version below: a test compares it with what is
installed.
"""

STREAMLIT = "1.67.0"
CANVAS = "0.13.0"  # streamlit-drawable-canvas
