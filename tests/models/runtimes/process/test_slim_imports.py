"""TensorFlow's process works without the imports that it skips, and skips them."""

from __future__ import annotations

import json
import subprocess
import sys

import numpy as np
import pytest

from models.formats import store
from models.lanes import FORMATS, WEIGHTS
from models.runtimes import tensorflow

SCRIPT = """
import json, sys
from models.formats import store
from models.runtimes import litert, tensorflow
from models.runtimes.process import slim_imports
import numpy as np
slim_imports.begin()
folder = store.folder(store.DEFAULT)
digits = np.random.default_rng(3).random((4, 28, 28), np.float32)
lanes = {
    f"{form} {weights}": tensorflow.load(folder, form, weights)
    for form in ("keras", "graph", "layers")
    for weights in ("float32", "float16", "uint8")
    if form != "keras" or weights == "float32"
}
there = [name for name, module in sys.modules.items() if module is not None]
lanes["litert"] = litert.load(folder)
answers = {name: lane.predict(digits).tolist() for name, lane in lanes.items()}
print(json.dumps({"answers": answers, "modules": there}))
"""


@pytest.fixture(scope="module")
def result() -> dict:
    done = subprocess.run([sys.executable, "-c", SCRIPT], stdout=subprocess.PIPE, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def test_every_lane_answers_as_with_all_imports(result):
    digits = np.random.default_rng(3).random((4, 28, 28), np.float32)
    folder = store.folder(store.DEFAULT)
    for form in FORMATS:
        for weights in WEIGHTS if form != "keras" else WEIGHTS[:1]:
            expected = tensorflow.load(folder, form, weights).predict(digits)
            answers = result["answers"][f"{form} {weights}"]
            np.testing.assert_allclose(answers, expected, atol=1e-6)
    np.testing.assert_allclose(
        result["answers"]["litert"], result["answers"]["keras float32"], atol=1e-5
    )


@pytest.mark.parametrize("name", ["jax", "pandas", "keras", "tensorflowjs", "pyarrow"])
def test_it_is_left_out(result, name):
    assert name not in result["modules"]
    assert "tf_keras" in result["modules"]
