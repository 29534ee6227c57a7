"""Export a trained network: fold its temperature, save the model and its record."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from models.errors import InputError
from models.formats import strict_json
from models.lanes import Pixels, Probabilities
from models.storage import plain_files
from models.train import batches
from models.train.calibration import best_temperature, calibration_error

MODEL = "mnist_model.h5"


def predict(model: Any, pictures: Any, batch: int = 500) -> Probabilities:
    """(n, 28, 28) bytes or pixels in [0, 1] → (n, 10) probabilities."""
    scale = 255 if pictures.dtype == np.uint8 else 1
    pixels: Pixels = (pictures / np.float32(scale)).astype(np.float32)[..., None]
    parts = [model(pixels[at : at + batch]).numpy() for at in range(0, len(pixels), batch)]
    return np.concatenate(parts)


def fold_temperature(model: Any, pictures: Any, labels: Any) -> float:
    """Divide the last layer by the temperature that suits the validation split best; return it."""
    temperature = best_temperature(predict(model, pictures), labels)
    last = model.layers[-1]
    last.set_weights([weights / temperature for weights in last.get_weights()])
    return temperature


def finish(model: Any, record: dict[str, Any], data: batches.Mnist, out: Path) -> dict[str, Any]:
    """Fold the temperature, save ``out/mnist_model.h5`` and ``out/training.json``.

    Returns what ``training.json`` holds. The test set is read here, once.
    """
    temperature = fold_temperature(model, *data.validation)
    model.save(out / MODEL, include_optimizer=False)
    answers = predict(model, data.test[0])
    right = float((answers.argmax(axis=1) == data.test[1]).mean())
    error = calibration_error(answers, data.test[1])
    full_record = {
        "title": "MNIST digits",
        **record,
        "parameters": model.count_params(),
        "temperature": temperature,
        "accuracy": {"MNIST test": {"keras": right}},
        "calibration_error": {"MNIST test": error},
    }
    text = json.dumps(full_record, indent=2) + "\n"
    (out / "training.json").write_text(text, "utf-8", newline="\n")
    print(f"MNIST test: {right:.2%}, calibration error {error:.2%}")
    print(f"To ship it: copy {out / MODEL} and training.json to models/mnist, then models.convert")
    return full_record


def from_weights(weights: Path, data_file: Path | None, out: Path) -> dict[str, Any]:
    """``finish`` the weights of ``models.train.study.gpu.train``, with their record beside them.

    Raises InputError for any other files.
    """
    from models.train import network

    try:
        described = plain_files.read(weights.with_suffix(".json"), strict_json.LIMIT)
        record = strict_json.parse(described)
        model = network.build(tuple(map(tuple, record["recipe"]["blocks"])))
        with np.load(weights, allow_pickle=False) as file:
            model.set_weights([file[name] for name in file.files])
        recipe = record["recipe"]
        validation, seed = int(recipe["validation"]), int(recipe["seed"])
    except (OSError, KeyError, TypeError, ValueError, MemoryError, zipfile.BadZipFile) as error:
        raise InputError(
            f"{weights} cannot be read ({error}). Expected a student's .npz as "
            "models.train.study.gpu.train writes it, with its .json beside it."
        ) from error
    return finish(model, record, batches.mnist(data_file, validation=validation, seed=seed), out)
