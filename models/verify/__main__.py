"""``python -m models.verify``."""

import sys

from models.command_line import ending, verb

sys.exit(
    ending.run(
        lambda: verb.load("models.verify.command", slim=True),
        "python -m models.verify",
    )
)
