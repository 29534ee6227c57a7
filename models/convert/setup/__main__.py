"""``python -m models.convert.setup``."""

import sys

from models.command_line import ending, verb

sys.exit(
    ending.run(lambda: verb.load("models.convert.setup.command"), "python -m models.convert.setup")
)
