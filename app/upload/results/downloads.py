"""A test set's results as CSV and JSON, and digits as a ZIP of pictures."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Sequence
from typing import Any

import numpy as np
from PIL import Image

from app.upload.results import frames
from models.dataset import UNKNOWN, Dataset
from models.formats.manifest import Manifest
from models.parity import judgement, scores, set_verdict
from models.parity.scores import Scores

SCHEMA = "digit-parity/set/1"
_UNSAFE = re.compile(r"[^\w .-]")  # in a folder's name
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def csv(data: Dataset, lane_scores: Sequence[Scores], classes: Sequence[str]) -> str:
    """The table of all images. A name that a spreadsheet would run as a formula is quoted."""
    frame = frames.images(data, lane_scores, classes)
    frame["image"] = [f"'{name}" if name.startswith(_FORMULA) else name for name in frame["image"]]
    return str(frame.to_csv(index_label="place"))


def json_report(data: Dataset, lane_scores: Sequence[Scores], manifest: Manifest) -> str:
    """All figures, and every image's label and answers, as JSON without NaN."""
    judge = judgement.stored(manifest)
    judged = set_verdict.judgements(lane_scores, manifest.reference, judge)
    content = {
        "schema": SCHEMA,
        "model": {
            "name": manifest.name,
            "classes": list(manifest.classes),
            "versions": dict(manifest.versions),
            "files": {name: record.sha256 for name, record in manifest.files.items()},
        },
        **scores.report(data, lane_scores, reference=manifest.reference),
        "parity": judgement.as_json(judge, judged.values()),
        "digits": {
            "names": list(data.names),
            "labels": [None if label == UNKNOWN else int(label) for label in data.labels],
            "lanes": {str(each.lane): _answers(each) for each in lane_scores},
        },
    }
    return json.dumps(content, allow_nan=False)


def _answers(lane: Scores) -> dict[str, Any]:
    sure = lane.probabilities.max(axis=1)
    return {
        "read": [None if top == UNKNOWN else int(top) for top in lane.top],
        "sure": [None if np.isnan(value) else round(float(value), 6) for value in sure],
    }


def pictures_zip(data: Dataset, classes: Sequence[str]) -> bytes:
    """A ZIP of PNG files, in a folder for each label: ``7/012.png``, or ``unknown/012.png``."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for index, pixels in enumerate(data.stored):
            label = data.label(index)
            folder = "unknown" if label is None else _UNSAFE.sub("_", classes[label])
            archive.writestr(zipfile.ZipInfo(f"{folder}/{index:03d}.png"), png(pixels))
    return file.getvalue()


def png(pixels: np.ndarray[Any, np.dtype[np.uint8]], most: int | None = None) -> bytes:
    """A (h, w) or (h, w, channels) uint8 picture as a PNG, at most ``most`` pixels a side."""
    image, file = Image.fromarray(pixels), io.BytesIO()
    if most is not None and max(image.size) > most:
        image.thumbnail((most, most))
    image.save(file, "PNG")
    return file.getvalue()
