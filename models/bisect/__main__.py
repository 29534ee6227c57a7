"""``python -m models.bisect``."""

import sys

from models.bisect import command
from models.runtimes import slim_imports

slim_imports.begin()
sys.exit(command.main())
