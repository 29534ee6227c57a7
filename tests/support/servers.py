"""Start the real server, as `make run` does, on a free port of this machine."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.support.waiting import until

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 60


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def serving(
    *options: str,
    log: Path,
    prefix: str = "",
    port: int | None = None,
    command: Sequence[str] = (sys.executable, "-m", "streamlit", "run"),
    cwd: Path = ROOT,
    inherited: Mapping[str, str] = os.environ,
    **environment: str,
) -> Iterator[str]:
    """Run the server with further `streamlit run` options; yields its URL, without a slash."""
    port = port or free_port()
    command = [*command, "--server.headless=true", f"--server.port={port}"]
    command += ["--server.address=127.0.0.1", *options]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=cwd, env={**inherited, **environment}, stdout=output, stderr=output
        )
        url = f"http://127.0.0.1:{port}{prefix}"
        try:
            _wait(f"{url}/_stcore/health", process, log)
            yield url
        finally:
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    def failed() -> str:
        return f"The server did not start:\n{log.read_text('utf-8', 'replace')}"

    def answers() -> bool:
        assert process.poll() is None, failed()
        try:
            with urllib.request.urlopen(url, timeout=5) as response:
                return bool(response.status == 200)
        except OSError:
            return False

    until(answers, failed, START_SECONDS)
