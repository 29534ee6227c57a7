"""How each browser is started: without a window, with an empty profile, on one address."""

from __future__ import annotations

from html import escape
from pathlib import Path

from models.runtimes.browser.program import Program
from models.runtimes.process import os_calls

_CHROMIUM = (
    "--headless=new",
    *("--no-first-run", "--no-default-browser-check", "--disable-sync", "--disable-extensions"),
    *("--disable-background-networking", "--disable-component-update", "--disable-breakpad"),
    *("--password-store=basic", "--use-mock-keychain", "--mute-audio"),
    "--disable-dev-shm-usage",  # in a container it has 64 MB, and the page ends without a word
    # A page that nobody sees is slowed down otherwise.
    *("--disable-background-timer-throttling", "--disable-renderer-backgrounding"),
    "--disable-backgrounding-occluded-windows",
    # A graphics card that is there is used; without one WebGL and WebGPU are drawn in software.
    *("--enable-unsafe-swiftshader", "--enable-unsafe-webgpu"),
)
_FIREFOX = ("--headless", "--no-remote", "--new-instance")
_PREFERENCES: dict[str, bool | int | str] = {
    "app.update.enabled": False,
    "app.normandy.enabled": False,
    "browser.aboutwelcome.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.homepage_override.mstone": "ignore",
    "browser.startup.page": 0,
    "datareporting.policy.dataSubmissionEnabled": False,
    "dom.min_background_timeout_value": 4,
    "dom.webgpu.enabled": True,
    "extensions.getAddons.cache.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "toolkit.telemetry.reportingpolicy.firstRun": False,
    "webgl.force-enabled": True,
}


_OPENING = """<!doctype html>
<meta charset="utf-8">
<meta name="referrer" content="no-referrer">
<meta http-equiv="refresh" content="0; url={}">
"""


def opening(program: Program, address: str, folder: Path) -> str:
    """The address of a file in ``folder``, which others may not read, that leads to ``address``:
    command lines are seen by every user of a machine.
    """
    if program.path.parts[:2] == ("/", "snap"):
        return address  # it sees no temporary files of others
    file = folder / "opening.html"
    file.write_text(_OPENING.format(escape(address)), "utf-8")
    return file.as_uri()


def command(program: Program, address: str, profile: Path) -> list[str]:
    """The command line that opens ``address``. Writes what is to be set into ``profile``, an empty
    folder.
    """
    if program.kind == "chromium":
        # Its sandbox refuses to work for root, who is alone in most containers.
        alone = ("--no-sandbox",) if os_calls.is_root() else ()
        return [str(program.path), *_CHROMIUM, *alone, f"--user-data-dir={profile}", address]
    if program.kind == "firefox":
        text = "".join(
            f'user_pref("{name}", {_literal(value)});\n' for name, value in _PREFERENCES.items()
        )
        (profile / "user.js").write_text(text, "utf-8")
        return [str(program.path), *_FIREFOX, "--profile", str(profile), address]
    return [str(program.path), address]


def environment(program: Program, profile: Path) -> dict[str, str]:
    """Variables for the browser, beside those of this process."""
    if program.kind != "webkit":
        return {}
    places = ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME")
    # As above; and without a graphics card it shows nothing otherwise.
    alone = {"WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1"} if os_calls.is_root() else {}
    return dict.fromkeys(places, str(profile)) | alone | {"WEBKIT_DISABLE_DMABUF_RENDERER": "1"}


def _literal(value: bool | int | str) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else str(value)
