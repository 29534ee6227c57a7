"""Names are shown on one line, of bearable length, without surprises."""

from __future__ import annotations

import logging

import pytest

from models import dataset
from models.dataset.names import LONGEST, shown
from models.dataset.readers import unipen
from tests.support import dataset_files as files

HOSTILE = {
    "\x1b[31mred\x1b]0;title\x07.png": r"\x1b[31mred\x1b]0;title\x07.png",
    "a\nb\r.png": r"a\nb\r.png",
    "\u202egnp.exe": r"\u202egnp.exe",
    "\u2066a\u2069": r"\u2066a\u2069",
    "\x00\x7f\x9b": r"\x00\x7f\x9b",
    "line\u2028end": r"line\u2028end",
}
INNOCENT = (
    "7/a.png",
    "ß 数字 שלום.png",
    "Screenshot at 10\u202fAM.png",
    "👩\u200d🏫.png",
    "a\u00a0b",
    "<b>",
)


@pytest.mark.parametrize("name", HOSTILE)
def test_what_controls_a_terminal_or_turns_text_round_is_escaped(name):
    assert shown(name) == HOSTILE[name]


@pytest.mark.parametrize("name", INNOCENT)
def test_any_other_name_stays_as_it_is(name):
    assert shown(name) == name


def test_a_long_name_keeps_its_beginning_and_its_end():
    name = shown("a" * 60_000 + "/7/b.png")
    assert len(name) == LONGEST and name.startswith("aaa") and name.endswith("a/7/b.png")


def test_no_reader_shows_a_name_as_it_came(caplog, monkeypatch):
    bad = ["\x1b[31mred\x07", "a\nb\r", "\u202egnp", "line\u2028end", "x" * 60_000]
    members = {f"7/{name}.png": files.picture() for name in bad}
    members |= {f"{name}.pdf": b"%PDF" for name in bad} | {"\x1b.npz": files.npz(**{"\x1b": [1]})}
    read = dataset.read("\x1b.zip", files.zipped(members))
    assert set(read.labels.tolist()) == {7}, "labels are found in what is left of a name"
    said = [*read.names, *(each.file + each.reason for each in read.skipped)]
    assert len(said) > 10 and all(each.isprintable() and len(each) < 1_300 for each in said)

    def faulty(*_args):
        raise IndexError

    monkeypatch.setattr(unipen, "read", faulty)
    with caplog.at_level(logging.ERROR):
        dataset.read("\x1b\n.unipen", b".VERSION 1.0")
    assert r"\x1b\n.unipen could not be read" in caplog.messages[0]
