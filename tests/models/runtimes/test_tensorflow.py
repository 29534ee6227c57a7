"""A lane of TensorFlow says in a sentence why it cannot be loaded."""

from __future__ import annotations

import sys

import pytest

from models.errors import ModelError
from models.formats.store import SHIPPED
from models.lanes import FORMATS
from models.runtimes import tensorflow


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("missing", ["tensorflow", "tf_keras"])
def test_a_server_without_tensorflow_says_so(form, missing, monkeypatch):
    monkeypatch.setitem(sys.modules, missing, None)
    sentence = f"^The package {missing} is not installed here, so nothing can run on TensorFlow.$"
    with pytest.raises(ModelError, match=sentence):
        tensorflow.load(SHIPPED, form)
