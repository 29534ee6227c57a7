"""What is said where the bundle is missing."""

from __future__ import annotations

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
