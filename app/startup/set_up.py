"""``python -m app.startup.set_up``: compress Streamlit's files and bundle ours ahead of time.

Without it visitors fetch more and larger files.
"""

from __future__ import annotations

import sys

from app.frontend import module_tree
from app.web import packed_assets
from models.errors import DigitParityError
from models.storage import locations
from models.tfjs import failures

NEEDS = f"8 MB in {locations.built()}"


def main() -> int:
    """Do what is not done already. Returns the exit code; an error is printed in a sentence."""
    try:
        packed_assets.pack()
        module_tree.bundle()
    except OSError as error:
        print(failures.unwritten(error, NEEDS), file=sys.stderr)
        return 1
    except DigitParityError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
