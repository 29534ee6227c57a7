"""The converter's own process: it answers, it may die, and it runs nothing of the caller's."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from models.convert.official.apart import without_onednn
from models.errors import ModelError

# A person's script, which has no ``if __name__ == "__main__"``, beside a folder "models".
_SCRIPT = """
print("begins")
from models.convert.official.apart import without_onednn
from models.errors import ModelError
with without_onednn() as convert:
    try:
        convert(["--input_format=keras", "--output_format=tfjs_layers_model", "no.h5", "made"])
    except ModelError as error:
        print(error)
"""
PATHS = ("no.h5", "made")


def test_a_process_that_dies_is_a_message():
    with without_onednn("no_program") as convert, pytest.raises(ModelError, match="--no ended"):
        convert(["--no"])


def test_what_is_wrong_is_said_and_the_process_goes_on():
    with without_onednn() as convert:
        for _ in range(2):
            with pytest.raises(ModelError, match="made failed: "):
                convert(["--input_format=keras", "--output_format=tfjs_layers_model", *PATHS])


def test_after_its_death_another_one_converts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "dies_at_first.py").write_text(
        "import pathlib, sys\n"
        "seen = pathlib.Path(__file__).with_suffix('.seen')\n"
        "sys.stdin.readline()\n"
        "if seen.exists():\n"
        "    print('null', flush=True)\n"
        "seen.touch()\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with without_onednn("dies_at_first") as convert:
        with pytest.raises(ModelError, match="ended its process"):
            convert(["--no"])
        convert(["--yes"])


def test_the_script_that_asks_is_not_run_again(tmp_path: Path):
    script = tmp_path / "script.py"
    script.write_text(_SCRIPT)
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "__init__.py").write_text("raise SystemExit('The wrong folder.')")
    root = Path(__file__).resolve().parents[4]
    done = subprocess.run(
        [sys.executable, "-P", script],
        cwd=tmp_path,
        env={"PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.count("begins") == 1, done.stderr
    assert "no.h5 made failed: " in done.stdout, done.stderr
