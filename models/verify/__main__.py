"""``python -m models.verify``."""

import sys

from models.runtimes import slim_imports
from models.verify import command

slim_imports.begin()
sys.exit(command.main())
