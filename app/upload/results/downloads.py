"""A test set's results as CSV and JSON, and digits as a ZIP of pictures."""

from __future__ import annotations

import base64
import io
import json
import math
import re
import zipfile
from collections.abc import Sequence
from typing import Any

import numpy as np
from PIL import Image

from app.upload.results import frames
from models.dataset import UNKNOWN, Dataset
from models.formats.manifest import Manifest
from models.lanes import Lane
from models.parity import judgement, scores, set_verdict
from models.parity.scores import Scores

SCHEMA = "digit-parity/set/2"  # 1 had no pictures, and no differences of each picture
# So many of the first pictures of the table, those that were read wrong or differently before all,
# are in a report, small: 60 digits, or ten photographs.
MOST_PICTURES, PICTURE_SIDE, PICTURE_BYTES = 60, 64, 80_000
_UNSAFE = re.compile(r"[^\w .-]")  # in a folder's name
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def csv(data: Dataset, lane_scores: Sequence[Scores], classes: Sequence[str]) -> str:
    """The table of all images. A name that a spreadsheet would run as a formula is quoted."""
    frame = frames.images(data, lane_scores, classes)
    frame["image"] = [f"'{name}" if name.startswith(_FORMULA) else name for name in frame["image"]]
    return str(frame.to_csv(index_label="place"))


def json_report(data: Dataset, lane_scores: Sequence[Scores], manifest: Manifest) -> str:
    """All figures, every image's label and answers, and small copies of the first ones of the
    table, as JSON without NaN. The page opens it again.
    """
    judge, reference = judgement.stored(manifest), manifest.reference
    judged = set_verdict.judgements(lane_scores, reference, judge)
    content = {
        "schema": SCHEMA,
        "model": {
            "name": manifest.name,
            "title": manifest.title,
            "classes": list(manifest.classes),
            "versions": dict(manifest.versions),
            "files": {name: record.sha256 for name, record in manifest.files.items()},
            "reference": str(reference),
        },
        **scores.report(data, lane_scores, reference=reference),
        "parity": judgement.as_json(judge, judged.values()),
        "differences": _differences(lane_scores, reference),
        "digits": {
            "names": list(data.names),
            "labels": [None if label == UNKNOWN else int(label) for label in data.labels],
            "lanes": {str(each.lane): _answers(each) for each in lane_scores},
            "apart": [_rounded(each) for each in scores.largest_differences(lane_scores)],
        },
        "pictures": _pictures(data, lane_scores, manifest),
    }
    return json.dumps(content, allow_nan=False)


def _differences(lane_scores: Sequence[Scores], reference: Lane) -> dict[str, list[int]]:
    """How many images differ by how much: a number for each of ``frames.POWERS``."""
    answered = [each for each in lane_scores if each.done.any()]
    counts = frames.differences(answered, reference)
    return {
        str(lane): [int(each) for each in rows["images"]]
        for lane, rows in counts.groupby("lane", sort=False)
    }


def _answers(lane: Scores) -> dict[str, Any]:
    sure = lane.probabilities.max(axis=1)
    return {
        "read": [None if top == UNKNOWN else int(top) for top in lane.top],
        "sure": [_rounded(value, 6) for value in sure],
    }


def _rounded(value: float, figures: int = 3) -> float | None:
    """A figure of so many digits; None for what is no number."""
    return float(f"{value:.{figures}g}") if math.isfinite(value) else None


def _pictures(
    data: Dataset, lane_scores: Sequence[Scores], manifest: Manifest
) -> list[dict[str, Any]]:
    answered = [each for each in lane_scores if each.done.any()]
    if not answered:
        return []
    places = frames.images(data, answered, manifest.classes).index[:MOST_PICTURES]
    kept, room = list[dict[str, Any]](), PICTURE_BYTES
    for place in map(int, places):
        small = png(data.stored[place], PICTURE_SIDE)
        apart = differences_at(answered, manifest.reference, place)
        differs = {str(lane): _rounded(each) for lane, each in apart.items()}
        if (room := room - len(small)) >= 0:
            content = base64.b64encode(small).decode("ascii")
            kept.append({"place": place, "png": content, "differs": differs})
    return kept


def differences_at(lane_scores: Sequence[Scores], reference: Lane, place: int) -> dict[Lane, float]:
    """How far each lane's probabilities of one image are from the reference's, where both are."""
    base = next((each for each in lane_scores if each.lane == reference), None)
    if base is None or not base.done[place]:
        return {}
    return {
        each.lane: float(np.abs(each.probabilities[place] - base.probabilities[place]).max())
        for each in lane_scores
        if each is not base and each.done[place]
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
