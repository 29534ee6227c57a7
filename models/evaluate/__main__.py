"""``python -m models.evaluate``."""

import sys

from models.command_line import ending, verb

sys.exit(
    ending.run(
        lambda: verb.load("models.evaluate.command", slim=True),
        "python -m models.evaluate",
    )
)
