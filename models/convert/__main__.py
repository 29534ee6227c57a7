"""``python -m models.convert``."""

import sys

from models.command_line import ending, verb

sys.exit(
    ending.run(
        lambda: verb.load("models.convert.command"),
        "python -m models.convert",
    )
)
