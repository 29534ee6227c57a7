"""All JavaScript of ``app/`` as the tree of modules that it is, served below one hash.

A module is served as it is written, at its own place in the tree, so that the browser itself
follows its relative imports. The hash in the address is that of all modules: none of them ever
meets another version of what it imports, and browsers may keep each for good.
"""

from __future__ import annotations

import gzip
import hashlib
from functools import cached_property
from pathlib import Path


class ModuleTree:
    """Every ``.js`` file below ``folder``, read once, so that the hash stays true."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @cached_property
    def modules(self) -> dict[str, bytes]:
        """Each module's content by its path below the folder, with slashes."""
        paths = sorted(self._folder.rglob("*.js"))
        return {path.relative_to(self._folder).as_posix(): path.read_bytes() for path in paths}

    @cached_property
    def version(self) -> str:
        """A short hash of all names and contents."""
        total = hashlib.sha256()
        for name, content in self.modules.items():
            total.update(name.encode() + b"\0" + hashlib.sha256(content).digest())
        return total.hexdigest()[:16]

    @cached_property
    def compressed(self) -> dict[str, bytes]:
        """The modules by gzip."""
        return {name: gzip.compress(content, mtime=0) for name, content in self.modules.items()}

    def url_path(self, name: str) -> str:
        """A module's URL path below the app's root. Raises KeyError for an unknown name."""
        if name not in self.modules:
            raise KeyError(f"There is no module {name} in {self._folder}.")
        return f"served/app/{self.version}/{name}"


APP = ModuleTree(Path(__file__).resolve().parents[1])
