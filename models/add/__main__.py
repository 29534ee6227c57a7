"""``python -m models.add``."""

import sys

from models.add import command

sys.exit(command.main())
