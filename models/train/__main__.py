"""``python -m models.train``."""

import sys

from models.command_line import ending, verb

sys.exit(
    ending.run(
        lambda: verb.load("models.train.command"),
        "python -m models.train",
    )
)
