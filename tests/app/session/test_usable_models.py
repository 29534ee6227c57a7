"""Damaged models are left out with a sentence; what the numbers are is not looked at."""

from __future__ import annotations

import json
import logging
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.applications import Starlette
from streamlit.testing.v1 import AppTest

from app.session import usable_models
from app.web import assets
from models.formats import store
from models.formats.store import SHIPPED
from tests.app.conftest import DASHBOARD, Stage
from tests.support.asgi import ask

Text = Callable[[AppTest], str]

LAYERS = "model_layers/group1-shard1of1.bin"


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two models: ``mnist`` and a copy, ``other``."""
    for name in ("mnist", "other"):
        shutil.copytree(SHIPPED, tmp_path / name)
    monkeypatch.setenv("DIGIT_PARITY_MODELS", str(tmp_path))
    monkeypatch.setattr(usable_models, "_known", {})
    return tmp_path


def cut(folder: Path) -> None:
    os.truncate(folder / LAYERS, 1000)


def changed(folder: Path, **values: object) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps(manifest | values))


DAMAGES: dict[str, tuple[Callable[[Path], object], str]] = {
    "a cut shard": (cut, r"model_layers/group1-shard1of1\.bin has 1,000 of 469,096 bytes"),
    "a missing shard": (lambda at: (at / LAYERS).unlink(), "shard1of1.bin is missing"),
    "a missing format": (lambda at: shutil.rmtree(at / "model_graph"), "is missing"),
    "a folder for a file": (
        lambda at: ((at / LAYERS).unlink(), (at / LAYERS).mkdir()),
        "is no ordinary file",
    ),
    "a pipe for a file": (
        lambda at: ((at / LAYERS).unlink(), os.mkfifo(at / LAYERS)),
        "is no ordinary file",
    ),
    "a cut description": (
        lambda at: os.truncate(at / "model_graph/model.json", 500),
        "model_graph/model.json is damaged",
    ),
    "deep nesting": (
        lambda at: (at / "model_graph/model.json").write_text("[" * 100_000),
        "model_graph/model.json is damaged",
    ),
    "a cut .h5": (lambda at: os.truncate(at / "mnist_model.h5", 10), "mnist_model.h5 has 10 of"),
    "a manifest that is no JSON": (
        lambda at: (at / "manifest.json").write_text("{"),
        "manifest.json cannot be read",
    ),
    "a manifest that is a list": (
        lambda at: (at / "manifest.json").write_text("[]"),
        "manifest.json cannot be read",
    ),
    "a manifest of bytes": (
        lambda at: (at / "manifest.json").write_bytes(b"\xff\xfe\x00"),
        "manifest.json cannot be read",
    ),
    "a nested manifest": (
        lambda at: (at / "manifest.json").write_text('{"a":' * 100_000),
        "manifest.json cannot be read",
    ),
    "endless bytes": (
        lambda at: changed(at, files={LAYERS: {"sha256": "0", "bytes": 1e999}}),
        "manifest.json cannot be read",
    ),
    "no files to load": (lambda at: changed(at, lanes={}), "names no files to load"),
    "no classes": (lambda at: changed(at, classes=[]), "or no classes"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_model_is_left_out_named_and_logged_once(
    damage: str, models: Path, caplog: pytest.LogCaptureFixture
) -> None:
    harm, expected = DAMAGES[damage]
    harm(models / "other")
    assert usable_models.names() == ["mnist"]
    problems = usable_models.problems()
    assert list(problems) == ["other"] and str(models) not in problems["other"]
    assert re.search(expected, problems["other"])
    left_out = [each for each in caplog.messages if "is left out" in each]
    assert len(left_out) == 1 and str(models / "other") in left_out[0]
    assert all(each.levelno == logging.ERROR for each in caplog.records)


def test_other_numbers_and_damaged_variants_are_for_the_pages_to_find(models: Path) -> None:
    shard = models / "other" / LAYERS
    shard.write_bytes(b"\x80" + shard.read_bytes()[1:])
    (models / "other" / "model_graph_uint8" / "group1-shard1of1.bin").unlink()
    assert usable_models.names() == ["mnist", "other"]


def test_a_mended_model_comes_back(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = (models / "other" / LAYERS).read_bytes()
    cut(models / "other")
    assert usable_models.names() == ["mnist"]
    (models / "other" / LAYERS).write_bytes(kept)
    monkeypatch.setattr(usable_models, "RECHECK_SECONDS", -1)
    assert usable_models.names() == ["mnist", "other"]


def test_a_manifest_that_breaks_while_the_server_runs_is_noticed(models: Path) -> None:
    assert usable_models.names() == ["mnist", "other"]
    (models / "other" / "manifest.json").write_text("{")
    assert usable_models.names() == ["mnist"]


def test_the_page_says_which_model_is_left_out_and_goes_on(
    models: Path, stage: Stage, text: Text
) -> None:
    cut(models / "other")
    test = stage.run()
    assert stage.mounted[-1]["model"]["name"] == "mnist"
    assert not test.selectbox, "there is nothing to pick"
    assert [each.value for each in test.warning] == [
        "The model other cannot be used: its file model_layers/group1-shard1of1.bin has 1,000 of "
        "469,096 bytes."
    ]


def test_where_the_first_model_is_damaged_another_takes_its_place(
    models: Path, stage: Stage, text: Text
) -> None:
    (models / "mnist" / "manifest.json").write_text("{")
    test = stage.run()
    assert stage.mounted[-1]["model"]["name"] == "other"
    assert "The model mnist cannot be used" in test.warning[0].value
    assert "other is instead" in test.warning[0].value


def test_without_any_model_the_page_says_so_and_nothing_breaks(
    models: Path, stage: Stage, text: Text
) -> None:
    for name in ("mnist", "other"):
        cut(models / name)
    assert "no model that can be used" in text(stage.run())


def test_a_folder_of_models_without_the_shipped_one_is_served(
    models: Path, stage: Stage, text: Text
) -> None:
    shutil.rmtree(models / "mnist")
    stage.run()
    assert stage.mounted[-1]["model"]["name"] == "other"


def test_a_link_to_a_damaged_model_opens_the_first(models: Path, stage: Stage) -> None:
    cut(models / "other")
    test = AppTest.from_file(str(DASHBOARD), default_timeout=30)
    test.query_params["model"] = "other"
    test.run()
    assert not test.exception
    assert "the first one is used" in "".join(each.value for each in test.warning)


def test_a_damaged_models_files_are_not_found(models: Path) -> None:
    version = store.version("other")
    cut(models / "other")
    answer = ask(Starlette(routes=assets.routes()), f"/served/models/other/{version}/manifest.json")
    assert answer[0]["status"] == 404


def test_the_operators_order_comes_first_and_its_first_is_the_default(
    models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(SHIPPED, models / "another")
    assert usable_models.names() == ["mnist", "another", "other"]
    assert usable_models.default() == "mnist"
    monkeypatch.setenv(usable_models.ORDER, "other, gone,mnist")
    assert usable_models.names() == ["other", "mnist", "another"]
    assert (usable_models.default(), usable_models.first()) == ("other", "other")


def test_the_operators_default_is_what_a_visitor_sees_first(
    models: Path, stage: Stage, text: Text, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(usable_models.ORDER, "other")
    test = stage.run()
    assert test.selectbox("model-picker").value == "other"
    assert "model" not in test.query_params


@pytest.mark.parametrize(
    ("values", "what"),
    [
        ({"input": None, "classes": []}, "takes no pictures"),
        ({"answers": "values", "classes": []}, "answers with numbers that are no classes"),
    ],
)
def test_a_model_that_is_not_for_pages_is_named_with_what_judges_it(
    models: Path, stage: Stage, values: dict[str, object], what: str
) -> None:
    changed(models / "other", **values)
    assert usable_models.names() == ["mnist"] and not usable_models.problems()
    test = stage.run()
    assert not test.warning
    assert [each.value for each in test.caption] == [
        f"The model other {what}, so pages do not show it: `digit-parity verify other` judges it."
    ]
