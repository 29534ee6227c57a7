"""Find a Chromium for the browser tests, or install one: ``python -m tests.support.chromium``.

And start it, alone or with the app.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.support.servers import serving

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def find() -> str | None:
    """The path of a Chromium: ``$CHROMIUM``, Playwright's own, or the machine's."""
    with ThreadPoolExecutor(1) as apart:  # in a thread of tests Playwright may run already
        own = apart.submit(_own).result()
    candidates = [os.environ.get("CHROMIUM"), own, *map(shutil.which, NAMES)]
    return next((path for path in candidates if path and Path(path).exists()), None)


def _own() -> str:
    with sync_playwright() as playwright:
        return playwright.chromium.executable_path


def need() -> str:
    """``find`` a Chromium. Without one, the process ends and says what to do."""
    path = find()
    if path is None:
        sys.exit("No Chromium was found. Install one with: python -m tests.support.chromium")
    return path


@contextmanager
def launched(path: str | None = None) -> Iterator[Browser]:
    """The Chromium at ``path``, by default the one that is found. Without one the process ends."""
    path = path or need()  # it runs Playwright for itself, so before ours
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def with_app() -> Iterator[tuple[Browser, str]]:
    """A Chromium, and the address of the app, which runs meanwhile."""
    path = need()
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(log=Path(folder) / "log.txt") as address,
        launched(path) as browser,
    ):
        yield browser, address


def install() -> None:
    """Playwright's own Chromium, or Debian's where that cannot be downloaded."""
    with_deps = ["--with-deps"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    command = [sys.executable, "-m", "playwright", "install", *with_deps, "chromium"]
    if shutil.which("apt-get") is None:
        subprocess.run(command, check=True)
        return
    try:
        subprocess.run(command, check=True, timeout=300, capture_output=True)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        sudo = [] if os.geteuid() == 0 else ["sudo"]
        subprocess.run([*sudo, "apt-get", "update", "-qq"], check=True)
        subprocess.run([*sudo, "apt-get", "install", "-y", "-qq", "chromium"], check=True)


def main() -> int:
    """Install a Chromium if there is none, and print its path."""
    path = find()
    if path is None:
        install()
        path = find()
    if path is None:
        print("No Chromium was found. Install one and set CHROMIUM to its path.", file=sys.stderr)
        return 1
    print(f"Chromium: {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
