"""All JavaScript modules of ``app/``, served unbundled below one hash.

A module is served as it is written, at its own path in the tree, so the browser resolves its
relative imports. The hash in the URL is that of all modules: a module never imports another version
of the tree, and browsers cache each module forever.
"""

from __future__ import annotations

import gzip
import hashlib
from functools import cached_property
from pathlib import Path


class ModuleTree:
    """Every ``.js`` file below ``folder``, read only once, so that the hash stays valid."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @cached_property
    def modules(self) -> dict[str, bytes]:
        """Each module's content by its POSIX path below the folder."""
        paths = sorted(self._folder.rglob("*.js"))
        return {path.relative_to(self._folder).as_posix(): path.read_bytes() for path in paths}

    @cached_property
    def version(self) -> str:
        """A short hash of all names and contents."""
        digest = hashlib.sha256()
        for name, content in self.modules.items():
            digest.update(name.encode() + b"\0" + hashlib.sha256(content).digest())
        return digest.hexdigest()[:16]

    @cached_property
    def compressed(self) -> dict[str, bytes]:
        """Each module's content, compressed with gzip."""
        return {name: gzip.compress(content, mtime=0) for name, content in self.modules.items()}

    def url_path(self, name: str) -> str:
        """A module's URL path below the app's root. Raises KeyError for an unknown name."""
        if name not in self.modules:
            raise KeyError(f"There is no module {name} in {self._folder}.")
        return f"served/app/{self.version}/{name}"


APP = ModuleTree(Path(__file__).resolve().parents[1])
