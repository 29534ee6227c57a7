"""``python -m app.startup.set_up``: make once what each start or each visit would make.

Without it the app does the same, later and more often.
"""

from __future__ import annotations

from app.draw.results import chart_specs
from app.web import packed_assets
from models.formats import store
from models.lanes import BACKENDS


def main() -> None:
    """Pack Streamlit's files, specify the charts of every model. Quick where it is done."""
    packed_assets.pack()
    for model in store.names():
        chart_specs.specs(model, BACKENDS[0])


if __name__ == "__main__":
    main()
