from __future__ import annotations

from dataclasses import replace

from app.draw.results import explanation
from models.formats import store

MANIFEST = store.manifest("mnist")


def test_the_panel_says_what_rounding_explains_and_how_large_the_files_are() -> None:
    text = explanation.text(MANIFEST)
    assert "explains up to **2.3e\N{NON-BREAKING HYPHEN}5** for this model: 30 times as far" in text
    assert "shares of a digit's largest logit" in text
    assert f"({MANIFEST.size('layers') / 1000:,.0f} kB here)" in text


def test_a_model_without_a_bound_is_said_to_have_a_fixed_tolerance() -> None:
    text = explanation.text(replace(MANIFEST, rounding=None))
    assert "The fixed **tolerance** is 1e\N{NON-BREAKING HYPHEN}5" in text
    assert "adding it anew" in text and "30 times" not in text


def test_a_model_of_one_format_has_its_panel() -> None:
    alone = replace(MANIFEST, lanes={"keras": "m.h5", "layers": MANIFEST.lanes["layers"]})
    assert "(not made)" in explanation.text(alone)
