"""A script that Streamlit sends and our modules find the same root URL."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from app.streamlit_internals import root_address
from models.tfjs import bundle

MODULE = Path(root_address.__file__).with_suffix(".js").as_uri()
SCRIPT = """
const scripts = { %(selector)r: { src: %(source)r } };
const querySelector = (selector) => scripts[selector];
globalThis.document = { querySelector, baseURI: 'http://nowhere/' };
const { underRoot } = await import(%(module)r);
process.stdout.write(JSON.stringify([underRoot('served/x'), %(expression)s]));
"""


@pytest.mark.parametrize("root", ["https://a.example/", "https://a.example/some/path/"])
def test_both_find_the_same_url(root: str) -> None:
    script = SCRIPT % {
        "selector": root_address.SCRIPTS,
        "source": f"{root}static/js/index.1234.js",
        "module": MODULE,
        "expression": root_address.javascript("served/x"),
    }
    command = [bundle.node(), "--input-type=module", "--eval", script]
    run = subprocess.run(command, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout) == [f"{root}served/x"] * 2
