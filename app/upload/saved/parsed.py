"""A report of a test set, read back from its JSON: a stranger's file, of which every value is
checked before anything is made of it.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from app.frontend import report_values as values
from app.upload.results import downloads, frames
from app.upload.saved import checked, pictures
from app.upload.saved.pictures import Picture
from models.dataset import LIMITS, Skipped
from models.errors import InputError
from models.lanes import FORMATS, WEIGHTS, Lane
from models.parity import rule
from models.parity.judgement import KINDS, ByRule, ByTolerance, Judge, Judgement

FAMILY = "digit-parity/set/"
KNOWN = (f"{FAMILY}1", downloads.SCHEMA)
# A report of the largest set has about 9 MB and a million values.
MAX_FILE, MAX_VALUES, MAX_NESTED = 24_000_000, 1_500_000, 150_000
MAX_LANES = 2 * len(FORMATS) * len(WEIGHTS)
MAX_CLASSES = 30_000
MAX_SKIPPED = 2_000
_one_at_a_time = threading.Lock()  # values of a file take several times its size
_HOW = "Drop a file that the Upload page's “Report as JSON” wrote."


@dataclass(frozen=True, eq=False)
class Version:
    """One lane's part of a report: ``top`` and ``sure`` are (n,), UNKNOWN and NaN without an
    answer. ``times`` are images a second and milliseconds an image.
    """

    lane: Lane
    top: NDArray[np.int64]
    sure: NDArray[np.float32]
    error: str | None
    largest: float | None
    mean: float | None
    top5: float | None
    times: tuple[float | None, float | None]


@dataclass(frozen=True, eq=False)
class Report:
    """A set's result as a file has it. ``files`` are the hashes of the model's files; ``counts``
    and ``apart`` are as ``frames.POWERS`` and ``Outcome`` have them.
    """

    model: str
    classes: tuple[str, ...]
    files: Mapping[str, str]
    versions: tuple[Version, ...]
    names: tuple[str, ...]
    labels: NDArray[np.int32]
    reference: Lane
    judge: Judge
    judged: tuple[Judgement, ...]
    pairs: tuple[Mapping[str, Any], ...]
    skipped: tuple[Skipped, ...]
    apart: NDArray[np.float32]
    counts: Mapping[Lane, tuple[int, ...]] = field(default_factory=dict)
    pictures: Mapping[int, Picture] = field(default_factory=dict)


def is_report(name: str, content: Callable[[], bytes]) -> bool:
    """Whether a file wants to be such a report."""
    return name.lower().endswith(".json") and FAMILY.encode() in content()


def from_file(raw: bytes) -> Report:
    """Read a report. Raises InputError for anything else, and for more than the limits."""
    nested = raw.count(b"[") + raw.count(b"{")
    if len(raw) > MAX_FILE or raw.count(b",") > MAX_VALUES or nested > MAX_NESTED:
        raise InputError(f"The file holds more than a report of {LIMITS.images:,} images. {_HOW}")
    with _one_at_a_time:
        try:
            return _report(json.loads(raw, parse_constant=_no_constant))
        except KeyError as error:
            raise _refused(f"{str(error)[: checked.MAX_NAME]} is missing") from error
        except (TypeError, ValueError, OverflowError, AttributeError) as error:
            raise _refused(str(error)[: checked.MAX_NAME]) from error
        except RecursionError as error:
            raise _refused("it is nested too deep") from error


def _refused(reason: str) -> InputError:
    return InputError(f"This is not a report of a test set: {reason}. {_HOW}")


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is no number of JSON")


def _report(raw: Any) -> Report:
    if not isinstance(raw, dict) or raw["schema"] not in KNOWN:
        raise ValueError(f"its schema is not {' or '.join(KNOWN)}")
    digits = values.mapping(raw["digits"], 8)
    names = checked.texts(digits["names"], LIMITS.images, "names")
    model = values.mapping(raw["model"], 16)
    classes = frames.distinct(checked.texts(model["classes"], MAX_CLASSES, "classes"))
    if len(classes) < 2:
        raise ValueError("a model has two classes or more")
    figures = values.listed(raw["lanes"], MAX_LANES, "lanes")
    answers = values.mapping(digits["lanes"], MAX_LANES)
    versions = tuple(
        _version(Lane.parse(values.text(lane)), each, one, len(names), len(classes))
        for (lane, each), one in zip(answers.items(), figures, strict=True)
    )
    if not versions or not names:
        raise ValueError("it has no answers")
    lanes = tuple(each.lane for each in versions)
    judge, judged = _parity(values.mapping(raw["parity"], 8), lanes)
    return Report(
        model=values.text(model.get("title", model["name"]), checked.MAX_NAME),
        classes=classes,
        files=_hashes(values.mapping(model.get("files", {}), 1_000)),
        versions=versions,
        names=names,
        labels=checked.places(digits["labels"], len(names), len(classes)).astype(np.int32),
        reference=_reference(model, lanes),
        judge=judge,
        judged=judged,
        pairs=tuple(_pair(each) for each in values.listed(raw["pairs"], MAX_LANES**2, "pairs")),
        skipped=tuple(
            Skipped(values.text(each["file"], checked.MAX_NAME), values.text(each["reason"]))
            for each in values.listed(raw["skipped"], LIMITS.files, "skipped")[:MAX_SKIPPED]
        ),
        apart=checked.shares(digits.get("apart", [None] * len(names)), len(names)),
        counts=_counts(values.mapping(raw.get("differences", {}), MAX_LANES), len(names)),
        pictures=pictures.read(raw.get("pictures", []), len(names)),
    )


def _version(lane: Lane, answers: Any, figures: Any, count: int, classes: int) -> Version:
    if (figures["format"], figures["runtime"]) != (lane.format, lane.runtime):
        raise ValueError("its lanes are not those of its answers")
    error, speed = figures["error"], figures["images_per_second"]
    return Version(
        lane,
        checked.places(answers["read"], count, classes).astype(np.int64),
        checked.shares(answers["sure"], count),
        None if error is None else values.text(error),
        largest=checked.number(figures["max_abs_diff"]),
        mean=checked.number(figures["mean_abs_diff"]),
        top5=checked.number(figures["top5_accuracy"]),
        times=(checked.number(speed), checked.number(figures["ms_per_image"])),
    )


def _reference(model: Mapping[Any, Any], lanes: Sequence[Lane]) -> Lane:
    """What the others were compared with; a report of before has it first."""
    if "reference" not in model:
        return lanes[0]
    return Lane.parse(values.text(model["reference"]))


def _parity(raw: Mapping[Any, Any], lanes: Sequence[Lane]) -> tuple[Judge, tuple[Judgement, ...]]:
    bound = checked.needed(raw["bound"])
    head = next((each for each in get_args(rule.Head) if each == raw["rule"]), None)
    judge = ByTolerance(bound, 0.0) if head is None else ByRule(head, bound)
    judged = []
    for each in values.listed(raw["lanes"], MAX_LANES, "judgements"):
        lane, kind = Lane.parse(values.text(each["lane"])), each["judgement"]
        known = next((one for one in KINDS if one == kind), None)
        if known is None or lane not in lanes:
            raise ValueError("a judgement of what is not there")
        far = checked.number(each["distance"])
        distance = float("nan") if far is None and known == "differs" else far
        judged.append(Judgement(lane, known, None, distance, bound))
    return judge, tuple(judged)


def _pair(raw: Any) -> Mapping[str, Any]:
    ends = {name: str(Lane.parse(values.text(raw[name]))) for name in ("lane_a", "lane_b")}
    shares = {
        name: checked.needed(raw[name]) for name in ("same_top", "max_abs_diff", "mean_abs_diff")
    }
    return {**ends, "images": values.count(raw["images"]), **shares}


def _counts(raw: Mapping[Any, Any], images: int) -> dict[Lane, tuple[int, ...]]:
    counts = {}
    for lane, each in raw.items():
        numbers = values.listed(each, len(frames.POWERS), "differences")
        found = tuple(values.count(one) for one in numbers)
        if len(found) != len(frames.POWERS) or sum(found) > images:
            raise ValueError("differences are not counted as the page does")
        counts[Lane.parse(values.text(lane))] = found
    return counts


def _hashes(raw: Mapping[Any, Any]) -> dict[str, str]:
    return {values.text(name): values.text(each, 64) for name, each in raw.items()}
