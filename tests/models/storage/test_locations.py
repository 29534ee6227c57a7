"""What a user keeps lies in the checkout, or outside of what an installer replaces."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from models.storage import locations


def test_a_checkout_keeps_everything_in_itself():
    assert not locations.is_installed()
    places = (locations.added(), locations.converter(), locations.built())
    assert all(place.is_relative_to(locations.ROOT) for place in places)
    assert locations.added() == locations.ROOT / "models" / "added"


def test_an_installed_wheel_keeps_nothing_in_its_own_folder(tmp_path: Path):
    package = tmp_path / "digit_parity"
    (package / "models" / "storage").mkdir(parents=True)
    (package / "__init__.py").touch()
    for name in ("__init__.py", "storage/__init__.py", "storage/locations.py"):
        source = locations.ROOT / "models" / name
        (package / "models" / name).write_bytes(source.read_bytes())
    script = (
        "from models.storage import locations as at\n"
        "print(at.added(), at.converter(), at.built(), sep='\\n')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=package, capture_output=True, text=True, check=True
    )
    places = [Path(line) for line in done.stdout.splitlines()]
    assert len(set(places)) == 3
    assert not any(place.is_relative_to(tmp_path) for place in places)
    assert all("digit-parity" in place.parts for place in places)
