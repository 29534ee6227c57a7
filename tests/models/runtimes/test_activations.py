"""A lane that cannot be looked into says why. What lanes give is in the tests of ``bisect``."""

from __future__ import annotations

import sys

import pytest

from models.errors import ModelError
from models.formats.store import SHIPPED
from models.lanes import FORMATS
from models.runtimes import activations


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("missing", ["tensorflow", "tf_keras"])
def test_a_server_without_tensorflow_says_so(form, missing, monkeypatch):
    monkeypatch.setitem(sys.modules, missing, None)
    sentence = f"^The package {missing} is not installed here, so nothing can run on TensorFlow.$"
    with pytest.raises(ModelError, match=sentence):
        activations.load(SHIPPED, form)
