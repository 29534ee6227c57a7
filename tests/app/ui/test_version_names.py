"""Versions have one name on every page, in tables and on the axes of charts."""

from __future__ import annotations

import pytest

from app.ui import version_names
from models.lanes import Lane


@pytest.mark.parametrize(
    "lane, short, on_backend",
    [
        ("graph @ tfjs/wasm", "graph, browser", "graph on wasm"),
        ("layers float16 @ tfjs/webgl", "layers float16, browser", "layers float16 on webgl"),
        ("layers @ tensorflow", "layers, server", "layers on the server"),
        ("keras @ tensorflow", "Keras, server", "Keras on the server"),
        ("keras @ keras3", "Keras, server", "Keras on the server"),
        ("keras @ litert", "Keras, server", "LiteRT on the server"),
    ],
)
def test_a_version_is_called_by_its_format_and_where_it_runs(
    lane: str, short: str, on_backend: str
) -> None:
    assert version_names.short(Lane.parse(lane)) == short
    assert version_names.on_backend(Lane.parse(lane)) == on_backend
