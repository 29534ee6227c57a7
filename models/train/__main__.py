"""``python -m models.train``."""

import sys

from models.train import command

sys.exit(command.main())
