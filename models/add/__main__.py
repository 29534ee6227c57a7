"""``python -m models.add``."""

import sys

from models.command_line import ending, verb

sys.exit(
    ending.run(
        lambda: verb.load("models.add.command"),
        "python -m models.add",
    )
)
