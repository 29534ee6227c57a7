"""The browser's lanes and the server's have the same error messages."""

from __future__ import annotations

import re

import numpy as np
import pytest

from app.frontend.module_tree import SOURCE
from models.errors import ModelError
from models.runtimes import probabilities


def test_non_finite_values_have_the_same_message_in_both() -> None:
    with pytest.raises(ModelError) as raised:
        probabilities.check(np.full((1, 10), np.nan, np.float32))
    script = SOURCE.modules["draw/lanes/predict.js"].decode()
    assert str(raised.value) in re.sub(r"""['"]\s*\+\s*['"]""", "", script)
