"""The stand-ins are what is locked, and the converter takes them for what it requires."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import zipfile
from importlib import metadata
from pathlib import Path

import pytest

from models.convert.stand_ins import __main__ as stand_ins

ROOT = Path(__file__).resolve().parents[3]
LOCK = ROOT / "requirements.txt"


@pytest.mark.parametrize("package", stand_ins.PACKAGES, ids=lambda each: each.name)
def test_the_committed_wheel_is_what_the_command_writes(package, tmp_path):
    stand_ins.write(tmp_path)
    written = (tmp_path / package.wheel).read_bytes()
    assert (stand_ins.WHEELS / package.wheel).read_bytes() == written


@pytest.mark.parametrize("package", stand_ins.PACKAGES, ids=lambda each: each.name)
def test_the_lock_has_the_wheels_hash(package):
    digest = hashlib.sha256((stand_ins.WHEELS / package.wheel).read_bytes()).hexdigest()
    expected = f"{package.name}=={package.version} \\\n    --hash=sha256:{digest}\n"
    assert expected in LOCK.read_text("utf-8")


@pytest.mark.parametrize("package", stand_ins.PACKAGES, ids=lambda each: each.name)
def test_a_stand_in_is_installed_and_has_no_other_files(package):
    assert metadata.version(package.name) == package.version
    with zipfile.ZipFile(stand_ins.WHEELS / package.wheel) as archive:
        names = {name.partition("/")[0] for name in archive.namelist()}
    folder = f"{package.name.replace('-', '_')}-{package.version}.dist-info"
    assert names == {folder, package.module} - {None}


def test_the_folder_holds_no_wheel_that_is_not_written():
    here = {path.name for path in stand_ins.WHEELS.iterdir()}
    assert here == {package.wheel for package in stand_ins.PACKAGES}


def run(script: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_keras_does_not_take_jax_for_installed_after_the_converter():
    script = (
        "import importlib.util, sys\n"
        "from tensorflowjs.converters import converter\n"
        "import keras\n"
        "print('jax' in sys.modules, importlib.util.find_spec('jax'), keras.backend.backend())\n"
    )
    assert run(script).split() == ["False", "None", "tensorflow"]


def test_what_is_left_out_is_named_when_it_is_asked_for():
    script = (
        "import tensorflowjs, tensorflow_hub\n"
        "convert_jax = tensorflowjs.converters.convert_jax\n"
        "for use in (convert_jax, lambda: tensorflow_hub.Module):\n"
        "    try:\n"
        "        use()\n"
        "    except (ImportError, AttributeError) as error:\n"
        "        print(error)\n"
    )
    jax, hub = run(script).splitlines()
    assert jax == "JAX is not installed, so no JAX function can be converted here."
    assert "TensorFlow Hub is not installed" in hub
