"""A lane that cannot be looked into says why. What lanes give is in the tests of ``bisect``."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from models.errors import ModelError
from models.formats.store import SHIPPED
from models.lanes import FORMATS, Lane
from models.runtimes import activations
from models.runtimes.activations import Tracer


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("missing", ["tensorflow", "tf_keras"])
def test_a_server_without_tensorflow_says_so(form, missing, monkeypatch):
    monkeypatch.setitem(sys.modules, missing, None)
    sentence = f"^The package {missing} is not installed here, so nothing can run on TensorFlow.$"
    with pytest.raises(ModelError, match=sentence):
        activations.load(SHIPPED, form)


def test_a_fixed_batch_is_filled_up_and_cut():
    seen = []

    def network(batch):
        seen.append(len(batch[0]))
        return {"double": 2 * batch[0], "count": np.float32([len(batch[0])])}

    def apart(batch, given, feeds):
        return {"double": given["x"] + batch[0]}

    tracer = Tracer(Lane("graph", "tensorflow"), network, apart, batch=4)
    inputs = np.arange(3, dtype=np.float32)[:, None]
    outputs = tracer.trace((inputs,)).outputs
    assert seen == [4] and list(outputs) == ["double"]
    np.testing.assert_array_equal(outputs["double"], 2 * inputs)
    own = tracer.own((inputs,), {"x": inputs}, {"double": ("x",)})
    np.testing.assert_array_equal(own.outputs["double"], 2 * inputs)
