"""One visitor's benchmark: the server's lanes first, then the browser's, then one report.

They take turns because server and browser may be the same machine.
"""

from __future__ import annotations

import importlib.metadata
import os
import platform
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from app.benchmark.expected import Asked
from app.benchmark.report import Report
from app.benchmark.server_lanes import ServerRun
from app.session import shared
from models.digit.digit import Digit
from models.formats import store
from models.lanes import Backend, Lane

QUICK_SECONDS = 10.0  # of a quick run: the server's, loading in the browser, and the browser's


@dataclass
class Benchmark:
    """What to measure, and what has been measured so far.

    ``asked`` has the reference's answers, which all others are compared with. ``seconds`` is what
    a quick run may take in the browser, None for a full one.
    """

    model: str
    model_version: str
    digit: Digit
    backends: tuple[Backend, ...]
    server: ServerRun | None
    asked: Asked
    seconds: float | None = None
    browser: Report | None = None
    problem: str | None = None
    cancelled: bool = False
    token: str = field(default_factory=lambda: secrets.token_urlsafe(12))

    @property
    def server_done(self) -> bool:
        """Whether the server has finished, and the reference answered: the browser may start."""
        return self.asked.done and (self.server is None or self.server.finished)

    @property
    def in_browser(self) -> bool:
        """Whether the browser should be measuring now."""
        return bool(self.backends) and self.server_done and not self.finished

    @property
    def finished(self) -> bool:
        """Whether the benchmark has ended."""
        browser_done = not self.backends or self.browser is not None or self.problem is not None
        return self.cancelled or (self.server_done and browser_done)

    def cancel(self) -> None:
        """Stop; what was measured is kept."""
        self.cancelled = True
        if self.server is not None:
            self.server.cancel()

    def report(self) -> Report:
        """Everything measured so far, the server's lanes first."""
        report = self.browser or Report(self.model, self.model_version)
        report = replace(report, cancelled=self.cancelled, quick=self.seconds is not None)
        if self.server is None:
            return report
        return replace(
            report,
            lanes=(*self.server.lanes(), *report.lanes),
            environment={**report.environment, **server_environment()},
        )


def begin(
    model: str,
    digit: Digit,
    backends: Sequence[Backend],
    server_lanes: Sequence[Lane],
    *,
    quick: bool = False,
) -> Benchmark:
    """Start measuring ``digit``, for ``QUICK_SECONDS`` if ``quick``, which server and browser
    share. Raises ModelError if there is no such model.
    """
    worker, folder = shared.tensorflow(), store.folder(model)
    asked = Asked(worker, folder, digit)
    sides = bool(server_lanes) + bool(backends)
    seconds = QUICK_SECONDS / max(1, sides) if quick else None
    server = None
    if server_lanes:
        server = ServerRun(worker, folder, server_lanes, digit, asked, seconds=seconds)
        server.start()
    return Benchmark(model, store.version(model), digit, tuple(backends), server, asked, seconds)


def server_environment() -> dict[str, str]:
    """What a report says about the server, and no more than a visitor may know."""
    return {
        "server's processors": str(os.cpu_count() or "unknown"),
        "server's Python": platform.python_version(),
        "server's TensorFlow": importlib.metadata.version("tensorflow"),
    }
