"""What a visitor is told of an error: one line, without a path, that no terminal obeys."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.errors import MOST_SHOWN, ModelError, escaped, shown

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("/srv/app/models/x/model.json has no layers", "model.json has no layers"),
        (
            "[Errno 2] No such file or directory: '/srv/my app/m.h5'",
            "[Errno 2] No such file or directory: 'm.h5'",
        ),
        ("Unable to open (file = /a/b.h5, errno = 2)", "Unable to open (file = b.h5, errno = 2)"),
        ("reading:/a/b.bin", "reading:b.bin"),
        ("C:\\Users\\me\\m.h5 is cut", "m.h5 is cut"),
        (r"\\server\share\m.h5 is cut", "m.h5 is cut"),
        ("file:///srv/m.h5 is cut", "m.h5 is cut"),
        ('File "/srv/x y/lanes.py", line 3', 'File "lanes.py", line 3'),
        ("/srv/models/ is a folder", "models is a folder"),
        (f"{ROOT}/models/added/x/manifest.json", "manifest.json"),
    ],
)
def test_a_path_becomes_its_last_name(text: str, told: str) -> None:
    assert shown(text) == told
    assert shown(ModelError(text)) == told


@pytest.mark.parametrize(
    "text",
    [
        "layers @ tfjs/wasm differs",
        "7/10 and 28×28/2 of n/a",
        "See https://example.org/a/b?c=d.",
        "{{node model/conv1/Conv2D}} is not there",
        "Expected a / b or //",
    ],
)
def test_what_is_no_path_is_kept(text: str) -> None:
    assert shown(text) == text


def test_a_folder_with_spaces_is_known_by_the_environment(monkeypatch) -> None:
    monkeypatch.setenv("DIGIT_PARITY_MODELS", "/mnt/our models")
    assert shown("/mnt/our models/x/model.json is cut") == "model.json is cut"


def test_a_folder_that_is_known_may_have_any_name() -> None:
    folder = Path("/mnt/a b\nc'd: e")
    assert shown(f"{folder}/model.json is cut", folder) == "model.json is cut"
    assert shown(f"[Errno 2] No such file: {folder / 'x.bin'!s}", folder).endswith(": x.bin")


def test_it_is_one_line_that_a_terminal_cannot_obey() -> None:
    assert shown("a\x1b[31mb\n  c\x07\u202e") == r"a\x1b[31mb c\x07\u202e"
    assert escaped("a\nb\rc\x9b") == r"a\nb\rc\x9b"


def test_it_is_short_and_never_empty() -> None:
    assert len(shown("x" * 10_000)) == MOST_SHOWN
    assert shown(KeyError()) == "KeyError"
