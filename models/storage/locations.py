"""Where files lie that are not code: in the checkout or, for an installed wheel, with the user's.

A wheel's folder belongs to the installer: it can be read-only, and is lost with the next version.
"""

from __future__ import annotations

from pathlib import Path

import platformdirs

NAME = "digit-parity"
ROOT = Path(__file__).resolve().parents[2]  # what holds `app` and `models`


def is_installed(root: Path = ROOT) -> bool:
    """Whether this code was installed as a wheel. There it lies in a package, in a checkout not."""
    return (root / "__init__.py").is_file()


def added() -> Path:
    """The folder of the models that the operator added."""
    return platformdirs.user_data_path(NAME, False) / "models" if is_installed() else _ADDED


def converter() -> Path:
    """The folder that ``digit-parity setup`` installs the converter into."""
    return _kept() / "converter"


def alternatives() -> Path:
    """The folder that ``digit-parity setup alternatives`` installs into."""
    return _kept() / "alternatives"


def built() -> Path:
    """The folder for what can be made again at any time."""
    return platformdirs.user_cache_path(NAME, False) if is_installed() else _BUILD


def _kept() -> Path:
    """The folder for what is installed later, and stays."""
    return platformdirs.user_data_path(NAME, False) if is_installed() else _BUILD


_ADDED = ROOT / "models" / "added"
_BUILD = ROOT / "build"
