"""The house's rooms: imports point one way, and Streamlit's internals are touched in one room.

The rules are in tests/support/rooms.py and streamlit_api.py. Each finds the violations that
are planted for it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support import rooms, streamlit_api

ROOT = Path(__file__).resolve().parents[1]

# From the top: a room imports from itself and from lower lines. Rooms of one line do not import
# each other.
ORDER = (
    ("benchmarks", "tests"),
    ("tests.support",),
    ("streamlit_app",),
    ("app.dashboard",),
    ("app.startup",),
    ("app.benchmark", "app.draw", "app.inspect", "app.upload"),  # the pages
    ("app.web",),
    ("app.frontend", "app.session", "app.ui"),
    ("app.streamlit_internals",),
    ("models.__main__",),
    ("models.add", "models.train"),
    ("models.bisect", "models.convert", "models.evaluate", "models.verify"),
    ("models.command_line",),
    ("models.runtimes",),
    ("models.parity",),  # compares numbers, whatever computed them
    ("models.dataset",),
    ("models.digit", "models.formats", "models.tfjs"),
    ("models.lanes",),
    ("models.errors",),
)
STREAMLIT = ("app", "streamlit_app", "tests", "benchmarks.peers")  # peers are measured against
INTERNALS = ("app.streamlit_internals",)
# Tests of the internals, and those that speak Streamlit's protocol in a browser's place.
TESTED = (
    "tests.app.streamlit_internals",
    "tests.support.visitor",
    "tests.e2e.hosting.test_many_visitors",
)


def misdirected(root: Path) -> list[str]:
    return rooms.misdirected(root, ORDER)


def crowded(root: Path) -> list[str]:
    return rooms.crowded(root, ("app", "models", "tests"))


def streamlit_imported(root: Path) -> list[str]:
    return streamlit_api.importers(root, STREAMLIT)


def internals_imported(root: Path) -> list[str]:
    return streamlit_api.internals_imported(root, (*INTERNALS, *TESTED))


def internals_named(root: Path) -> list[str]:
    return streamlit_api.internals_named(root, "app", INTERNALS)


RULES = (
    misdirected,
    rooms.circles,
    rooms.commands_imported,
    crowded,
    streamlit_imported,
    internals_imported,
    internals_named,
)


@pytest.mark.parametrize("rule", RULES)
def test_the_house_keeps_the_rule(rule: Callable[[Path], list[str]]) -> None:
    assert not rule(ROOT)


HEALTHY = {
    "app/dashboard.py": "from app.startup import routes",
    "app/startup/routes.py": "from app.draw import page",
    "app/draw/page.py": "import streamlit as st\nfrom app.ui import markup\nst.fragment",
    "app/ui/markup.py": "from models import lanes\nself = lanes\nself._x",
    "app/draw/style.css": ".st-key-studio { color: var(--st-text-color) }",
    "app/draw/canvas.js": "import { root } from '../streamlit_internals/root.js';",
    "app/streamlit_internals/root.js": "export const root = 'static/js';",
    "app/streamlit_internals/uploads.py": "from streamlit.runtime import exists\nx._state",
    "models/lanes.py": "from models.errors import ModelError",
    "models/errors.py": "",
    "models/verify/__main__.py": "from models.verify import command",
    "models/verify/command.py": "",
}
PLANTED = [
    (misdirected, "app/draw/page.py", "from app.upload import page", "app/upload/page.py:"),
    (misdirected, "app/ui/markup.py", "def f():\n    from app.draw import page", ""),
    (misdirected, "app/ui/markup.py", "if TYPE_CHECKING:\n    import app.draw.page", ""),
    (misdirected, "app/ui/markup.py", "import_module('app.draw.page')", ""),
    (misdirected, "app/ui/markup.py", "import_module(f'app.{name}.page')", ""),
    (misdirected, "app/streamlit_internals/root.js", "import {x} from '../draw/canvas.js'", ""),
    (
        misdirected,
        "app/ui/x.js",
        "/** @type {import('../draw/canvas.js').X} */",
        "",
    ),
    (misdirected, "models/lanes.py", "from app.ui import markup", ""),
    (misdirected, "models/lanes.py", "from tests.support import x", "tests/support/x.py:"),
    (misdirected, "app/ui/markup.py", "import benchmarks.x", "benchmarks/x.py:"),
    (misdirected, "benchmarks/x.py", "from tests.app import y", "tests/app/y.py:"),
    (misdirected, "tests/app/y.py", "import benchmarks.x", "benchmarks/x.py:"),
    (misdirected, "tests/support/x.py", "from tests.app import y", "tests/app/y.py:"),
    (misdirected, "models/errors.py", "from models import lanes", ""),
    (misdirected, "models/news/x.py", "", ""),
    (rooms.circles, "models/errors.py", "from models import lanes", ""),
    (rooms.circles, "app/ui/a.py", "def f():\n    import app.ui.b", "app/ui/b.py:import app.ui.a"),
    (
        rooms.circles,
        "app/draw/lanes/a.py",
        "from app.draw.canvas import b",
        "app/draw/canvas/b.py:if TYPE_CHECKING:\n    from app.draw.lanes import a",
    ),
    (rooms.circles, "app/ui/__init__.py", "from app.ui import b", "app/ui/b.py:import app.ui"),
    (rooms.circles, "app/a.js", "import {b} from './b.js'", "app/b.js:import {a} from './a.js'"),
    (rooms.commands_imported, "app/ui/markup.py", "from models.verify import command", ""),
    (rooms.commands_imported, "models/add/x.py", "import models.verify.__main__", ""),
    (streamlit_imported, "models/lanes.py", "import streamlit as st", ""),
    (streamlit_imported, "benchmarks/x.py", "from streamlit.proto import BackMsg_pb2", ""),
    (internals_imported, "app/ui/markup.py", "from streamlit.runtime import exists", ""),
    (internals_imported, "app/ui/markup.py", "from streamlit.file_util import x", ""),
    (internals_imported, "app/ui/markup.py", "import_module('streamlit.runtime')", ""),
    (internals_imported, "tests/app/ui/test_x.py", "import streamlit.file_util", ""),
    (internals_named, "app/ui/markup.py", "context.requests._state", ""),
    (internals_named, "app/ui/markup.py", "getattr(context, '_state')", ""),
    (internals_named, "app/ui/markup.py", "from streamlit_drawable_canvas import _data_url", ""),
    (internals_named, "app/ui/markup.py", "import streamlit as st\nst.runtime.exists()", ""),
    (internals_named, "app/ui/markup.py", "folder / 'static/index.html'", ""),
    (internals_named, "app/ui/markup.py", "folder / 'frontend' / 'build'", ""),
    (internals_named, "app/draw/canvas.js", "import('loadVegaEmbed.js')", ""),
    (internals_named, "app/draw/canvas.js", "window.__streamlit", ""),
    (internals_named, "app/draw/canvas.js", "document.getElementById('root')", ""),
    (internals_named, "app/draw/style.css", "[data-testid=stLayoutWrapper] { gap: 0 }", ""),
    (internals_named, "app/ui/x.html", "<div data-testid=stLogo></div>", ""),
    (internals_named, "app/draw/style.css", ".stMainBlockContainer { gap: 0 }", ""),
]


def written(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


@pytest.mark.parametrize("rule", RULES)
def test_a_healthy_house_breaks_no_rule(tmp_path: Path, rule: Callable[[Path], list[str]]) -> None:
    assert not rule(written(tmp_path, HEALTHY))


@pytest.mark.parametrize(("rule", "name", "text", "other"), PLANTED)
def test_what_is_planted_is_found(
    tmp_path: Path, rule: Callable[[Path], list[str]], name: str, text: str, other: str
) -> None:
    """``other`` is a second file, ``path:text``, that the violation needs."""
    beside, _, words = other.partition(":")
    planted = {name: text} | ({beside: words} if beside else {})
    assert rule(written(tmp_path, HEALTHY | planted))


def test_a_folder_of_twenty_is_full_and_one_more_is_found(tmp_path: Path) -> None:
    twenty = {f"app/web/{number}/x.py": "" for number in range(19)} | {"app/web/x.css": ""}
    assert not crowded(written(tmp_path, twenty))
    assert crowded(written(tmp_path, {"app/web/one_more.svg": ""})) == ["app/web: 21"]


def test_only_a_circle_is_said_to_be_one(tmp_path: Path) -> None:
    line = {
        "app/a.py": "from app import b",
        "app/b.py": "from app import c, d",
        "app/c.py": "from app import b",
        "app/d.py": "",
    }
    assert rooms.circles(written(tmp_path, line)) == ["in app: b, c"]
