"""The wheel, in an empty environment

It is built from what is committed, installed in another folder than the checkout, and used: by the
command, and as a dashboard in Chromium.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import expect

from tests.proof.given import Given
from tests.support import chromium, drawing
from tests.support.servers import serving

ROOT = Path(__file__).resolve().parents[2]
NAME = "digit_parity"
LANES = {"browser": 2, "server": 3}
ORIGINAL = ROOT / "models" / "mnist" / "mnist_model.h5"


def prove(_: Given) -> Iterator[str]:
    """Build, install, verify, add, serve. Yields lines of Markdown; raises where one fails."""
    with tempfile.TemporaryDirectory() as temporary:
        place = Path(temporary)
        wheel = build(place)
        yield f"- `python -m build` makes {wheel.name}, {wheel.stat().st_size / 1e6:.1f} MB, with"
        with zipfile.ZipFile(wheel) as archive:
            names = archive.namelist()
        tops = sorted({name.partition("/")[0] for name in names})
        licences = [name for name in names if name.endswith(".LEGAL.txt")]
        assert licences, "the licences of what is bundled are missing"
        assert tops == [NAME, f"{wheel.name.partition('-py3')[0]}.dist-info"], tops
        yield f"  {' and '.join(f'`{top}`' for top in tops)} in it, and nothing else."
        bins = install(place, wheel)
        user = User(place, bins)
        before = user.files()
        yield from user.commands()
        yield from user.dashboard()
        assert user.files() == before, "something was written into the installed package"
        yield "- No file of the installed package was added, removed or written, by time and hash."


def build(place: Path) -> Path:
    """The wheel of what is committed, built in an isolated environment from a source archive."""
    source = place / "source"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(source)], check=True)
    builder = _environment(place / "builder", "build")
    subprocess.run(
        [str(builder / "python"), "-m", "build", "--outdir", str(place), str(source)],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    (wheel,) = place.glob("*.whl")
    return wheel


def install(place: Path, wheel: Path) -> Path:
    """An environment with the wheel and what it asks for. Returns its folder of commands."""
    bins = _environment(place / "environment", str(wheel))
    subprocess.run([bins / "python", "-m", "pip", "check"], check=True, stdout=subprocess.DEVNULL)
    return bins


def _environment(folder: Path, *packages: str) -> Path:
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    bins = folder / ("Scripts" if sys.platform == "win32" else "bin")
    pip = [bins / "python", "-m", "pip", "install", "--quiet", *packages]
    subprocess.run(pip, check=True, stderr=subprocess.DEVNULL)
    return bins


class User:
    """Somebody with an empty home and an empty folder, who has installed the wheel."""

    def __init__(self, place: Path, bins: Path) -> None:
        self._bins = bins
        self._folder = place / "project"
        self._folder.mkdir()
        (self._folder / "model.h5").write_bytes(ORIGINAL.read_bytes())
        home = place / "home"
        home.mkdir()
        kept = ("PATH", "LANG", "SYSTEMROOT")
        self._environment = {name: os.environ[name] for name in kept if name in os.environ}
        self._environment |= {"HOME": str(home), "USERPROFILE": str(home)}
        self._log = place / "server.log"

    def files(self) -> dict[str, tuple[int, str]]:
        """When each file of the installed package was written, and its hash; no compiled Python."""
        (package,) = self._bins.parent.rglob(f"site-packages/{NAME}")
        paths = (path for path in package.rglob("*") if path.is_file() and path.suffix != ".pyc")
        return {
            str(path): (path.stat().st_mtime_ns, hashlib.sha256(path.read_bytes()).hexdigest())
            for path in paths
        }

    def run(self, arguments: str, expected: int = 0) -> tuple[str, float]:
        """The output of ``digit-parity`` and its seconds. Raises for another exit code."""
        start = time.perf_counter()
        done = subprocess.run(
            [str(self._bins / "digit-parity"), *arguments.split()],
            cwd=self._folder,
            env=self._environment,
            text=True,
            encoding="utf-8",
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        assert done.returncode == expected, f"{arguments}: {done.returncode}\n{done.stdout}"
        return done.stdout.strip(), time.perf_counter() - start

    def commands(self) -> Iterator[str]:
        """Verify what ships; add a model, which needs the converter; verify it."""
        output, seconds = self.run("verify")
        yield f"- `digit-parity verify`, without the converter, {seconds:.0f} s: {_last(output)}"
        output, _ = self.run("add mine model.h5", expected=1)
        assert "digit-parity setup" in output and "Traceback" not in output, output
        yield f"- `digit-parity add mine model.h5` before the set-up: {_last(output)}"
        output, seconds = self.run("setup")
        yield f"- `digit-parity setup`, {seconds:.0f} s, says: {_relative(_last(output))}"
        output, _ = self.run("convert", expected=1)
        yield f"- `digit-parity convert`, without a folder: {_last(output)}"
        output, seconds = self.run("convert . --source model.h5")
        yield f"- `digit-parity convert . --source model.h5`, {seconds:.0f} s."
        output, seconds = self.run("add mine model.h5")
        yield f"- `digit-parity add mine model.h5`, {seconds:.0f} s: {_relative(_last(output))}"
        output, seconds = self.run("verify mine")
        yield f"- `digit-parity verify mine`, {seconds:.0f} s: {_last(output)}"

    def dashboard(self) -> Iterator[str]:
        """Draw a digit in Chromium, and see every lane answer."""
        serve = [str(self._bins / "digit-parity"), "serve", "--"]
        path = chromium.need()
        with (
            serving(
                log=self._log, command=serve, cwd=self._folder, inherited=self._environment
            ) as url,
            chromium.launched(path) as browser,
        ):
            page = browser.new_page()
            faults: list[str] = []
            page.on("console", lambda m: faults.append(m.text) if m.type == "error" else None)
            page.on("pageerror", lambda error: faults.append(str(error)))
            drawing.open_page(page, url)
            drawing.draw(page, drawing.DIGITS[4])
            for where, lanes in LANES.items():
                read = page.locator(f".dp-lanes tr[data-where={where}] .dp-digit")
                expect(read).to_have_text(["4"] * lanes, timeout=drawing.PATIENT)
            drawing.wait_until_idle(page)
            words = " ".join(drawing.verdict(page).inner_text().split())
        assert not faults, faults
        assert "Traceback" not in self._log.read_text("utf-8")
        yield f"- `digit-parity serve`, and a four drawn in Chromium: {words}"


def _last(output: str) -> str:
    return output.splitlines()[-1]


def _relative(text: str) -> str:
    """The text without the temporary folder that this proof ran in."""
    start = tempfile.gettempdir()
    return " ".join(
        f"~{word[word.index('/home') + 5 :]}"
        if word.startswith(start) and "/home" in word
        else word
        for word in text.split()
    )
