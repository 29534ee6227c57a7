"""Names the known limit of TensorFlow.js behind a lane that differs or cannot run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path

from models.errors import ModelError
from models.formats.architecture import reader
from models.formats.architecture.description import Description
from models.formats.manifest import Manifest
from models.lanes import Format
from models.parity import known_limits
from models.parity.advice.recommendation import LOOPS, UNMADE
from models.parity.judgement import Judgement
from models.parity.known_limits import Limit

_ROWS = {row.name: row for row in known_limits.LIMITS}


def explained(
    judgements: Iterable[Judgement], manifest: Manifest, folder: Path
) -> tuple[Judgement, ...]:
    """The same judgements, with ``limit`` where a row of the table explains one, or says how a
    graph that answers has to be called.
    """

    @cache
    def waits() -> bool:
        return _waits(manifest, folder)

    def limited(each: Judgement) -> Judgement:
        if each.kind == "passed" and each.lane.format == "graph" and each.lane.in_browser:
            return replace(each, limit=LOOPS) if waits() else each
        return _explained(each, manifest, folder)

    return tuple(map(limited, judgements))


def rows(judgements: Iterable[Judgement]) -> list[Limit]:
    """The rows that the judgements name, each once."""
    return [_ROWS[name] for name in dict.fromkeys(each.limit for each in judgements) if name]


def layers(judged: Judgement, manifest: Manifest, folder: Path) -> tuple[str, ...]:
    """The layers that the known limit behind a judgement is about; none without one."""
    description = _description(manifest, folder, judged.lane.format)
    found = known_limits.predict(description) if description is not None else ()
    return tuple(
        layer
        for each in found
        if each.limit.name == judged.limit and each.format == judged.lane.format
        for layer in each.layers
    )


def _explained(judged: Judgement, manifest: Manifest, folder: Path) -> Judgement:
    lane, reason = judged.lane, judged.reason
    unmade = reason is not None and reason.startswith(UNMADE)
    if judged.kind not in ("differs", "cannot run") or not (lane.in_browser or unmade):
        return judged
    description = _description(manifest, folder, lane.format)
    if description is None:
        return judged
    error = reason if judged.kind == "cannot run" else None
    backend = None if unmade else lane.backend
    limit = known_limits.explain(description, lane.format, error, backend=backend)
    return replace(judged, limit=limit)


def _waits(manifest: Manifest, folder: Path) -> bool:
    """Whether the graph itself, as it was converted, has a loop or a choice."""
    try:
        graph = reader.read(folder / manifest.path("graph"))
    except ModelError:
        return False
    return any(each.limit.name == LOOPS for each in known_limits.predict(graph))


def _description(manifest: Manifest, folder: Path, form: Format) -> Description | None:
    """Of what was converted; of the conversion itself where there is no original, or one that was
    exported and has no layers, or of the layers that it was to be made of.
    """
    first: tuple[Format, ...] = (form, "keras") if manifest.exported else ("keras", form, "layers")
    path = next((manifest.lanes[at] for at in first if at in manifest.lanes), None)
    try:
        return None if path is None else reader.read(folder / path)
    except ModelError:  # what cannot be described has no known limit
        return None
