"""Whatever a person has, and what it is: a file, a folder, or a ZIP of either."""

from models.convert.intake.finding import Found, find
from models.convert.intake.opening import opened

__all__ = ["Found", "find", "opened"]
