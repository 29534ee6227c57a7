"""What a visitor is told while files are read."""

from __future__ import annotations

import pytest

from app.upload.progress import reading


@pytest.mark.parametrize(
    ("count", "before", "text"),
    [
        (0, 0, "0 images read"),
        (1_234, 0, "1,234 images read"),
        (0, 1, "1 set before yours"),
        (0, 2, "2 sets before yours"),
        (1_234, 2, "1,234 images read; 2 sets before yours"),
    ],
)
def test_a_visitor_sees_how_far_it_is_and_how_many_sets_come_first(count, before, text):
    assert reading.progress(count, before) == text
