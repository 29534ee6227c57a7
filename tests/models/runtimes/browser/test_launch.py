"""A browser is started with an empty profile, and with its sandbox unless it is root's."""

from pathlib import Path

import pytest

from models.runtimes.browser import launch
from models.runtimes.browser.program import Program

ADDRESS = "http://127.0.0.1:1/secret/"


@pytest.mark.parametrize("root", [True, False])
def test_chromium_has_its_sandbox_unless_it_is_roots(root, monkeypatch, tmp_path):
    monkeypatch.setattr(launch.os_calls, "is_root", lambda: root)
    command = launch.command(Program("chromium", Path("chrome")), ADDRESS, tmp_path)
    assert (command[0], command[-1]) == ("chrome", ADDRESS)
    assert ("--no-sandbox" in command) == root
    assert f"--user-data-dir={tmp_path}" in command
    assert launch.environment(Program("chromium", Path("chrome")), tmp_path) == {}


def test_firefox_has_its_settings_in_its_profile(tmp_path):
    command = launch.command(Program("firefox", Path("firefox")), ADDRESS, tmp_path)
    assert command[command.index("--profile") + 1] == str(tmp_path)
    assert "--headless" in command
    written = (tmp_path / "user.js").read_text("utf-8").splitlines()
    assert 'user_pref("webgl.force-enabled", true);' in written
    assert 'user_pref("browser.startup.page", 0);' in written
    assert 'user_pref("browser.startup.homepage_override.mstone", "ignore");' in written


@pytest.mark.parametrize("root", [True, False])
def test_webkit_keeps_nothing_outside_its_profile(root, monkeypatch, tmp_path):
    monkeypatch.setattr(launch.os_calls, "is_root", lambda: root)
    program = Program("webkit", Path("MiniBrowser"))
    assert launch.command(program, ADDRESS, tmp_path) == ["MiniBrowser", ADDRESS]
    variables = launch.environment(program, tmp_path)
    assert {variables[f"XDG_{kind}_HOME"] for kind in ("CACHE", "CONFIG", "DATA")} == {
        str(tmp_path)
    }
    assert any("SANDBOX" in name for name in variables) == root


def test_a_snap_gets_the_address_itself(tmp_path):
    program = Program("chromium", Path("/snap/bin/chromium"))
    assert launch.opening(program, ADDRESS, tmp_path) == ADDRESS


def test_an_address_is_written_as_html(tmp_path):
    file = launch.opening(Program("firefox", Path("firefox")), f'{ADDRESS}?a="&b', tmp_path)
    assert "?a=&quot;&amp;b" in (tmp_path / "opening.html").read_text("utf-8")
    assert file == (tmp_path / "opening.html").as_uri()
