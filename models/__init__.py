"""The library and the command line: digits, formats, runtimes, agreement.

Nothing here imports Streamlit.
"""
