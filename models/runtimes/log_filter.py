"""TensorFlow without its chatter: standard error is for the person who runs a command or a server.

TensorFlow's libraries write there of GPUs that were not found and of plugins registered twice, some
of it as errors, whatever ``TF_CPP_MIN_LOG_LEVEL`` says. Whoever sets that variable sees all of it.
"""

from __future__ import annotations

import logging
import os
import re
import sys
import warnings
from typing import IO

_LEVEL = "TF_CPP_MIN_LOG_LEVEL"
_CHATTER = re.compile(
    rb"WARNING: All log messages before absl::InitializeLog"
    rb"|[IWE]\d{4} \d\d:\d\d:[\d.]+ +\d+ [\w.]+:\d+\] "  # absl's
    rb"|\d{4}-\d\d-\d\d [\d:.]+: [IWE] [\w./]+:\d+\] "  # TensorFlow's own
)


def asked_for() -> bool:
    """Whether the environment asks for TensorFlow's messages."""
    return _LEVEL in os.environ


def quiet(*, gpus: bool = False) -> None:
    """For a command. Call before TensorFlow is imported; with ``gpus`` it may use what is there.

    What Python writes to standard error, tracebacks too, is seen as before.
    """
    if not asked_for() and sys.stderr is sys.__stderr__:
        _keep_stderr_to_python()
    os.environ.setdefault(_LEVEL, "3")
    if not gpus:
        os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
    logging.getLogger("tensorflow").setLevel(logging.ERROR)
    warnings.filterwarnings("ignore", message="pkg_resources is deprecated")
    warnings.filterwarnings("ignore", message="You are saving your model as an HDF5 file")


def _keep_stderr_to_python() -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    sys.stderr = os.fdopen(os.dup(2), "w", buffering=1, errors="backslashreplace")
    os.dup2(nowhere, 2)
    os.close(nowhere)


def pass_on(lines: IO[bytes]) -> None:
    """For a process that runs TensorFlow: what it writes to standard error, up to its end, less the
    chatter. What it says as it breaks off is passed on.
    """
    with lines:
        for line in lines:
            if not _CHATTER.match(line):
                sys.stderr.write(line.decode("utf-8", "replace"))
                sys.stderr.flush()
