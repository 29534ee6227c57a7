"""``python -m app.startup.set_up``: compress Streamlit's files ahead of time.

Without it Streamlit sends them uncompressed.
"""

from __future__ import annotations

from app.web import packed_assets


def main() -> None:
    """Compress Streamlit's files, unless that is done already."""
    packed_assets.pack()


if __name__ == "__main__":
    main()
