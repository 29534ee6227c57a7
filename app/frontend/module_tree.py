"""All JavaScript of ``app/``, served below one hash: bundled by esbuild, or as it is written.

The bundle has fewer and smaller files; `make install` and a host's first start make it. Where it is
missing or outdated, the modules are served as they are, and the browser resolves their relative
imports. So nothing has to be built to run the app or to see an edit.

The hash in the URL is that of all files in the tree: a module never imports another version of the
tree, and browsers cache each file forever.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from functools import cached_property
from pathlib import Path

_APP = Path(__file__).resolve().parents[1]
_BUNDLED = _APP.parent / "build" / "frontend"
_ABOUT = "bundle.json"  # written by build_app.js


class ModuleTree:
    """Every ``.js`` file below ``folder``, read only once, so that the hash stays valid.

    ``preloaded`` are the files that the page announces to the browser.
    """

    def __init__(self, folder: Path, preloaded: tuple[str, ...] = ()) -> None:
        self._folder = folder
        self.preloaded = preloaded

    @cached_property
    def modules(self) -> dict[str, bytes]:
        """Each module's content by its POSIX path below the folder, in the order of the paths."""
        files = self._folder.rglob("*.js")
        paths = {path.relative_to(self._folder).as_posix(): path for path in files}
        return {name: paths[name].read_bytes() for name in sorted(paths)}

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


def served(source: ModuleTree, folder: Path) -> ModuleTree:
    """The bundle in ``folder`` if it was made of ``source``, otherwise ``source`` itself."""
    try:
        about = json.loads((folder / _ABOUT).read_text("utf-8"))
        up_to_date = about["modules"] == source.version
        return ModuleTree(folder, tuple(about["preloaded"])) if up_to_date else source
    except (OSError, ValueError, KeyError, TypeError):
        return source


def bundle() -> None:
    """Bundle the modules, unless that is done already or esbuild is not installed.

    A running server goes on serving what it served. Raises BundleError when esbuild objects.
    """
    from models.tfjs import bundle as tfjs  # a server rarely needs it

    source = ModuleTree(_APP)
    if served(source, _BUNDLED) is source:
        tfjs.build_app(_APP, _BUNDLED)


SOURCE = ModuleTree(_APP)
APP = served(SOURCE, _BUNDLED)
