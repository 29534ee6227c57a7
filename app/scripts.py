"""The components' JavaScript: a module and what it imports, as one text."""

from __future__ import annotations

import re
from pathlib import Path

_FOLDER = Path(__file__).resolve().parent
_IMPORT = re.compile(r"^import \{[^}]*\} from '\./([\w-]+\.js)';\n", re.MULTILINE)


def source(name: str) -> str:
    """The text of ``app/NAME`` with each module that it imports put in its place, once.

    Streamlit gives a component's script to the browser as one module, where a relative import has
    nothing to be relative to. Names must differ between the modules; `tsc` reads them as they are.
    """
    return _inline(name, set())


def _inline(name: str, seen: set[str]) -> str:
    seen.add(name)

    def replace(found: re.Match[str]) -> str:
        imported = found.group(1)
        if imported in seen:
            return ""
        return re.sub(r"^export (?!default)", "", _inline(imported, seen), flags=re.MULTILINE)

    return _IMPORT.sub(replace, (_FOLDER / name).read_text("utf-8"))
