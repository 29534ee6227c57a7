"""Drops TensorFlow's log noise: standard error is for the person who runs a command or a server.

TensorFlow's libraries report missing GPUs and plugins registered twice there, some of it as errors,
whatever ``TF_CPP_MIN_LOG_LEVEL`` says. A person who sets that variable sees all of it.
"""

from __future__ import annotations

import logging
import os
import re
import sys
import warnings
from typing import IO

from models.errors import escaped
from models.runtimes.process import os_calls

_LEVEL = "TF_CPP_MIN_LOG_LEVEL"
_NOISE = re.compile(
    rb"WARNING: All log messages before absl::InitializeLog"
    rb"|[IWE]\d{4} \d\d:\d\d:[\d.]+ +\d+ [\w.]+:\d+\] "  # absl's
    rb"|\d{4}-\d\d-\d\d [\d:.]+: [IWE] [\w./]+:\d+\] "  # TensorFlow's own
)


def asked_for() -> bool:
    """Whether the environment asks for TensorFlow's messages."""
    return _LEVEL in os.environ


def quiet(*, gpus: bool = False) -> None:
    """Silence TensorFlow in a command, and hide GPUs from it unless ``gpus`` is set.

    Call this before TensorFlow is imported. Python's own output to standard error, tracebacks too,
    is still shown.
    """
    if not asked_for() and sys.stderr is sys.__stderr__:
        os_calls.keep_errors_to_python()
    os.environ.setdefault(_LEVEL, "3")
    if not gpus:
        os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
    logging.getLogger("tensorflow").setLevel(logging.ERROR)
    warnings.filterwarnings("ignore", message="You are saving your model as an HDF5 file")


def pass_on(lines: IO[bytes]) -> None:
    """Copy the standard error of a process that runs TensorFlow to ours until it ends, without the
    noise. The reason for a crash is not noise.
    """
    with lines:
        for line in lines:
            if not _NOISE.match(line):
                text = escaped(line.decode("utf-8", "replace").rstrip("\r\n"))
                sys.stderr.write(f"{text}\n")
                sys.stderr.flush()
