"""The browser's lanes say what went wrong as the server's do."""

from __future__ import annotations

import re

import numpy as np
import pytest

from app.frontend.module_tree import APP
from models.errors import ModelError
from models.runtimes import probabilities


def test_values_that_are_no_numbers_are_said_in_the_same_sentence() -> None:
    with pytest.raises(ModelError) as raised:
        probabilities.check(np.full((1, 10), np.nan, np.float32))
    script = APP.modules["draw/lanes/predict.js"].decode()
    assert str(raised.value) in re.sub(r"""['"]\s*\+\s*['"]""", "", script)
