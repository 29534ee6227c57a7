"""What a command shows: tables by rich on a terminal, progress beside them.

Whatever reads a pipe or a file is given plain lines that are never wrapped or coloured.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID
    from rich.table import Table
    from rich.text import Text


def show(plain: str, table: Callable[[], Table], *, file: TextIO | None = None) -> None:
    """Print a table: ``table`` on a terminal that is wide enough for it, else ``plain``.

    ``file`` is standard output unless given.
    """
    file = file or sys.stdout
    if file.isatty():
        from rich.console import Console

        console, made = Console(file=file), table()
        unbounded = console.options.update(width=10_000)
        if console.measure(made, options=unbounded).maximum <= console.width:
            console.print(made)
            return
    print(plain, file=file)


def grid(*columns: str, rows: Iterable[Iterable[str | Text]] = ()) -> Table:
    """A table for a terminal: the first column is of words, the others are of figures."""
    from rich import box
    from rich.table import Table

    made = Table(box=box.SIMPLE_HEAD)
    for number, column in enumerate(columns):
        made.add_column(column, justify="right" if number else "left", no_wrap=True)
    for row in rows:
        made.add_row(*row)
    return made


@contextmanager
def progress(first: str) -> Iterator[None]:
    """Show what is being done, and for how long, on standard error where that is a terminal.

    That is ``first`` and then what the library logs as it works, at the level INFO.
    """
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
    bar = Progress(
        *columns,
        console=Console(stderr=True),
        transient=True,
        # Lines that are printed meanwhile go above it, on a terminal. In a file they stay.
        redirect_stdout=sys.stdout.isatty(),
    )
    log = logging.getLogger("models")
    shown = _Shown(bar, bar.add_task(first))
    level, passed_on = log.level, log.propagate
    log.addHandler(shown)
    log.setLevel(logging.INFO)
    log.propagate = False
    try:
        with bar:
            yield
    finally:
        log.removeHandler(shown)
        log.setLevel(level)
        log.propagate = passed_on


class _Shown(logging.Handler):
    """What is logged, in place of what was shown before."""

    def __init__(self, bar: Progress, task: TaskID) -> None:
        super().__init__()
        self._bar, self._task = bar, task

    def emit(self, record: logging.LogRecord) -> None:
        self._bar.update(self._task, description=record.getMessage(), refresh=True)
