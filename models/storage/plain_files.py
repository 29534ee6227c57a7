"""Files that may come from somebody else: plain ones, inside their folder, of a bounded size.

A link can lead to any file of the operator, and what is read may be published; a pipe never ends.
So nothing is opened that is no plain file, and no name may lead out of its folder.
"""

from __future__ import annotations

import re
import stat
from pathlib import Path, PurePosixPath, PureWindowsPath

from models.errors import escaped

LONGEST = 255  # bytes of a name, on every disk
LONGEST_LINE = 1_000  # characters of a name
_MOVES = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_LONGEST = 600  # characters of what a library says
_SHOWN = 60  # characters of a name or path in a sentence


def inside(folder: Path, name: str) -> Path:
    """The plain file ``name``, which may have folders with ``/``, in ``folder``.

    Only ``folder`` itself may be reached through a link. Raises ValueError, in words, for a name
    that leads elsewhere or cannot be one, and for what is a link, a device, a pipe or missing.
    """
    if why := wrong_path(name):
        raise ValueError(f"{shown(name)} is no name of a file beside it: {why}")
    path = folder
    for part in PurePosixPath(name).parts:
        path = path / part
        if path.is_symlink():
            raise ValueError(
                f"{shown(name)} is a link. Give the files themselves: `cp -rL` copies a folder "
                "without links"
            )
    try:
        plain(path)
    except OSError as error:
        raise ValueError(f"{shown(name)} cannot be read ({error.strerror})") from error
    return path


def is_inside(folder: Path, name: str) -> bool:
    """Whether ``inside`` finds it."""
    try:
        inside(folder, name)
    except ValueError:
        return False
    return True


def plain(path: Path) -> int:
    """The size in bytes of a plain file; a path that a person named may be a link to one.

    Raises ValueError, in words, for everything else, OSError where there is nothing.
    """
    found = path.stat()
    if not stat.S_ISREG(found.st_mode):
        raise ValueError(f"{shown(path.name)} is no plain file, but {_kind(found.st_mode)}")
    return found.st_size


def below(path: Path) -> list[Path]:
    """A file itself, or all files of a folder and of those in it, sorted."""
    return sorted(each for each in path.rglob("*") if each.is_file()) if path.is_dir() else [path]


def there(path: Path) -> bool:
    """Whether there is anything of this name, be it a link that leads nowhere."""
    return path.is_symlink() or path.exists()


def read(path: Path, limit: int) -> bytes:
    """The bytes of a plain file. Raises ValueError, in words, where there are more than ``limit``,
    OSError when it cannot be read.
    """
    plain(path)
    with path.open("rb") as file:
        content = file.read(limit + 1)
    if len(content) > limit:
        raise ValueError(f"{shown(path.name)} is longer than {limit >> 20} MB")
    return content


def wrong_path(name: object) -> str | None:
    """Why this cannot be the relative path of a file, with ``/``; None if it can."""
    if not isinstance(name, str) or not name:
        return "it is empty"
    parts = name.split("/")
    if name.startswith("/") or PureWindowsPath(name).drive or "\\" in name or ".." in parts:
        return "it leads out of the folder"
    if "" in parts or "." in parts:
        return "a part of it is empty"
    if not name.isprintable():
        return "it has characters that cannot be printed"
    if any(len(part.encode("utf-8", "replace")) > LONGEST for part in parts):
        return f"it is longer than {LONGEST} bytes"
    return None


def wrong_name(name: object) -> str | None:
    """The same for a file that has to lie in the folder itself."""
    if isinstance(name, str) and "/" in name:
        return "it has a separator"
    return wrong_path(name)


def twice(names: list[str]) -> str | None:
    """The first name that is there twice, also where a disk does not tell A from a."""
    seen: set[str] = set()
    for name in names:
        if name.casefold() in seen:
            return name
        seen.add(name.casefold())
    return None


def shown(text: object) -> str:
    """Somebody else's text, to be shown in a sentence: short, and nothing that moves a terminal."""
    quoted = ascii(text) if isinstance(text, str) and not text.isprintable() else repr(text)
    return quoted if len(quoted) <= _SHOWN else f"{quoted[: _SHOWN - 2]}…{quoted[-1]}"


def is_line(text: str) -> bool:
    """Whether it is short, and prints as one line: no letter that moves a terminal."""
    return len(text) <= LONGEST_LINE and not _MOVES.search(text)


def line(error: Exception) -> str:
    """What a library says, as the end of a sentence: one line of what can be printed, and not all
    of a model's description, which Keras adds.
    """
    text = escaped(" ".join(str(error).split())) or type(error).__name__
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} …"


def _kind(mode: int) -> str:
    if stat.S_ISDIR(mode):
        return "a folder"
    if stat.S_ISFIFO(mode):
        return "a pipe"
    return "a socket" if stat.S_ISSOCK(mode) else "a device"
