"""``python -m models.bisect``."""

import sys

from models.command_line import ending, verb

sys.exit(
    ending.run(
        lambda: verb.load("models.bisect.command", slim=True),
        "python -m models.bisect",
    )
)
