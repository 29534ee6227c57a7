"""``digit-parity``, also ``python -m digit_parity``."""

from __future__ import annotations

import sys
from pathlib import Path

_HERE = Path(__file__).resolve().parent


def main() -> int:
    """Run the command; returns the exit code."""
    if (_HERE / "models").is_dir():  # in a checkout they are on the path already
        sys.path.insert(0, str(_HERE))
    from models.__main__ import main as run

    return run()


if __name__ == "__main__":
    sys.exit(main())
