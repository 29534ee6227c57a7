"""Writes the report, or says why there is none."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from models.bisect.bug_report import making, page
from models.bisect.search import Search
from models.errors import ModelError
from models.tfjs import report_bundle
from models.tfjs.failures import BundleError

if TYPE_CHECKING:
    from models.runtimes.browser.program import Program

_LOG = logging.getLogger(__name__)


def write(folder: Path, result: Search, target: Path, browser: Program | None = None) -> str:
    """Write what was found of the model in ``folder`` to ``target``. Returns a sentence on that.
    TensorFlow.js runs in ``browser``, in Node without one.

    There is no file without a fault that can be shown, where TensorFlow.js cannot be bundled, and
    where the file cannot be written: what was found is worth as much without it.
    """
    try:
        if result.few is None:
            raise ModelError("No lane could be looked into.")
        _LOG.info("What fails by itself")
        found = making.find(folder, result.few, result, browser)
        text = page.write(found, report_bundle.read())
        target.write_text(text, "utf-8")
    except (ModelError, BundleError) as error:
        return f"No report was written: {error}"
    except OSError as error:
        return f"No report was written: {target}: {error.strerror}."
    return (
        f"{target} shows it by itself ({len(text.encode()) / 1e3:,.0f} kB): open it in a browser."
    )
