"""Trains the networks of the proofs, for seconds each, and converts them."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import Any

import numpy as np

from models.convert import runs
from models.dataset import Dataset, Options, read_path
from models.formats import manifest as manifests
from models.formats.manifest import Manifest
from models.formats.model_input import Input
from tests.proof.networks import NETWORKS, Network

EXAMPLES = 4_000
EPOCHS = 2
BATCH = 32
FILE = "model.h5"
CLASSES = tuple("0123456789")


def digits(data: Path, count: int) -> Dataset:
    """The first ``count`` test digits of ``data``, all where it has fewer."""
    read = read_path(data)
    return read.take(np.arange(count)) if count < len(read) else read


def folder(name: str, data: Path, keep: Path) -> Path:
    """The folder in ``keep`` of a trained network in all three formats, made where it is missing.

    ``data`` is an .npz as Keras's mnist.npz, whose training digits are taken. Nothing half made is
    left behind.
    """
    made = keep / f"network-{list(NETWORKS).index(name):02}"
    if (made / manifests.NAME).is_file():
        return made
    made.mkdir(parents=True, exist_ok=True)
    logging.getLogger(__name__).info("%s is trained", name)
    network = NETWORKS[name]
    trained(network, read_path(data, Options(split="train"))).save(made / FILE)
    for each in runs.CONVERSIONS[:2]:
        if not (made / each.folder / "model.json").is_file():
            runs.run_loadable(each, made / FILE, made)
    lanes = {each.form: f"{each.folder}/model.json" for each in runs.CONVERSIONS[:2]}
    manifest = Manifest(
        made.name, name, CLASSES, {"keras": FILE, **lanes}, {}, Input(scale=(network.scale,))
    )
    manifests.write(manifest, made)
    return made


def trained(network: Network, examples: Dataset) -> Any:
    """The network, trained for seconds: every run the same on one machine."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import tf_keras

    tf_keras.backend.clear_session()  # so that layers are numbered the same, whatever came before
    tf_keras.utils.set_random_seed(25)
    few = examples.take(np.arange(min(EXAMPLES, len(examples))))
    pixels = few.pixels()[..., None] * np.float32(network.scale)
    labels = few.labels
    wanted = labels if network.loss.startswith("sparse") else np.eye(10, dtype="float32")[labels]
    model = tf_keras.Sequential(
        [tf_keras.layers.Input((28, 28, 1)), *network.layers(tf_keras.layers)]
    )
    model.compile("adam", network.loss)
    model.fit(pixels, wanted, epochs=EPOCHS, batch_size=BATCH, verbose=0)
    last = next(each for each in reversed(model.layers) if each.weights)
    last.set_weights([each * np.float32(network.sharpened) for each in last.get_weights()])
    return model
