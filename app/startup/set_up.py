"""``python -m app.startup.set_up``: make once what each start would make.

Without it the app does the same, later and more often.
"""

from __future__ import annotations

from app.web import packed_assets


def main() -> None:
    """Pack Streamlit's files. Quick where it is done."""
    packed_assets.pack()


if __name__ == "__main__":
    main()
