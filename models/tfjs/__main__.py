"""``python -m models.tfjs``."""

import sys

from models.tfjs import bundle

sys.exit(bundle.main())
