"""How a command ends: every exit code that is not one of its results.

A command's results are 0, 1 or 2, see its ``--help``. An unexpected exception must not look like a
result: Python would exit with 1, which means "a lane differs".
"""

from __future__ import annotations

import errno
import io
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import click

from models.command_line import FAULT, not_installed
from models.errors import DigitParityError
from models.runtimes.process import os_calls

INTERRUPTED = 130  # as in shells: 128 + SIGINT
READER_LEFT = 141  # 128 + SIGPIPE
DEBUG_HELP = "Show where in the code an error comes from."


class CommandError(Exception):
    """A command's failure in one sentence, and its exit code."""

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.code = code


def run(
    load: Callable[[], click.Command], name: str, arguments: Sequence[str] | None = None
) -> int:
    """Run the command that ``load`` returns, under ``name`` in its help. Returns the exit code.

    ``arguments`` defaults to those of the process. Any error, also in importing the command, is
    reported in a sentence on standard error.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    print_anything()

    def invoke() -> int:
        command = load()
        # What stands in the process's own command line can be run in another process.
        with command.make_context(name, list(words), obj=arguments is None) as context:
            return int(command.invoke(context) or 0)

    return ended(invoke, debug="--debug" in words)


def print_anything() -> None:
    """Let standard output show the number of a letter that its encoding lacks.

    A pipe on Windows has one of 256 letters, and a command would end at the first other one.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def ended(work: Callable[[], int], *, debug: bool = False) -> int:
    """Do the work of a command and return its exit code, whatever happens."""
    try:
        code = _code(work, debug)
        sys.stdout.flush()
    except OSError as error:
        if not is_of_the_output(error):
            raise
        if not os_calls.reader_left(error):  # as `| head -1` does
            print(f"The output could not be written ({error}).", file=sys.stderr)
        os_calls.discard_output()
        return READER_LEFT if os_calls.reader_left(error) else FAULT
    return code


@contextmanager
def failing_with(code: int, prefix: str = "") -> Iterator[None]:
    """Turn errors about a file or a model into CommandError, with ``prefix`` before the message."""
    try:
        yield
    except (DigitParityError, OSError) as error:
        if is_of_the_output(error):
            raise
        raise CommandError(f"{prefix}{error}", code) from error


def is_of_the_output(error: Exception) -> bool:
    """Whether it is what writing to standard output raises: no reader, or no room on the disk."""
    return os_calls.reader_left(error) or (
        isinstance(error, OSError) and error.errno == errno.ENOSPC and error.filename is None
    )


def _is_ours(module: str) -> bool:
    return module.partition(".")[0] in ("", "app", "models")


def _code(work: Callable[[], int], debug: bool) -> int:
    try:
        return work()
    except click.exceptions.Exit as stop:  # --help, --version
        return stop.exit_code
    except click.UsageError as error:
        error.show()
        return error.exit_code
    except KeyboardInterrupt:
        print("Interrupted.", file=sys.stderr)
        return INTERRUPTED
    except Exception as error:
        if is_of_the_output(error):
            raise
        if debug:
            traceback.print_exc()
        if isinstance(error, CommandError):
            print(error, file=sys.stderr)
            return error.code
        if isinstance(error, ModuleNotFoundError) and not _is_ours(error.name or ""):
            print(not_installed(error.name or ""), file=sys.stderr)
            return FAULT
        message = " ".join(f"{type(error).__name__}: {error}".split())
        print(
            f"This is a fault of digit-parity ({message}); "
            "run the same command with --debug to see where it is.",
            file=sys.stderr,
        )
        return FAULT
