"""Finds a browser: one that is named, Playwright's, or the machine's."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from models.errors import ModelError

Kind = Literal["chromium", "firefox", "webkit"]
KINDS: tuple[Kind, ...] = get_args(Kind)

_ON_PATH: dict[Kind, tuple[str, ...]] = {
    "chromium": (
        *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"),
        *("chrome", "microsoft-edge", "msedge"),
    ),
    "firefox": ("firefox-esr", "firefox"),
    "webkit": ("MiniBrowser",),
}
# Below Playwright's folder, on Linux, macOS and Windows.
_OF_PLAYWRIGHT: dict[Kind, tuple[str, ...]] = {
    "chromium": (
        *("chromium-*/chrome-linux*/chrome", "chromium-*/chrome-win*/chrome.exe"),
        "chromium-*/chrome-mac*/*.app/Contents/MacOS/*",
        "chromium_headless_shell-*/*/headless_shell*",
        "chromium_headless_shell-*/*/chrome-headless-shell*",
    ),
    "firefox": (
        *("firefox-*/firefox/firefox", "firefox-*/firefox/firefox.exe"),
        "firefox-*/firefox/*.app/Contents/MacOS/firefox",
    ),
    "webkit": ("webkit-*/minibrowser-wpe/MiniBrowser", "webkit-*/minibrowser-gtk/MiniBrowser"),
}
_APPLICATIONS: dict[Kind, tuple[str, ...]] = {  # of macOS
    "chromium": ("Google Chrome", "Chromium", "Microsoft Edge"),
    "firefox": ("Firefox",),
    "webkit": (),
}
_LIBRARIES = Path("/usr/lib")
_INSTALL: dict[Kind, str] = {
    "chromium": "`npx playwright install chromium`, or your system's package, brings one",
    "firefox": "`npx playwright install firefox`, or your system's package, brings one",
    "webkit": "on Debian, `apt-get install webkit2gtk-driver` brings MiniBrowser, for a screen or "
    "`xvfb-run`",
}


@dataclass(frozen=True)
class Program:
    """A browser's program."""

    kind: Kind
    path: Path

    @property
    def name(self) -> str:
        """As a sentence begins with it."""
        return {"chromium": "Chromium", "firefox": "Firefox", "webkit": "WebKit"}[self.kind]


def find(wanted: str = "chromium") -> Program:
    """A browser by its kind, or by its program's path.

    Of a kind it is what the variable ``CHROMIUM``, ``FIREFOX`` or ``WEBKIT`` names, else
    Playwright's newest, else the machine's. Raises ModelError, with what to do, where none is.
    """
    for kind in KINDS:
        if wanted == kind:
            return _of_kind(kind)
    path = Path(wanted).expanduser()
    found = shutil.which(str(path))
    if found is None:
        kinds = ", ".join(KINDS)
        raise ModelError(
            f"{wanted} is no browser: it is neither one of {kinds} nor a program that can be run."
        )
    return Program(_kind(path.name), Path(found))


def _of_kind(kind: Kind) -> Program:
    variable = kind.upper()
    if given := os.environ.get(variable):
        found = shutil.which(given)
        if found is None:
            raise ModelError(f"{variable} is {given}, which is no program that can be run.")
        return Program(kind, Path(found))
    for path in _places(kind):
        if path.is_file() and os.access(path, os.X_OK):
            return Program(kind, path)
    raise ModelError(
        f"There is no {kind} here: {_INSTALL[kind]}. --browser or the variable {variable} may "
        "name the program, too."
    )


def _places(kind: Kind) -> Iterator[Path]:
    playwright = playwright_folder()
    for pattern in _OF_PLAYWRIGHT[kind] if playwright.is_dir() else ():
        yield from sorted(playwright.glob(pattern), key=_number, reverse=True)
    for name in _ON_PATH[kind]:
        if found := shutil.which(name):
            yield Path(found)
    if kind == "webkit":  # Debian keeps it beside its library
        yield from sorted(_LIBRARIES.glob("*/webkit2gtk-4.*/MiniBrowser"), reverse=True)
    if sys.platform == "darwin":
        for name in _APPLICATIONS[kind]:
            program = "firefox" if kind == "firefox" else name
            yield Path("/Applications", f"{name}.app", "Contents", "MacOS", program)
    if sys.platform == "win32":
        for folder in map(os.environ.get, ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")):
            if folder and kind == "chromium":
                yield Path(folder, "Google", "Chrome", "Application", "chrome.exe")
                yield Path(folder, "Microsoft", "Edge", "Application", "msedge.exe")
            if folder and kind == "firefox":
                yield Path(folder, "Mozilla Firefox", "firefox.exe")


def playwright_folder() -> Path:
    """Where Playwright keeps its browsers."""
    if (given := os.environ.get("PLAYWRIGHT_BROWSERS_PATH", "0")) != "0":
        return Path(given)
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "ms-playwright"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", "."), "ms-playwright")
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache", "ms-playwright")


def _number(path: Path) -> int:
    """Of Playwright's build, which is in its folder's name."""
    return max((int(each) for each in re.findall(r"-(\d+)", str(path))), default=0)


def _kind(name: str) -> Kind:
    """What a program is, by its name; Chromium unless it says something else."""
    if re.search("firefox|nightly", name, re.IGNORECASE):
        return "firefox"
    return "webkit" if re.search("minibrowser|webkit", name, re.IGNORECASE) else "chromium"
