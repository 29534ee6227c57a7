"""A manifest names files of its own folder only, on every system, and is the same on all."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from models.errors import ModelError
from models.formats import manifest
from models.formats.manifest_fields import Rounding
from models.formats.store import SHIPPED


@pytest.mark.parametrize(
    "name", ["../x.h5", "/x.h5", "a/../../x.h5", r"..\x.h5", r"\x.h5", "C:x.h5", "C:/x.h5"]
)
def test_a_path_that_leads_out_of_the_folder_on_any_system_is_refused(
    tmp_path: Path, name: str
) -> None:
    stored = json.loads((SHIPPED / manifest.NAME).read_text("utf-8"))
    stored["lanes"]["keras"] = name
    (tmp_path / manifest.NAME).write_text(json.dumps(stored), "utf-8")
    with pytest.raises(ModelError, match="leads out of the model's folder"):
        manifest.read(tmp_path)


def test_the_shipped_manifest_is_written_again_byte_for_byte(tmp_path: Path) -> None:
    manifest.write(manifest.read(SHIPPED), tmp_path)
    assert (tmp_path / manifest.NAME).read_bytes() == (SHIPPED / manifest.NAME).read_bytes()


def test_the_bound_is_read_back_and_older_manifests_have_none(tmp_path: Path) -> None:
    shipped = manifest.read(SHIPPED)
    bound = Rounding("softmax", 2.3e-5)
    manifest.write(replace(shipped, rounding=bound), tmp_path)
    assert manifest.read(tmp_path).rounding == bound
    manifest.write(replace(shipped, rounding=None), tmp_path)
    assert manifest.read(tmp_path).rounding is None
    assert '"rounding"' not in (tmp_path / manifest.NAME).read_text()


@pytest.mark.parametrize(
    "rounding",
    [{"head": "words", "bound": 1}, *({"head": "softmax", "bound": each} for each in (0, "nan"))],
)
def test_a_bound_that_none_can_be_judged_by_is_refused(tmp_path: Path, rounding: object) -> None:
    stored = json.loads((SHIPPED / manifest.NAME).read_text("utf-8")) | {"rounding": rounding}
    (tmp_path / manifest.NAME).write_text(json.dumps(stored), "utf-8")
    with pytest.raises(ModelError, match="is not a manifest"):
        manifest.read(tmp_path)


DAMAGED = {
    "input": [
        *({"shape": shape, "scale": 1} for shape in ([], [-1, 28, 1], [10**6, 10**6, 1])),
        *({"shape": [28, 28, 1], "scale": scale} for scale in (0, "nan", "inf")),
    ],
    "accuracy": [{"set": 1}, {"set": {"keras": "good"}}, {"set": {"keras": 99.7}}, ["set"]],
    "rounding": [{"head": "values", "bound": 1, "scale": scale} for scale in (-1, "nan", "inf")],
}


@pytest.mark.parametrize(
    ("key", "value"), [(key, value) for key, values in DAMAGED.items() for value in values]
)
def test_numbers_that_nothing_can_be_computed_with_are_refused(
    tmp_path: Path, key: str, value: object
) -> None:
    stored = json.loads((SHIPPED / manifest.NAME).read_text("utf-8")) | {key: value}
    (tmp_path / manifest.NAME).write_text(json.dumps(stored), "utf-8")
    with pytest.raises(ModelError, match="is not a manifest"):
        manifest.read(tmp_path)


def test_a_format_that_is_missing_has_an_address_with_nothing_at_it() -> None:
    shipped = manifest.read(SHIPPED)
    bare = replace(shipped, lanes={"layers": shipped.lanes["layers"]})
    assert bare.address("layers") == shipped.path("layers")
    assert bare.address("graph", "float16") == "model_graph_float16/model.json"
