"""``python -m models.convert.stand_ins``: write ``wheels/``, with the same bytes at every run.

A wheel is a ZIP archive with the modules and a folder of metadata, see
https://packaging.python.org/en/latest/specifications/binary-distribution-format/.
"""

from __future__ import annotations

import base64
import hashlib
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

_HERE = Path(__file__).resolve().parent
WHEELS = _HERE / "wheels"
LABEL = "stand.in"  # part of each version, so that `pip list` tells them from the packages
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time that a ZIP archive can hold


@dataclass(frozen=True)
class Package:
    """A package to stand in for: its name, the oldest version that the converter takes, the name
    of its module in ``modules/`` if the converter imports one, and what it would be needed for.
    """

    name: str
    oldest: str
    needed_for: str
    module: str | None = None

    @property
    def version(self) -> str:
        """The stand-in's version, which satisfies the converter's ``>= oldest``."""
        return f"{self.oldest}+{LABEL}"

    @property
    def wheel(self) -> str:
        """The wheel's file name."""
        return f"{self._stem}-py3-none-any.whl"

    @property
    def _stem(self) -> str:
        return f"{self.name.replace('-', '_')}-{self.version}"

    def files(self) -> dict[str, bytes]:
        """Every file of the wheel by its path."""
        info = f"{self._stem}.dist-info"
        files = {
            f"{info}/METADATA": (
                f"Metadata-Version: 2.1\nName: {self.name}\nVersion: {self.version}\n"
                f"Summary: Nothing, in place of {self.name}, which only {self.needed_for} needs\n"
            ).encode(),
            f"{info}/WHEEL": (
                b"Wheel-Version: 1.0\nGenerator: digit-parity\n"
                b"Root-Is-Purelib: true\nTag: py3-none-any\n"
            ),
        }
        if self.module is not None:
            source = (_HERE / "modules" / f"{self.module}.py").read_bytes()
            files = {f"{self.module}/__init__.py": source, **files}
        record = "".join(f"{path},{_digest(data)},{len(data)}\n" for path, data in files.items())
        return {**files, f"{info}/RECORD": f"{record}{info}/RECORD,,\n".encode()}


PACKAGES = (
    Package(
        "tensorflow-decision-forests",
        "1.5.0",
        "converting a decision forest",
        "tensorflow_decision_forests",
    ),
    Package("tensorflow-hub", "0.16.1", "converting a module of TensorFlow Hub", "tensorflow_hub"),
    Package("jax", "0.4.13", "converting a JAX function"),
    Package("jaxlib", "0.4.13", "converting a JAX function"),
    Package("flax", "0.7.2", "converting a JAX function"),
)


def write(folder: Path) -> list[Path]:
    """Write every wheel into the folder. Returns their paths."""
    paths = [folder / package.wheel for package in PACKAGES]
    for package, path in zip(PACKAGES, paths, strict=True):
        with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
            for name, data in package.files().items():
                entry = zipfile.ZipInfo(name, _EPOCH)
                entry.create_system = 3  # Unix, also where it is written on Windows
                entry.external_attr = 0o644 << 16
                archive.writestr(entry, data)
    return paths


def _digest(data: bytes) -> str:
    digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest())
    return f"sha256={digest.rstrip(b'=').decode()}"


if __name__ == "__main__":
    for path in write(WHEELS):
        sys.stdout.write(f"{path.name}: {path.stat().st_size} bytes\n")
