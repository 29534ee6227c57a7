"""The app's JavaScript is served as separate modules, and ordinary edits of it work."""

from __future__ import annotations

import gzip
import json
import posixpath
import re
import subprocess
from pathlib import Path
from urllib.parse import urljoin

import pytest
from starlette.applications import Starlette

from app.frontend import module_tree
from app.frontend.module_tree import SOURCE, ModuleTree
from app.web import assets, page_html
from models.tfjs import bundle
from tests.support.asgi import ask, body, headers

SERVED = Starlette(routes=assets.routes())
FOLDER = Path(module_tree.__file__).parents[1]
ENTRIES = json.loads((FOLDER / "frontend" / "entries.json").read_text())
OLDER = "/served/app/0123456789abcdef"


@pytest.fixture(autouse=True)
def as_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a bundle, which may lie in the working tree or not."""
    monkeypatch.setattr(module_tree, "APP", SOURCE)


def write(folder: Path, files: dict[str, str]) -> ModuleTree:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return ModuleTree(folder)


def test_every_module_is_whole_and_cached_forever() -> None:
    assert len(SOURCE.modules) > 20
    for name in SOURCE.modules:
        answer = ask(SERVED, f"/{SOURCE.url_path(name)}")
        assert answer[0]["status"] == 200
        assert headers(answer)["content-type"].startswith("text/javascript")
        assert "immutable" in headers(answer)["cache-control"]
        assert body(answer) == (FOLDER / name).read_bytes()


def test_it_is_sent_compressed_when_the_client_accepts_it() -> None:
    name = "draw/studio.js"
    answer = ask(SERVED, f"/{SOURCE.url_path(name)}", headers=[(b"accept-encoding", b"gzip")])
    assert headers(answer)["content-encoding"] == "gzip"
    assert headers(answer)["vary"] == "Accept-Encoding"
    assert gzip.decompress(body(answer)) == SOURCE.modules[name]


@pytest.mark.parametrize("base", ["", "/demo"])
@pytest.mark.parametrize("name", ["upload/frontend/web_worker.js", "draw/canvas/pad.js"])
def test_an_outdated_version_redirects_to_the_current_one(name: str, base: str) -> None:
    app = Starlette(routes=assets.routes(base))
    answer = ask(app, f"{base}{OLDER}/{name}")
    assert answer[0]["status"] == 307
    assert headers(answer)["cache-control"] == "no-cache"
    location = urljoin(f"{base}{OLDER}/{name}", headers(answer)["location"])
    assert location == f"{base}/{SOURCE.url_path(name)}"
    assert body(ask(app, location)) == SOURCE.modules[name]


@pytest.mark.parametrize(
    "name",
    [
        "",
        "..",
        "secret.js",
        "frontend",
        "frontend/",
        "frontend//tfjs.js",
        "draw/../frontend/tfjs.js",
        "frontend/module_tree.py",
        "web/security_headers.py",
        "ui/base.css",
        "../models/tfjs/build.js",
    ],
)
def test_any_other_path_is_not_found(name: str) -> None:
    for below in (OLDER, f"/served/app/{SOURCE.version}"):
        assert ask(SERVED, f"{below}/{name}")[0]["status"] == 404


def test_the_hash_changes_with_each_module_and_each_name(tmp_path: Path) -> None:
    files = {"a.js": "1;", "b/c.js": "2;"}
    same = [write(tmp_path / each, files).version for each in ("one", "two")]
    assert same[0] == same[1]
    others = [files | {"a.js": "3;"}, files | {"b/c.js": "3;"}, {"a.js": "1;", "c.js": "2;"}]
    others += [files | {"d.js": ""}, {"a.js": "2;", "b/c.js": "1;"}]
    versions = [write(tmp_path / f"{n}", each).version for n, each in enumerate(others)]
    assert len({same[0], *versions}) == 1 + len(others)


def test_an_edit_under_a_running_server_is_not_served_below_the_old_hash(tmp_path: Path) -> None:
    tree = write(tmp_path, {"a.js": "1;"})
    path = tree.url_path("a.js")
    write(tmp_path, {"a.js": "2;"})
    assert (tree.url_path("a.js"), tree.modules["a.js"]) == (path, b"1;")


def test_an_unknown_module_has_no_url() -> None:
    with pytest.raises(KeyError, match="no module draw/none"):
        SOURCE.url_path("draw/none.js")


def imported(tree: ModuleTree, name: str) -> set[str]:
    """The file of a bundle and all its imports, direct or not."""
    found = re.findall(r'(?:from|import)"(\.[^"]+)"', tree.modules[name].decode())
    others = [posixpath.normpath(posixpath.join(posixpath.dirname(name), each)) for each in found]
    return {name}.union(*(imported(tree, each) for each in others))


@pytest.fixture(scope="module")
def bundled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("build") / "frontend"
    assert bundle.build_app(FOLDER, out)
    return out


def test_the_bundle_has_every_entry_in_fewer_and_smaller_files(bundled: Path) -> None:
    tree = module_tree.served(SOURCE, bundled)
    assert tree is not SOURCE
    assert set(ENTRIES) <= tree.modules.keys()
    assert len(tree.modules) < len(SOURCE.modules)
    assert 2 * sum(map(len, tree.modules.values())) < sum(map(len, SOURCE.modules.values()))


def test_the_page_preloads_the_canvass_scripts_and_no_others(
    bundled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree = module_tree.served(SOURCE, bundled)
    assert imported(tree, "draw/studio.js") == set(tree.preloaded)
    monkeypatch.setattr(module_tree, "APP", tree)
    html = page_html.html.__wrapped__()
    for name in tree.preloaded:
        link = f'<link rel="modulepreload" crossorigin href="./{tree.url_path(name)}" />'
        assert html.count(link) == 1


def test_an_edit_is_served_before_it_is_bundled(bundled: Path, tmp_path: Path) -> None:
    edited = write(tmp_path, {n: c.decode() for n, c in SOURCE.modules.items()} | {"a.js": "1;"})
    assert module_tree.served(edited, bundled) is edited


@pytest.mark.parametrize("about", [None, "", "{}", "[]", '{"modules": "x", "preloaded": []}'])
def test_without_a_bundle_the_modules_are_served_as_they_are(
    about: str | None, tmp_path: Path
) -> None:
    if about is not None:
        (tmp_path / "bundle.json").write_text(about)
    assert module_tree.served(SOURCE, tmp_path) is SOURCE


def test_every_component_and_the_web_worker_are_entries() -> None:
    texts = [path.read_text("utf-8") for path in FOLDER.rglob("*.py")]
    components = re.findall(r'component\.component\(\s*"\w+",\s*"([^"]+)"', "".join(texts))
    workers = re.findall(r'module_tree\.APP\.url_path\("([^"]+)"\)', "".join(texts))
    assert {*components, *workers} == set(ENTRIES)


EDITS = {
    "two modules with the same const": (
        {
            "draw/a.js": "import { b } from '../ui/b.js';\nconst MS = 1;\nexport const a = MS + b;",
            "ui/b.js": "const MS = 10;\nexport const b = MS;",
            "entry.js": "import { a } from './draw/a.js';\nconst MS = 100;\nexport default a + MS;",
        },
        111,
    ),
    "export default in a helper": (
        {
            "ui/helper.js": "export default function twice(n) {\n  return 2 * n;\n}",
            "entry.js": "import twice from './ui/helper.js';\nexport default twice(21);",
        },
        42,
    ),
    "an import by another name": (
        {
            "ui/b.js": "export const b = 'b';",
            "entry.js": "import { b as c } from './ui/b.js';\nconst b = 1;\nexport default c + b;",
        },
        "b1",
    ),
    "what opens a comment, in a string": (
        {
            "ui/b.js": "export const all = 'image/*';\n/** Says. */\nexport const end = '*/';",
            "entry.js": "import { all, end } from './ui/b.js';\nexport default `/** ${all}${end}`;",
        },
        "/** image/**/",
    ),
    "an import over several lines": (
        {
            "ui/b.js": "export const [a, b] = [1, 2];",
            "entry.js": "import {\n  a,\n  b,\n} from './ui/b.js';\nexport default [a, b];",
        },
        [1, 2],
    ),
    "a module that two others import is run once": (
        {
            "ui/count.js": "export const seen = [];",
            "a.js": "import { seen } from './ui/count.js';\nseen.push('a');",
            "b.js": 'import { seen } from "./ui/count.js";\nseen.push("b");',
            "entry.js": (
                "import './a.js';\nimport './b.js';\n"
                "import * as count from './ui/count.js';\nexport default count.seen;"
            ),
        },
        ["a", "b"],
    ),
}


@pytest.mark.parametrize("edit", EDITS)
def test_ordinary_edits_work(edit: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files, expected = EDITS[edit]
    tree = write(tmp_path / "app", files)
    monkeypatch.setattr(module_tree, "APP", tree)
    # What a browser gets, at the places where it gets it.
    for name in files:
        path = tmp_path / tree.url_path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body(ask(SERVED, f"/{tree.url_path(name)}")))
    (tmp_path / "package.json").write_text('{"type": "module"}')
    run = f"console.log(JSON.stringify((await import('./{tree.url_path('entry.js')}')).default))"
    (tmp_path / "run.js").write_text(run)
    node = subprocess.run([bundle.node(), tmp_path / "run.js"], capture_output=True, text=True)
    assert node.returncode == 0, node.stderr
    assert json.loads(node.stdout) == expected
