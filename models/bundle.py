"""The old name of ``python -m models.tfjs``, kept for one release."""

import sys

from models.tfjs import bundle

if __name__ == "__main__":
    sys.exit(bundle.main())
