"""The Inspect page's tables without rounding: layers, operations, weights, differences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from models.bisect.bisection import Bisection
from models.formats.anatomy import Anatomy, Pairing
from models.lanes import page_name


def parts(anatomy: Anatomy, shapes: Mapping[str, str]) -> pd.DataFrame:
    """One row per layer or operation, in order."""
    return pd.DataFrame(
        {
            "name": part.name,
            "kind": " + ".join([part.kind, *part.settings.get("fused_ops", ())]),
            "gives": shapes.get(part.name, ""),
            "parameters": part.parameters,
            "bytes": part.bytes,
            "takes": ", ".join(part.inputs),
        }
        for part in anatomy
    )


def weights(pairing: Pairing) -> pd.DataFrame:
    """One row per array: where the other form keeps it, and how far its numbers differ."""
    return pd.DataFrame(
        {
            "weights": ", ".join(each.weights),
            "stored": each.how,
            "as": each.other or "",
            "max difference": each.max_abs,
            "largest value": each.scale,
            "at": str(list(each.worst)) if each.other else "",
        }
        for each in pairing.weights
    )


def differences(bisections: Sequence[Bisection]) -> pd.DataFrame:
    """One row per version and layer."""
    return pd.DataFrame(
        {
            "version": page_name(each.lane, each.reference),
            "layer": row.layer,
            "as": row.part,
            "max abs": row.max_abs,
            "mean abs": row.mean_abs,
            "of the largest value": row.relative,
            "allowed": row.allowed,
            "worst at": row.problem or str(list(row.worst[1:])),
            "within": row.passed,
        }
        for each in bisections
        for row in each.differences
    )


def shapes(outputs: Mapping[str, tuple[int, ...]], anatomy: Anatomy) -> dict[str, str]:
    """The shape of each part's output for one picture, as text: 28×28×16."""
    return {
        part.name: "×".join(map(str, outputs[part.name][1:]))
        for part in anatomy
        if part.name in outputs
    }
