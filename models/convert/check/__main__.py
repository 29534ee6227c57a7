"""``python -m models.convert.check``."""

import sys

from models.command_line import ending, verb

sys.exit(
    ending.run(lambda: verb.load("models.convert.check.command"), "python -m models.convert.check")
)
