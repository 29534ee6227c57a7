"""Whether the operator has fetched the other runtimes, and where all of them is served: asked
without importing anything of them.
"""

from __future__ import annotations

from models.storage import locations

URL_PATH = "served/alternatives"


def is_there() -> bool:
    """Whether `digit-parity setup alternatives` has run here, in whatever version."""
    return (locations.alternatives() / "installed").is_file()
