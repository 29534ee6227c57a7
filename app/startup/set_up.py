"""``python -m app.startup.set_up``: compress Streamlit's files and bundle ours ahead of time.

Without it visitors fetch more and larger files.
"""

from __future__ import annotations

from app.frontend import module_tree
from app.web import packed_assets


def main() -> None:
    """Do what is not done already."""
    packed_assets.pack()
    module_tree.bundle()


if __name__ == "__main__":
    main()
