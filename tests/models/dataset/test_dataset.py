from __future__ import annotations

import numpy as np

from models.dataset import Dataset


def test_the_first_pictures_are_looked_at_where_they_lie():
    stored = np.arange(5 * 4, dtype=np.uint8).reshape(5, 2, 2)
    labels = np.arange(5, dtype=np.int32)
    data = Dataset(tuple("abcde"), stored, labels, np.zeros(5, bool), labels=labels)
    found = data.first(3)
    assert found.names == ("a", "b", "c") and len(found) == 3
    assert np.shares_memory(found.stored, stored)
    assert found.labels.tolist() == found.stored_labels.tolist() == [0, 1, 2]
    assert len(data.first(9)) == 5
