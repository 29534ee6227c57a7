"""Output of the commands: tables and progress by rich on a terminal.

A pipe or a file receives plain lines that are never wrapped or coloured.
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

    from models.dataset.dataset import Skipped


def show(plain: str, table: Callable[[], Table], *, file: TextIO | None = None) -> None:
    """Print ``table`` to a terminal that is wide enough for it, ``plain`` to anything else.

    ``file`` defaults to standard output.
    """
    file = file or sys.stdout
    if file.isatty():
        from rich.console import Console

        console, rich_table = Console(file=file), table()
        unbounded = console.options.update(width=10_000)
        if console.measure(rich_table, options=unbounded).maximum <= console.width:
            console.print(rich_table)
            return
    print(plain, file=file)


def skipped(files: Iterable[Skipped]) -> None:
    """Say on standard error which files were left out, and why."""
    for each in files:
        print(f"skipped {each.file}: {each.reason}", file=sys.stderr)


def grid(*columns: str, rows: Iterable[Iterable[str | Text]] = ()) -> Table:
    """A table for a terminal: words in the first column, figures in the others."""
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD)
    for number, column in enumerate(columns):
        table.add_column(column, justify="right" if number else "left", no_wrap=True)
    for row in rows:
        table.add_row(*row)
    return table


@contextmanager
def progress(first: str) -> Iterator[None]:
    """Show the current step and the elapsed time on standard error, if that is a terminal.

    The first step is ``first``; the others are what the library logs at the level INFO.
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
        # On a terminal, lines that are printed meanwhile go above the bar.
        redirect_stdout=sys.stdout.isatty(),
    )
    log = logging.getLogger("models")
    handler = _BarHandler(bar, bar.add_task(first))
    level, propagate = log.level, log.propagate
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    log.propagate = False
    try:
        with bar:
            yield
    finally:
        log.removeHandler(handler)
        log.setLevel(level)
        log.propagate = propagate


class _BarHandler(logging.Handler):
    """Shows the latest log message in the progress bar."""

    def __init__(self, bar: Progress, task: TaskID) -> None:
        super().__init__()
        self._bar, self._task = bar, task

    def emit(self, record: logging.LogRecord) -> None:
        self._bar.update(self._task, description=record.getMessage(), refresh=True)
