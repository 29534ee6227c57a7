"""The JavaScript's own tests, ``tests/js``, by the test runner that Node has.

One file, or one test of it:

    node --test tests/js/draw/lanes/steady_times.test.js
    node --test --test-name-pattern='take turns' tests/js/draw/lanes/steady_times.test.js

They import the modules that the browser gets, with a page, a clock and lanes from
``tests/js/support``, and need no package from npm.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

from models.tfjs import bundle

ROOT = Path(__file__).resolve().parents[1]
TESTS = ROOT / "tests" / "js"
TESTED = {ROOT / "app": TESTS, ROOT / "models" / "tfjs" / "src": TESTS / "tfjs"}

# By folder and name: what has no tests of its own, and why.
ELSEWHERE = {
    "benchmark/frontend/loading.js": "measure.test.js goes through it",
    "benchmark/frontend/turns.js": "measure.test.js goes through it",
    "draw/address.js": "needs an address: tests/e2e/pages/draw/test_messages.py",
    "draw/canvas/board.js": "puts the pad's parts together: tests/e2e/pages/draw/test_canvas.py",
    "draw/canvas/early_ink.js": "pad.test.js goes through it",
    "draw/lanes/probabilities.js": "beside the server's: tests/app/draw/lanes",
    "draw/results/backend_picker.js": "a list of choices: tests/e2e/pages/draw/test_backends.py",
    "draw/results/results_view.js": "puts the views together: tests/e2e/pages/draw",
    "draw/studio.js": "puts the page together: tests/e2e/pages/draw",
    "inspect/picture/hunt/search.js": "web_worker.test.js goes through it",
    "streamlit_internals/canvas_package.js": "pad.test.js goes through it",
    "streamlit_internals/vega.js": "charts of the pages: tests/e2e/pages",
    "ui/figures.js": "beside the server's: tests/app/ui/test_figures.py",
    "tfjs/backends/cpu.js": "an import",
    "tfjs/backends/wasm.js": "addresses of files that the build names: tests/models/runtimes",
    "tfjs/backends/webgl.js": "an import",
    "tfjs/backends/webgpu.js": "backends.test.js starts it",
    "tfjs/control_flow.js": "lanes.test.js goes through it, with and without a loop",
    "tfjs/layers.js": "imports",
    "tfjs/main.js": "exports",
    "tfjs/model.js": "what TensorFlow.js builds: tests/models/runtimes",
    "tfjs/node/cli.js": "runs in Node with TensorFlow.js: tests/models/runtimes",
    "tfjs/node/files.js": "runs in Node with TensorFlow.js: tests/models/runtimes",
    "tfjs/report/case.js": "runs an operation: tests/models/bisect/bug_report, tests/e2e/reports",
    "tfjs/report/page.js": "a page of its own: tests/e2e/reports",
    "tfjs/steps.js": "lanes.test.js goes through it; with real models: tests/models/runtimes",
}


def test_the_javascript_passes_its_tests() -> None:
    files = sorted(map(str, TESTS.rglob("*.test.js")))
    assert files, "without a file Node looks for tests by itself"
    done = subprocess.run(
        [bundle.node(), "--test", "--test-reporter=spec", *files],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"


def test_every_module_has_its_tests() -> None:
    modules = {
        (tests / path.relative_to(folder)).relative_to(TESTS).as_posix()
        for folder, tests in TESTED.items()
        for path in folder.rglob("*.js")
    }
    tested = {
        (path.parent / path.name.partition(".")[0]).relative_to(TESTS).as_posix() + ".js"
        for path in TESTS.rglob("*.test.js")
    }
    assert modules - tested == set(ELSEWHERE)
    assert tested <= modules, (
        "each is named after the module that it tests, and may say of what: a.undo.test.js"
    )
