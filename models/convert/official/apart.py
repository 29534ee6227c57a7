"""The official converter in a process of its own, where TensorFlow has oneDNN off.

TensorFlow looks once whether to use it, and the process that converts also asks the original, which
is to answer as its owner's TensorFlow does. This is a program that is started by its name, not a
process of ``multiprocessing``, which would run the caller's own script again to begin with.

The program reads a JSON array of the converter's arguments a line, and answers each with a line:
what went wrong, or null.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

from models.convert.official import converter
from models.errors import ModelError
from models.runtimes.process import os_calls
from models.runtimes.process.log_filter import quiet

_ROOT = Path(__file__).resolve().parents[3]
_PROGRAM = "models.convert.official.apart"


@contextlib.contextmanager
def without_onednn(program: str = _PROGRAM) -> Iterator[converter.Run]:
    """Gives what does as ``converter.run`` in that process.

    The process starts with the first run, which takes as long as TensorFlow's import, and ends
    with the block.
    """
    with contextlib.ExitStack() as ends:
        process: subprocess.Popen[str] | None = None

        def apart(arguments: Sequence[str]) -> None:
            nonlocal process
            if process is None or process.poll() is not None:
                process = ends.enter_context(_started(program))
            _ask(process, list(arguments))

        yield apart


@contextlib.contextmanager
def _started(program: str) -> Iterator[subprocess.Popen[str]]:
    paths = [str(_ROOT), os.environ.get("PYTHONPATH", "")]
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", program],  # -P: a folder "models" of the caller is not ours
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=os.environ
        | {"TF_ENABLE_ONEDNN_OPTS": "0", "PYTHONPATH": os.pathsep.join(filter(None, paths))},
    )
    with process:
        try:
            yield process
        finally:
            process.kill()  # every run has been answered, or nobody waits for it any more
            assert process.stdin is not None
            with contextlib.suppress(OSError):  # what it was asked as it ended
                process.stdin.close()


def _ask(process: subprocess.Popen[str], arguments: list[str]) -> None:
    assert process.stdin is not None and process.stdout is not None
    with contextlib.suppress(BrokenPipeError):  # it has ended, and gives no answer either
        process.stdin.write(f"{json.dumps(arguments)}\n")
        process.stdin.flush()
    answer = process.stdout.readline()
    if not answer:
        process.kill()  # it may still be on its way out, and must not be asked again
        process.wait()
        raise ModelError(f"tensorflowjs_converter {' '.join(arguments)} ended its process.")
    if (error := json.loads(answer)) is not None:
        raise ModelError(error)


def serve(requests: IO[str], answers: IO[str]) -> None:
    """Convert what each line asks for, and answer it."""
    for line in requests:
        error = None
        try:
            converter.run(json.loads(line))
        except ModelError as raised:
            error = str(raised)
        print(json.dumps(error), file=answers, flush=True)


def main() -> None:
    """Answer standard input; standard output is for answers, whatever TensorFlow prints there."""
    answers = io.TextIOWrapper(os_calls.claim_output(), encoding="utf-8")
    quiet()
    serve(sys.stdin, answers)


if __name__ == "__main__":
    main()
