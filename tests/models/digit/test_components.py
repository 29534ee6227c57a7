"""Components of a mask, all at once."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import ndimage

from models.digit import components, framing


@pytest.mark.parametrize("share", [0.0, 0.01, 0.2, 0.5, 1.0])
@pytest.mark.parametrize("shape", [(40, 60), (1, 9), (9, 1)])
def test_numbers_sizes_and_boxes_are_those_that_scipy_finds(share, shape):
    mask = np.random.default_rng(3).random(shape) < share
    parts, count = ndimage.label(mask, np.ones((3, 3)))
    found = components.of(mask)
    np.testing.assert_array_equal(found.parts, parts)
    assert found.sizes.tolist() == np.bincount(parts.reshape(-1), minlength=count + 1)[1:].tolist()
    for index, place in enumerate(ndimage.find_objects(parts)):
        assert found.low[index].tolist() == [each.start for each in place]
        assert found.high[index].tolist() == [each.stop for each in place]
    assert len(found) == count


def test_no_object_is_made_for_a_component(monkeypatch):
    """There may be more than a million: each object would take time and memory."""
    monkeypatch.setattr(ndimage, "find_objects", lambda *_: pytest.fail("an object for each"))
    strength = np.zeros((300, 300), np.float32)
    strength[::4, ::4] = 1
    assert framing.frame(strength).any()
