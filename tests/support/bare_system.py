"""A system without the calls that only some have, for the child processes of a test."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TAKEN = ("dup2", "nice", "sched_getaffinity")


def path(folder: Path) -> str:
    """A PYTHONPATH with which Python starts with ``TAKEN`` away, and finds our modules.

    Python runs ``sitecustomize`` before anything else; it is written into ``folder``.
    """
    lines = ["import os", *(f"del os.{name}" for name in TAKEN)]
    (folder / "sitecustomize.py").write_text("\n".join(lines), "utf-8")
    return f"{folder}{os.pathsep}{ROOT}"
