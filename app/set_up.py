"""``python -m app.set_up``: make once what every start of the server would make, or each visit.

Without it the app does the same, later and more often.
"""

from __future__ import annotations

from app import plots, streamlit_files
from models import store
from models.lanes import BACKENDS


def main() -> None:
    """Pack Streamlit's files, specify the charts of every model. Quick where it is done."""
    streamlit_files.pack()
    for model in store.names():
        plots.specs(model, BACKENDS[0])


if __name__ == "__main__":
    main()
