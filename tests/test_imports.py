"""Imports point one way, and heavy modules are imported late."""

from __future__ import annotations

import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import models
from tests import proof

ROOT = Path(__file__).resolve().parents[1]


def imported_by(*names: str) -> set[str]:
    """The top-level packages that a new Python has loaded after importing these modules."""
    script = f"import sys\nfor name in {names!r}: __import__(name)\nprint(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return {name.partition(".")[0] for name in done.stdout.split()}


def test_models_import_neither_streamlit_nor_the_app() -> None:
    modules = [each.name for each in pkgutil.walk_packages(models.__path__, "models.")]
    by_torch = {
        "models.train.study.gpu.network",
        "models.train.study.gpu.learners",
        "models.train.study.gpu.teaching",
    }
    names = [name for name in modules if "tfjs" not in name and not name.endswith("__main__")]
    names = [name for name in names if name not in by_torch]  # PyTorch is not installed
    assert "models.train.study.gpu.train" in names
    assert "models.digit.digit" in names
    loaded = imported_by(*names)
    assert "streamlit" not in loaded
    assert "app" not in loaded
    assert "tensorflow" not in loaded, "TensorFlow must be imported late, inside functions"


@pytest.mark.parametrize(
    "name",
    [
        "models.digit.digit",
        "models.runtimes.worker.client",
        "app.draw.reading.server_lanes",
        "app.draw.reading.endpoint",
    ],
)
def test_the_page_never_waits_for_tensorflow(name: str) -> None:
    assert not {"tensorflow", "tf_keras", "tensorflowjs"} & imported_by(name)


def test_the_canvas_waits_for_nothing_that_only_charts_and_pictures_need() -> None:
    loaded = imported_by("streamlit_app", "app.draw.page")
    assert not {"pandas", "altair", "pyarrow", "scipy"} & loaded


def test_no_page_waits_for_what_makes_and_draws_charts() -> None:
    pages = [f"app.{page}.page" for page in ("draw", "upload", "benchmark", "inspect")]
    assert not {"altair", "vl_convert"} & imported_by("streamlit_app", *pages)


def test_the_process_that_draws_a_reports_charts_loads_nothing_else() -> None:
    assert not {"streamlit", "pandas", "numpy"} & imported_by("app.upload.results.svg_charts")


def test_no_command_loads_a_browsers_modules_before_it_is_asked() -> None:
    commands = ("models.verify.command", "models.bisect.command", "models.evaluate.command")
    script = f"import sys\nfor name in {commands!r}: __import__(name)\nprint(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = done.stdout.split()
    assert "models.verify.listing" in loaded
    assert not [name for name in loaded if name.startswith("models.runtimes.browser")]


def test_every_proof_can_be_imported() -> None:
    names = [each.name for each in pkgutil.iter_modules(proof.__path__, "tests.proof.")]
    assert "tests.proof.faults" in names
    assert "tests" in imported_by(*(name for name in names if not name.endswith("__main__")))
