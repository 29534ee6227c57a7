"""``python -m models.verify.alternatives``."""

import sys

from models.command_line import ending, verb

sys.exit(
    ending.run(
        lambda: verb.load("models.verify.alternatives.command"),
        "python -m models.verify.alternatives",
    )
)
