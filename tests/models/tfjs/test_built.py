"""What is known of the bundle, and what is said where it is missing."""

from __future__ import annotations

import json
import re

import pytest

from models.storage import locations
from models.tfjs import built


@pytest.mark.parametrize(
    ("installed", "says"),
    [
        (False, "`python -m models.tfjs` in the checkout makes it."),
        (True, "The package digit-parity brings it: install the package again."),
    ],
)
def test_a_missing_bundle_is_made_in_a_checkout_and_comes_with_a_wheel(
    installed: bool, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locations, "is_installed", lambda: installed)
    assert built.remedy() == says


def test_what_is_imported_first_are_the_entry_and_all_that_it_and_wasm_import() -> None:
    about = built.about()
    assert about is not None
    first = about["first"]
    assert first[0] == about["entry"] and len(set(first)) == len(first)
    assert any(name.startswith("wasm-") for name in first)
    assert not any(name.startswith(("webgl-", "webgpu-", "cpu-")) for name in first)
    for name in first:
        script = (built.DIST / name).read_text("utf-8")
        assert set(re.findall(r'(?:from|import)"\./([^"]+)"', script)) <= set(first)
    assert built.first() == [f"tfjs/{about['version']}/{name}" for name in first]


def test_without_a_bundle_nothing_is_imported_first(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(built, "DIST", tmp_path)
    assert built.first() == []


def test_a_bundle_that_says_not_what_is_first_is_known_by_its_entry(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(built, "DIST", tmp_path)
    (tmp_path / "version.json").write_text(json.dumps({"version": "v", "entry": "main.js"}))
    assert built.entry() == "tfjs/v/main.js"
    assert built.first() == []
