"""A report as the page shows it: the same as of a run, as far as the file holds it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from app.upload.results import frames, tables
from app.upload.results.outcome import Outcome, left_out
from app.upload.saved.parsed import Report, Version
from app.upload.saved.pictures import Picture
from models.dataset import UNKNOWN
from models.digit.digit import Digit
from models.lanes import Lane
from models.parity import metrics, scores
from models.parity.set_verdict import Read, Seen


def outcome(report: Report, key: str) -> Outcome:
    """The outcome that a report holds. What its answers tell is counted anew."""
    read = [Read(each.lane, each.top, each.error) for each in report.versions]
    seen = Seen(
        read,
        report.judged,
        report.labels,
        report.reference,
        report.judge,
        left_out(report.skipped),
    )
    columns = frames.pairs(()).columns
    return Outcome(
        key=key,
        title=report.model,
        seen=seen,
        names=report.names,
        classes=report.classes,
        sure=[each.sure for each in report.versions],
        apart=report.apart,
        versions=_versions(report),
        pairs=pd.DataFrame(list(report.pairs), columns=columns),
        differences=frames.differences_of(report.counts),
        compared=tables.what_judged(report.judge, report.reference),
        skipped=report.skipped,
        pictures=_OfReport(report.pictures),
    )


def _versions(report: Report) -> pd.DataFrame:
    judged = {each.lane: each for each in report.judged}
    return pd.DataFrame(
        [
            frames.lane_row(each.lane, _figures(report, each), judged.get(each.lane))
            for each in report.versions
        ]
    )


def _figures(report: Report, one: Version) -> dict[str, Any]:
    """Those of ``scores.lane_figures`` that the page shows."""
    base = next((each for each in report.versions if each.lane == report.reference), None)
    right = metrics.accuracy(one.top, np.where(one.top == UNKNOWN, UNKNOWN, report.labels))
    both = (one.top != UNKNOWN) & (base.top != UNKNOWN) if base is not None else np.zeros(0, bool)
    same = (one.top == base.top)[both] if base is not None else both
    return {
        "images": int((one.top != UNKNOWN).sum()),
        "accuracy": right.share if right.total else None,
        "accuracy_interval": right.interval if right.total else None,
        "top5_accuracy": one.top5 if len(report.classes) > scores.TOP else None,
        "agreement": float(same.mean()) if len(same) else None,
        "max_abs_diff": one.largest,
        "mean_abs_diff": one.mean,
        "images_per_second": one.times[0],
        "ms_per_image": one.times[1],
        "error": one.error,
    }


@dataclass(frozen=True)
class _OfReport:
    """The few pictures that a report holds, as small as they are there."""

    pictures: Mapping[int, Picture]

    def png(self, place: int, most: int | None = None) -> bytes | None:
        picture = self.pictures.get(place)
        return None if picture is None else picture.png

    def digit(self, place: int) -> Digit | None:
        picture = self.pictures.get(place)
        return None if picture is None else picture.digit

    def differences(self, place: int) -> Mapping[Lane, float]:
        picture = self.pictures.get(place)
        return {} if picture is None else picture.differs
