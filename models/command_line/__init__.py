"""Shared by the commands: options, exit codes, tables and progress.

Every command imports this before any package. So the sentence is said here where packages are
missing, as with a Python that is not that of the environment.
"""

from __future__ import annotations

import sys

FAULT = 70  # EX_SOFTWARE of sysexits.h


def not_installed(module: str) -> str:
    """The sentence about a package that this Python lacks; ``module`` is it or in it."""
    return (
        f"The package {module.partition('.')[0]} is not installed for {sys.executable}: in a "
        "checkout, run the Python of its environment, which `pip install -r requirements.txt` "
        "fills; elsewhere, install digit-parity again."
    )


try:
    import click  # noqa: F401
    import platformdirs  # noqa: F401
except ModuleNotFoundError as error:
    print(not_installed(error.name or ""), file=sys.stderr)
    sys.exit(FAULT)
