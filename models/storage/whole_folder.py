"""A folder that is written beside its place, and moved there when it is complete."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

_TAKEN = (errno.ENOTEMPTY, errno.EEXIST)


@contextmanager
def whole_folder(target: Path) -> Iterator[Path]:
    """Give an empty folder of the same name, which replaces ``target`` at the end.

    After an error or Ctrl+C ``target`` is what it was. Of two processes that write it at once, the
    later one's stays. What a killed process leaves is named ``.making-…``; `make clean` removes it.
    """
    import tempfile  # `make run` imports this each time, and seldom needs it

    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".making-") as temporary:
        new = Path(temporary) / target.name
        new.mkdir()
        yield new
        for number in count():
            if _replace(target, new, Path(temporary) / f".old-{number}"):
                break


def _replace(target: Path, new: Path, old: Path) -> bool:
    """Whether ``new`` is in its place; not if another process put its own there meanwhile."""
    try:
        with suppress(FileNotFoundError):
            target.rename(old)
        new.rename(target)
    except BaseException as error:  # Ctrl+C, too, must not lose the old one
        if isinstance(error, OSError) and error.errno in _TAKEN:
            return False
        if old.exists() and not target.exists():
            old.rename(target)
        raise
    return True
