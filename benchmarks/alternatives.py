"""``python -m benchmarks.alternatives``: TensorFlow.js beside LiteRT.js and ONNX Runtime Web.

The shipped model, and a MobileNetV2 for pictures of 224×224 in colour, whose weights are random and
always the same, each converted for every runtime from one original. All lanes take turns in one
Chromium, on one thread and by one clock: from values in memory to values in memory. Every answer is
judged by the rounding bound, and what a page loads is counted as it is and compressed by Brotli.
WebGPU that the processor draws is judged once, and has no times.

`digit-parity setup alternatives` fetches the peers. ``--write`` keeps what was measured where the
Benchmark page and docs/alternatives.md have it from.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
from pathlib import Path

import numpy as np

from models.convert.intake import files
from models.dataset import sample_inputs
from models.formats import manifest as manifests
from models.formats import store
from models.formats.wanted import Wanted
from models.runtimes.browser import program
from models.runtimes.process.log_filter import quiet
from models.tfjs.alternatives import packages
from models.verify import without_adding
from models.verify.alternatives import judging, text
from models.verify.alternatives.judging import Alternatives
from models.verify.alternatives.running import RUNTIMES
from tests.support.servers import ROOT

KEPT = ROOT / "app" / "benchmark" / "results" / "alternatives" / "measured.json"
DOCUMENT = ROOT / "docs" / "alternatives.md"


def mobile_net(path: Path) -> None:
    """Save a MobileNetV2 with random weights, as small as Keras has it: 1.7 million.

    Its normalisations are set to what a batch of pictures needs. As Keras makes them, all that
    comes out is 0.001 for each of 1,000 classes, on which no two runtimes could differ.
    """
    import tf_keras

    tf_keras.utils.set_random_seed(29)
    size = {"input_shape": (224, 224, 3), "alpha": 0.35}
    model = tf_keras.applications.MobileNetV2(weights=None, **size)
    for layer in model.layers:
        if isinstance(layer, tf_keras.layers.BatchNormalization):
            layer.momentum = 0.0
    pictures = np.random.default_rng(29).uniform(-1, 1, (8, 7, 7, 3)).astype(np.float32)
    large = pictures.repeat(32, axis=1).repeat(32, axis=2)
    model(large, training=True)
    answers = model(large, training=False).numpy()
    if np.ptp(answers, axis=0).max() < 1e-3:
        raise AssertionError("All pictures have the same answer: nothing could be compared.")
    model.save(path, include_optimizer=False)


def measured(folder: Path, rounds: int) -> Alternatives:
    """Every lane of the model in ``folder``."""
    on = sample_inputs.find(manifests.read(folder), folder, None)
    with tempfile.TemporaryDirectory() as out:
        return judging.measure(
            folder, on.samples, Path(out), program.find(), list(RUNTIMES), rounds=rounds
        )


def large(rounds: int) -> Alternatives:
    """The same of the model for pictures of 224×224."""
    with tempfile.TemporaryDirectory() as temporary:
        path = Path(temporary) / "mobilenet_v2.h5"
        mobile_net(path)
        with (
            files.given(path) as given,
            without_adding.folder_of(given, Wanted(range=(-1.0, 1.0))) as (folder, _),
        ):
            return measured(folder, rounds)


def shipped(rounds: int) -> Alternatives:
    """The same of the model that ships."""
    return measured(store.SHIPPED, rounds)


MODELS = {
    "shipped": ("The shipped model, 28×28×1", shipped),
    "large": ("MobileNetV2, 224×224×3", large),
}


def main() -> int:
    """Measure, print, and keep where that is asked for."""
    parser = argparse.ArgumentParser("python -m benchmarks.alternatives", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--only", choices=list(MODELS), help="and keep what is kept of the others")
    options = parser.parse_args()
    if why := packages.missing():
        print(why, file=sys.stderr)
        return 1
    quiet()
    versions = packages.about()["packages"]
    named = ", ".join(f"{name} {version}" for name, version in versions.items())
    known = json.loads(KEPT.read_text("utf-8"))["models"] if options.only else []
    models = {each["title"]: each for each in known}
    for name in [options.only] if options.only else MODELS:
        title, measure = MODELS[name]
        models[title] = text.kept(title, measure(options.rounds))
    kept = {
        "machine": f"{os.cpu_count()} processors, {platform.system()}, Chromium, {named}",
        "models": [models[title] for title, _ in MODELS.values()],
    }
    print(text.markdown(kept))
    if options.write:
        KEPT.write_text(f"{json.dumps(kept, indent=2, ensure_ascii=False)}\n", "utf-8")
        before, _, rest = DOCUMENT.read_text("utf-8").partition(text.BEGIN)
        after = rest.partition(text.END)[2]
        document = f"{before}{text.BEGIN}{text.markdown(kept)}{text.END}{after}"
        DOCUMENT.write_text(document, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
