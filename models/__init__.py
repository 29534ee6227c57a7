"""The library and the command line: digits, formats, runtimes, agreement.

Nothing here imports Streamlit.
"""

__version__ = "0.1.0"
