"""The list of what TensorFlow.js registers is that of the installed package."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from models.parity.known_limits import tfjs_classes
from models.tfjs import bundle

PACKAGE = Path(bundle.__file__).parent
SCRIPT = """
const {serialization} = require('@tensorflow/tfjs-core');
const {layers} = require('@tensorflow/tfjs-layers');
const found = {layers: [], others: []};
for (const [name, [kind]] of Object.entries(serialization.SerializationMap.getMap().classNameMap)) {
  found[kind.prototype instanceof layers.Layer ? 'layers' : 'others'].push(name);
}
console.log(JSON.stringify(found));
"""


@pytest.fixture(scope="module")
def registered() -> dict[str, list[str]]:
    """What the package registers, by the names in JavaScript."""
    if not (PACKAGE / "node_modules" / "@tensorflow" / "tfjs-layers").is_dir():
        pytest.skip("`make install` bundles it")
    command = [str(bundle.node()), "-e", SCRIPT]
    done = subprocess.run(command, cwd=PACKAGE, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout))


def test_the_layers_are_those_that_the_package_registers(registered):
    assert set(registered["layers"]) == tfjs_classes.LAYERS


def test_each_activation_is_found_under_the_name_that_the_package_makes_of_it(registered):
    def in_javascript(name: str) -> str:
        return re.sub(r"_+(\w)", lambda letter: letter[1].upper(), name)

    functions = {name for name in registered["others"] if name[0].islower()}
    found = {in_javascript(name): name for name in tfjs_classes.ACTIVATIONS}
    assert found.keys() == functions - {"gelu_new"}


def test_what_is_for_training_is_among_the_others_that_it_registers(registered):
    assert set(registered["others"]) >= tfjs_classes.TRAINING
    assert not {"L2", "LecunNormal"} & set(registered["others"])
