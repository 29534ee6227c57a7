"""The library and the command line: digits, formats, runtimes, agreement.

Nothing here imports Streamlit.
"""

import os

__version__ = "0.1.0"

# The converter's package imports TensorFlow Decision Forests, whose welcome message wants IPython
# wherever standard output is not a terminal or a file: under pytest, or in a server that captures.
os.environ.setdefault("TFDF_DISABLE_WELCOME_MESSAGE", "1")
