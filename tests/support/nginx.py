"""Find nginx, or install Debian's where this is root: ``python -m tests.support.nginx``."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.support.waiting import until

CONFIGURATION = Path(__file__).resolve().parents[2] / "deploy" / "nginx.conf"


_PLACES = (os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin")


def find() -> str | None:
    """The path of nginx; on Debian only root's PATH contains it."""
    return shutil.which("nginx", path=os.pathsep.join(_PLACES))


def install() -> None:
    """Debian's nginx, without starting it as a service."""
    no_service = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "nginx-light"]
    for command in (["apt-get", "update", "-qq"], install):
        subprocess.run(command, check=True, env=no_service, timeout=300)


def configuration(replicas: Sequence[str], port: int, folder: Path) -> list[str]:
    """The command that runs the shipped configuration in front of these ``host:port`` replicas."""
    text = CONFIGURATION.read_text("utf-8")
    for name, replica in zip(("app-1:8501", "app-2:8501"), replicas, strict=True):
        text = _replace(text, name, replica)
    text = _replace(text, "listen 8080", f"listen 127.0.0.1:{port}")
    text = _replace(text, "/tmp/nginx.pid", str(folder / "nginx.pid"))
    text = re.sub(r"^http \{", f"http {{\n{_temporary(folder)}", text, flags=re.MULTILINE)
    path = folder / "nginx.conf"
    path.write_text(text, "utf-8")
    return [str(find()), "-p", str(folder), "-c", str(path), "-g", "daemon off;"]


@contextmanager
def balancing(replicas: Sequence[str], port: int, folder: Path) -> Iterator[str]:
    """Run nginx in front of the replicas; yields its URL."""
    command = configuration(replicas, port, folder)
    with (folder / "nginx.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    url = f"http://127.0.0.1:{port}"
    try:
        _wait(f"{url}/_stcore/health", process, folder / "nginx.log")
        yield url
    finally:
        process.terminate()
        process.wait(15)


def _temporary(folder: Path) -> str:
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    return "".join(f"    {kind}_temp_path {folder}/{kind};\n" for kind in kinds)


def _replace(text: str, old: str, new: str) -> str:
    assert text.count(old) == 1, f"deploy/nginx.conf has no single {old!r}"
    return text.replace(old, new)


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    def failed() -> str:
        return f"nginx does not answer:\n{log.read_text('utf-8', 'replace')}"

    def answers() -> bool:
        assert process.poll() is None, failed()
        try:
            with urllib.request.urlopen(url, timeout=5):
                return True
        except OSError:
            return False

    until(answers, failed)


def main() -> int:
    """Install nginx where it is missing and can be; its test is skipped without."""
    if find() is None and shutil.which("apt-get") and os.geteuid() == 0:
        install()
    print(f"nginx: {find() or 'not found; the test with two replicas will be skipped'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
