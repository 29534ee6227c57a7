"""``python -m models.verify.hunt``."""

import sys

from models.command_line import ending, verb

sys.exit(
    ending.run(
        lambda: verb.load("models.verify.hunt.command", slim=True),
        "python -m models.verify.hunt",
    )
)
