"""How a command ends: every exit code that is not a result of its own.

A result is what a command found out (0, 1 or 2, see its ``--help``). An exception that nobody
expected must not look like one: Python would end with 1, which means "a lane differs".
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import click

from models.errors import DigitParityError

FAULT = 70  # EX_SOFTWARE of sysexits.h
INTERRUPTED = 130  # as shells say it: 128 + SIGINT
READER_LEFT = 141  # 128 + SIGPIPE
DEBUG_HELP = "Show where in the code an error comes from."


class CommandError(Exception):
    """What a command could not do, in one sentence, and the exit code that says so."""

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.code = code


def run(
    load: Callable[[], click.Command], name: str, arguments: Sequence[str] | None = None
) -> int:
    """Run the command that ``load`` gives, under ``name`` in its help; returns the exit code.

    ``arguments`` are those of the process unless given. Whatever goes wrong, from the import of the
    command on, ends in a sentence on standard error.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)

    def invoke() -> int:
        command = load()
        with command.make_context(name, list(given)) as context:
            return int(command.invoke(context) or 0)

    return ended(invoke, debug="--debug" in given)


def ended(work: Callable[[], int], *, debug: bool = False) -> int:
    """Do the work of a command and return its exit code, which it ends with in any case."""
    try:
        code = _code(work, debug)
        sys.stdout.flush()
    except BrokenPipeError:  # `| head -1` has read enough
        _write_to_nobody()
        return READER_LEFT
    return code


@contextmanager
def failing_with(code: int, prefix: str = "") -> Iterator[None]:
    """Where a file or a model cannot be used: an exit code, and a sentence after ``prefix``."""
    try:
        yield
    except BrokenPipeError:
        raise
    except (DigitParityError, OSError) as error:
        raise CommandError(f"{prefix}{error}", code) from error


def _code(work: Callable[[], int], debug: bool) -> int:
    try:
        return work()
    except click.exceptions.Exit as stop:  # --help, --version
        return stop.exit_code
    except click.UsageError as error:
        error.show()
        return error.exit_code
    except BrokenPipeError:
        raise
    except KeyboardInterrupt:
        print("Interrupted.", file=sys.stderr)
        return INTERRUPTED
    except Exception as error:
        if debug:
            traceback.print_exc()
        if isinstance(error, CommandError):
            print(error, file=sys.stderr)
            return error.code
        said = " ".join(f"{type(error).__name__}: {error}".split())
        print(
            f"This is a fault of digit-parity ({said}); "
            "run the same command with --debug to see where it is.",
            file=sys.stderr,
        )
        return FAULT


def _write_to_nobody() -> None:
    """Python writes what is left at its end, and would complain that nobody reads it."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
