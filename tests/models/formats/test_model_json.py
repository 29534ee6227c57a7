"""Weights are read as the official reader reads them, of every kind that is stored."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from models.formats.model_json import read_weights, signature

ARRAYS = {
    "float32": np.linspace(-3, 3, 24, dtype=np.float32).reshape(2, 3, 4),
    "float16": np.linspace(-3, 3, 24, dtype=np.float32),
    "uint8": np.linspace(-1, 5, 600, dtype=np.float32),
    "uint16": np.linspace(-1, 5, 600, dtype=np.float32).reshape(20, 30),
    "whole": np.arange(-300, 300, 7, dtype=np.int32),
    "int32": np.arange(12, dtype=np.int32).reshape(3, 4),
    "bool": np.array([True, False, True]),
    "string": np.array([["seven", ""], ["Ä", "x" * 300]], object),
    "empty": np.zeros((0, 3), np.float32),
}
QUANTISED = {"float16": ["float16"], "uint8": ["uint8", "whole"], "uint16": ["uint16"]}


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    """A folder with the arrays as the converter writes them, in shards of 512 bytes."""
    from tests.support.official import write_weights

    group = [{"name": name, "data": value} for name, value in ARRAYS.items()]
    manifest = write_weights.write_weights(
        [group], str(tmp_path), shard_size_bytes=512, quantization_dtype_map=QUANTISED
    )
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    return tmp_path


def test_every_kind_is_read_as_the_official_reader_reads_it(stored: Path) -> None:
    from tests.support.official import read_weights as official

    manifest = json.loads((stored / "manifest.json").read_text())
    assert len(manifest[0]["paths"]) > 1
    weights = read_weights(manifest, stored)
    expected = official.read_weights(manifest, str(stored), flatten=True)
    assert list(weights) == [each["name"] for each in expected]
    for each in expected:
        weight = weights[each["name"]]
        assert weight.value.dtype == each["data"].dtype
        np.testing.assert_array_equal(weight.value, each["data"])
    kinds = {each.stored for each in weights.values()}
    assert {"float32", "float16", "uint8", "uint16", "int32", "bool", "string"} <= kinds
    size = sum((stored / path).stat().st_size for path in manifest[0]["paths"])
    assert sum(each.bytes for each in weights.values()) == size


@pytest.mark.parametrize("name", ["string", "int32"])
def test_files_that_end_too_early_are_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "a.bin").write_bytes(b"\x09\0\0\0abc")
    manifest = [{"paths": ["a.bin"], "weights": [{"name": "w", "shape": [3], "dtype": name}]}]
    with pytest.raises(ValueError, match="the files end"):
        read_weights(manifest, tmp_path)


def test_a_signature_may_lie_in_two_places_or_be_missing() -> None:
    named = {"inputs": {"x": {"name": "x:0"}}, "outputs": {"a": {"name": "a"}, "b": {"name": "b"}}}
    expected = ({"x": "x:0"}, {"a": "a", "b": "b"})
    assert signature({"signature": named}) == expected
    assert signature({"userDefinedMetadata": {"signature": named}}) == expected
    assert signature({"format": "graph-model"}) is None


def test_the_number_of_a_tensor_is_no_part_of_its_name():
    """As the converter writes it for some models of several inputs."""
    ends = {"inputs": {"b:0": {"name": "b:0"}, "a:0": {"name": "a:0"}}}
    ends["outputs"] = {"out": {"name": "Identity:0"}}
    assert signature({"signature": ends}) == ({"b": "b:0", "a": "a:0"}, {"out": "Identity:0"})
