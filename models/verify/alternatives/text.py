"""The alternatives as text and as JSON values."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from models.parity.advice.recommendation import cause
from models.parity.figures import kilobytes, milliseconds, share
from models.verify.alternatives import advice
from models.verify.alternatives.judging import Alternatives, Measured

SCHEMA = "digit-parity/alternatives/1"  # another number when a field changes or goes
HEADINGS = ("first", "then", "script", "wasm", "weights", "brotli", "distance", "judgement")
BEGIN, END = "<!-- measured -->\n", "<!-- /measured -->\n"  # around the tables in the document
_WIDTHS = (10, 10, 10, 11, 11, 10, 10)


def lines(found: Alternatives) -> list[str]:
    """A table, a line for each lane, and what to do."""
    head = f"{'lane':<34}" + "".join(
        f"{each:>{width}}" for each, width in zip(HEADINGS, _WIDTHS, strict=False)
    )
    rows = [f"{head}  {HEADINGS[-1]}", *map(_row, found.measured)]
    if any(each.software for each in found.measured):
        rows.append(
            "Software rendering is the processor's, and its times would say nothing of a graphics "
            "card."
        )
    return [*rows, "", *advice.sentences(found.measured)]


def _row(each: Measured) -> str:
    if each.judgement.distance is None:
        return f"{each.lane!s:<34}{_told(each)}"
    figures = "".join(
        f"{figure:>{width}}" for figure, width in zip(cells(each), _WIDTHS, strict=True)
    )
    return f"{each.lane!s:<34}{figures}  {_told(each)}"


def _told(each: Measured) -> str:
    """The judgement, with its reason, and with what it was drawn by."""
    found = each.judgement
    kind = f"{found.kind}, software rendering" if each.software else found.kind
    return f"{kind}: {cause(found.reason)}." if found.reason else kind


def cells(each: Measured) -> tuple[str, ...]:
    """Every figure of a lane that answered, in the order of ``HEADINGS``."""
    size = each.size
    bytes_ = (size.script, size.wasm, size.weights, size.compressed)
    times = (each.times.first_ms, each.steady_ms)
    return (
        *("–" if took is None else milliseconds(took) for took in times),
        *map(kilobytes, bytes_),
        share(each.judgement.distance or 0.0),
    )


def kept(title: str, found: Alternatives) -> dict[str, Any]:
    """The table and what to do, as the Benchmark page shows it of a model."""
    return {
        "title": title,
        "rows": [
            {"name": advice.named(each.lane), "cells": _shown(each)} for each in found.measured
        ],
        "sentences": advice.sentences(found.measured),
    }


def markdown(kept: Mapping[str, Any]) -> str:
    """``machine`` and ``models``, each as ``kept`` made it, for a document."""
    parts = [f"Measured by `python -m benchmarks.alternatives` on {kept['machine']}."]
    for model in kept["models"]:
        rows = [f"| | {' | '.join(HEADINGS)} |", "| --- |" + " --- |" * len(HEADINGS)]
        rows += [f"| {' | '.join([each['name'], *each['cells']])} |" for each in model["rows"]]
        parts += [f"**{model['title']}**", "\n".join(rows), " ".join(model["sentences"])]
    return "\n\n".join(parts) + "\n"


def _shown(each: Measured) -> list[str]:
    if each.judgement.distance is None:
        return [*[""] * len(_WIDTHS), _told(each)]
    return [*cells(each), _told(each)]


def as_json(found: Alternatives, versions: Mapping[str, str]) -> dict[str, Any]:
    """The same as JSON values; NaN and infinity become null."""
    return {
        "schema": SCHEMA,
        "model": found.manifest.name,
        "inputs": found.images,
        "reference": str(found.reference.lane),
        "versions": dict(versions),
        "lanes": [_lane(each) for each in found.measured],
        "recommendation": _joined(advice.sentences(found.measured)),
        "exit_code": found.exit_code,
    }


def _joined(sentences: Sequence[str]) -> str:
    return " ".join(sentences)


def _lane(each: Measured) -> dict[str, Any]:
    found, size = each.judgement, each.size
    return {
        "lane": str(each.lane),
        "judgement": found.kind,
        "reason": found.reason,
        "distance": _number(found.distance),
        "bound": _number(found.bound),
        "load_ms": each.times.load_ms,
        "first_ms": each.times.first_ms,
        "steady_ms": each.steady_ms,
        "software": each.software,
        "bytes": {"script": size.script, "wasm": size.wasm, "weights": size.weights},
        "brotli": size.compressed,
    }


def _number(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else value
