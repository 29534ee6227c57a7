"""The house's rooms: imports point one way, and Streamlit's internals are touched in one room.

The rules are in tests/support/rooms.py and streamlit_api.py. Each finds the violations that
are planted for it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support import imports, rooms, streamlit_api

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
    ("app.__init__",),
    ("models.__main__",),
    ("models.add", "models.train"),
    ("models.bisect", "models.evaluate"),
    ("models.verify",),
    ("models.convert",),
    ("models.command_line",),
    ("models.runtimes",),
    ("models.parity",),  # compares numbers, whatever computed them
    ("models.dataset",),
    ("models.digit",),  # makes pictures as a model's format says
    ("models.formats", "models.tfjs"),
    ("models.lanes",),
    ("models.storage",),
    ("models.errors",),
    ("models.__init__",),
)
STREAMLIT = ("app", "streamlit_app", "tests", "benchmarks.peers")  # peers are measured against
INTERNALS = ("app.streamlit_internals",)
# Tests of the internals, and those that speak Streamlit's protocol in a browser's place.
TESTED = (
    "tests.app.streamlit_internals",
    "tests.app.web.test_fair_websockets",
    "tests.app.web.test_own_site",
    "tests.app.web.test_upload_budget",
    "tests.support.attackers",
    "tests.support.visitor",
    "tests.e2e.hosting.test_many_visitors",
)
# They import what their text does not name.
UNREADABLE = (
    "models.command_line.verb",  # the command that it is asked for
    "app.streamlit_internals.canvas_package",  # the canvas package, by a name used twice
)


def misdirected(root: Path) -> list[str]:
    return rooms.misdirected(root, ORDER)


def unreadable(root: Path) -> list[str]:
    return imports.unreadable(root, UNREADABLE)


def crowded(root: Path) -> list[str]:
    return rooms.crowded(root, ("app", "models", "tests"))


def streamlit_imported(root: Path) -> list[str]:
    return streamlit_api.importers(root, STREAMLIT)


def internals_imported(root: Path) -> list[str]:
    return streamlit_api.internals_imported(root, (*INTERNALS, *TESTED))


def internals_named(root: Path) -> list[str]:
    return streamlit_api.internals_named(root, ("app", "streamlit_app"), INTERNALS)


def privates_read(root: Path) -> list[str]:
    return streamlit_api.privates_read(root, "tests", TESTED)


RULES = (
    misdirected,
    rooms.circles,
    rooms.commands_imported,
    unreadable,
    crowded,
    streamlit_imported,
    internals_imported,
    internals_named,
    privates_read,
)


@pytest.mark.parametrize("rule", RULES)
def test_the_house_keeps_the_rule(rule: Callable[[Path], list[str]]) -> None:
    assert not rule(ROOT)


HEALTHY = {
    "app/__init__.py": "",
    "app/dashboard.py": "from app.startup import routes\nimport_module(f'app.{name}.page').page()",
    "app/startup/routes.py": "from app.draw import page",
    "app/draw/page.py": "import streamlit as st\nfrom app.ui import markup\nst.fragment",
    "app/ui/markup.py": "from models import lanes\nself = lanes\nself._x\ngetattr(self, '_x')",
    "app/ui/columns.py": "from streamlit import column_config, navigation\nimport streamlit as st\n"
    "from streamlit.components.v2 import component\nst.column_config.TextColumn, st.components.v2",
    "app/draw/style.css": ".st-key-studio { color: var(--st-text-color) }",
    "app/draw/canvas.js": "import { root } from '../streamlit_internals/root.js';",
    "app/streamlit_internals/root.js": "export const root = 'static/js';",
    "app/streamlit_internals/uploads.py": "from streamlit.runtime import exists\nx._state",
    "benchmarks/peers/canvas.py": "from streamlit_drawable_canvas import st_canvas",
    "models/__init__.py": "",
    "models/lanes.py": "import models\nfrom models.errors import ModelError",
    "models/errors.py": "",
    "models/verify/__main__.py": "from models.verify import command",
    "models/verify/command.py": "",
    "models/runtimes/worker.py": "submit(importlib.import_module, 'models.lanes')",
    "tests/app/ui/test_markup.py": "from app.ui import markup\nfrom tests.support import page\n"
    "monkeypatch.setattr(markup, '_x', 1)\nmarkup._x",
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
    (misdirected, "app/streamlit_internals/root.js", "import '../draw/canvas.js';", ""),
    (misdirected, "app/streamlit_internals/root.js", "import {x} from'../draw/canvas.js';", ""),
    (misdirected, "app/streamlit_internals/root.js", "import(`../draw/canvas.js`);", ""),
    (
        misdirected,
        "app/streamlit_internals/root.js",
        "new Worker(new URL('../draw/canvas.js', import.meta.url))",
        "",
    ),
    (misdirected, "models/__init__.py", "import tests.x", "tests/x.py:"),
    (misdirected, "models/__init__.py", "from models import lanes", ""),
    (misdirected, "app/__init__.py", "from app.ui import markup", ""),
    (misdirected, "models/lanes.py", "import app", ""),
    (misdirected, "app/ui/markup.py", "submit(import_module, 'app.draw.page')", ""),
    (unreadable, "app/ui/markup.py", "import_module(NAME)", ""),
    (unreadable, "app/ui/markup.py", "import_module(f'{name}.page')", ""),
    (unreadable, "app/ui/markup.py", "import_module(f'streamlit.{name}')", ""),
    (unreadable, "app/ui/markup.py", "import_module(name='app.draw.page')", ""),
    (unreadable, "app/ui/markup.py", "submit(import_module, NAME)", ""),
    (unreadable, "app/ui/markup.py", "load = importlib.import_module", ""),
    (unreadable, "app/ui/markup.py", "from importlib import import_module as load", ""),
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
    (internals_imported, "app/ui/markup.py", "from streamlit import runtime", ""),
    (internals_imported, "app/ui/markup.py", "from streamlit import fragment, file_util", ""),
    (internals_imported, "app/ui/markup.py", "from streamlit import _main", ""),
    (internals_imported, "app/ui/markup.py", "from streamlit import *", ""),
    (internals_imported, "app/ui/x.py", "from streamlit.components import v1", ""),
    (internals_imported, "app/ui/x.py", "from streamlit.components.v2 import manifest_scanner", ""),
    (internals_imported, "app/ui/x.py", "from streamlit_drawable_canvas import out", ""),
    (internals_imported, "app/ui/x.py", "import streamlit_drawable_canvas as c\nc.out = 1", ""),
    (internals_imported, "app/ui/x.py", "from streamlit_drawable_canvas.frontend import x", ""),
    (internals_imported, "app/ui/x.py", "import_module('streamlit_drawable_canvas')", ""),
    (internals_imported, "benchmarks/peers/x.py", "from streamlit import runtime", ""),
    (internals_named, "app/ui/markup.py", "context.requests._state", ""),
    (internals_named, "app/ui/markup.py", "getattr(context, '_state')", ""),
    (internals_named, "app/ui/markup.py", "from streamlit_drawable_canvas import _data_url", ""),
    (internals_named, "app/ui/markup.py", "import streamlit as st\nst.runtime.exists()", ""),
    (internals_named, "app/ui/x.py", "import streamlit as stream\nstream.runtime", ""),
    (internals_named, "app/ui/x.py", "import streamlit\nstreamlit.runtime", ""),
    (internals_named, "app/ui/x.py", "from streamlit import components as c\nc.v1", ""),
    (internals_named, "app/ui/x.py", "import streamlit as st\nst.components.v1", ""),
    (internals_named, "app/ui/x.py", "def _state(): ...\ncontext._state", ""),
    (internals_named, "app/ui/x.py", "self._state = 1\ncontext._state", ""),
    (internals_named, "app/ui/x.py", "self.context._state", ""),
    (internals_named, "app/ui/x.py", "hasattr(context, '_state')", ""),
    (internals_named, "app/ui/x.py", "delattr(context, '_state')", ""),
    (internals_named, "app/ui/x.py", "vars(context)['_state']", ""),
    (internals_named, "app/ui/x.py", "context.__dict__['_state']", ""),
    (internals_named, "streamlit_app.py", "app._user_middleware", ""),
    (internals_named, "streamlit_app.py", "import streamlit as st\nst.runtime.exists()", ""),
    (
        privates_read,
        "tests/app/x.py",
        "import streamlit_app\nstreamlit_app.app._user_middleware",
        "",
    ),
    (privates_read, "tests/app/x.py", "app._user_middleware", ""),
    (privates_read, "tests/app/x.py", "import streamlit as st\nst.App()._x", ""),
    (privates_read, "tests/app/x.py", "import streamlit as st\nst.runtime", ""),
    (privates_read, "tests/app/x.py", "monkeypatch.setattr(app, '_user_middleware', [])", ""),
    (internals_named, "app/ui/markup.py", "folder / 'static/index.html'", ""),
    (internals_named, "app/ui/markup.py", "folder / 'frontend' / 'build'", ""),
    (internals_named, "app/draw/canvas.js", "import('loadVegaEmbed.js')", ""),
    (internals_named, "app/draw/canvas.js", "window.__streamlit", ""),
    (internals_named, "app/draw/canvas.js", "document.getElementById('root')", ""),
    (internals_named, "app/draw/style.css", "[data-testid=stLayoutWrapper] { gap: 0 }", ""),
    (internals_named, "app/ui/x.html", "<div data-testid=stLogo></div>", ""),
    (internals_named, "app/draw/style.css", ".stMainBlockContainer { gap: 0 }", ""),
    (internals_named, "app/draw/style.css", "[class*=stButton] { gap: 0 }", ""),
    (internals_named, "app/draw/canvas.js", "page.querySelector('[class^=stTooltip]')", ""),
    (internals_named, "app/ui/x.svg", "<style>.stLogo { fill: red }</style>", ""),
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
