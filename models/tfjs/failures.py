"""Runs npm and esbuild, and says in one sentence why one of them failed."""

from __future__ import annotations

import errno
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from models.errors import DigitParityError

# Patterns are compiled when they are needed: `make run` imports this each time.
_FULL = r"(?i)ENOSPC|EDQUOT|no space left on device|disk quota exceeded"
_CODE = r"(?m)^npm (?:error|ERR!) code (\S+)"
# The network, a proxy's certificate, a registry's refusal, or a version that a mirror lacks.
_UNREACHABLE = (
    r"ENOTFOUND|EAI_AGAIN|ECONN\w+|E\w*TIMEDOUT|ERR_SOCKET_TIMEOUT|EIDLETIMEOUT|ENETUNREACH"
    r"|EHOSTUNREACH|EPROTO|\w*CERT\w*|E[45]\d\d|ETARGET"
)
_WARNING = r"(?m)^npm warn .*\n?"  # of a locked package: nobody can act on it
_REASON = r"request to \S+ failed.*|[45]\d\d [A-Z].* - GET \S+"


class BundleError(DigitParityError):
    """Node, npm, esbuild, tsc or Biome is missing or failed; the message says what to do."""


class UnreachableError(BundleError):
    """npm's registry does not answer, or refuses."""


def run(command: Sequence[str], folder: Path, environment: Mapping[str, str], needs: str) -> None:
    """Run a command in ``folder``. Raises BundleError, with the reason if known, when it fails.

    ``needs`` is the space it takes, for the sentence about a full disk. What the command says on
    standard error is passed on, unless the sentence replaces it.
    """
    try:
        done = subprocess.run(
            command, cwd=folder, env=environment, stderr=subprocess.PIPE, check=False
        )
    except OSError as error:
        raise BundleError(f"`{' '.join(command)}` does not start: {error}") from error
    said = done.stderr.decode("utf-8", "replace")
    if re.search(_FULL, said):  # npm ends with 0 then, and leaves half of a package
        raise BundleError(full(needs))
    if done.returncode == 0:
        sys.stderr.write(re.sub(_WARNING, "", said))
    elif (code := re.search(_CODE, said)) and re.fullmatch(_UNREACHABLE, code[1]):
        reason = re.search(_REASON, said)
        raise UnreachableError(
            f"npm cannot fetch its packages ({reason[0].strip() if reason else code[1]}): "
            "connect this machine, or set npm's `proxy` or `registry`, and try again."
        )
    else:
        raise BundleError(
            f"{said}`{' '.join(command)}` failed in {folder}: exit code {done.returncode}"
        )


def full(needs: str) -> str:
    """The sentence about a full disk."""
    return f"No space is left on the disk: {needs} must be free; make room and try again."


def unwritten(error: OSError, needs: str) -> str:
    """The sentence about what could not be written."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return full(needs)
    return f"{error}: let this user write there, and try again."
