"""A page that fails tells its visitor a sentence, without a path or a search engine's link."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from app.startup import script_errors
from models.errors import ModelError


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (
            ModelError("/srv/models/x/manifest.json cannot be read."),
            "manifest.json cannot be read.",
        ),
        (KeyError("/srv/secret"), script_errors.UNEXPECTED),
    ],
)
def test_the_visitor_reads_a_sentence(error: Exception, told: str) -> None:
    def script(error: Exception) -> None:
        from app.startup import script_errors

        assert script_errors.show(error)

    test = AppTest.from_function(script, args=(error,)).run()
    assert [each.value for each in test.error] == [told]
