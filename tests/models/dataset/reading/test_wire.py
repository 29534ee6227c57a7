"""What a process says that was overcome is refused; nothing of it is unpickled or believed."""

from __future__ import annotations

import io
import json

import numpy as np
import pytest

from models.dataset import Cut, Note, Skipped
from models.dataset.part import Digits, Part
from models.dataset.reading import wire


def sent(part: Part) -> io.BytesIO:
    stream = io.BytesIO()
    wire.send_part(stream, part)
    stream.seek(0)
    return stream


def digits(count: int) -> Digits:
    pixels = np.arange(count * 784, dtype=np.uint8).reshape(count, 28, 28)
    named = np.arange(count) % 2 == 0
    return Digits(tuple("äb\udcff"[:count]), pixels, np.arange(count, dtype=np.int32) - 1, named)


def received(stream: io.BytesIO, room: int = 100) -> Part:
    message = wire.receive(stream)
    assert message is not None
    return wire.receive_part(stream, message, room)


def test_a_part_arrives_as_it_was_sent():
    part = Part([digits(3), digits(0)])
    part.sources["the first column"] = 2
    part.skipped.append(Skipped("a", "b"))
    part.notes.append(Note("n", "left out"))
    part.cuts.append(Cut("c", np.eye(4, dtype=np.uint8), ((1, 2, 3, 4),)))
    part.images.append(("i", 0, 3))
    part.tables.append(("t", {"a.png": "cat"}))
    part.labels.append(("l", np.array([0, 1, 20_999], np.int32)))
    got = received(sent(part))
    assert got.digits[0].names == part.digits[0].names and got.skipped == part.skipped
    assert got.notes == part.notes
    for mine, theirs in zip(got.digits[0][1:], part.digits[0][1:], strict=True):
        np.testing.assert_array_equal(mine, theirs)
    assert got.sources == part.sources and got.cuts[0].boxes == ((1, 2, 3, 4),)
    np.testing.assert_array_equal(got.cuts[0].preview, np.eye(4))
    assert got.images == [("i", 0, 3)] and got.labels[0][1].tolist() == [0, 1, 20_999]
    assert got.tables == [("t", {"a.png": "cat"})]


def test_pictures_that_come_before_the_others_count_for_the_room_too():
    stream = io.BytesIO()
    wire.send_digits(stream, digits(3))
    wire.write(stream, {"count": 3})
    wire.send_digits(stream, digits(2))
    wire.send_part(stream, Part([digits(1)]))
    counts: list[int] = []
    stream.seek(0)
    got = wire.receive_answer(stream, 6, (28, 28), counts.append)
    assert got is not None and [len(each.names) for each in got.digits] == [3, 2, 1]
    assert counts == [3]
    stream.seek(0)
    with pytest.raises(ValueError, match="room"):
        wire.receive_answer(stream, 5, (28, 28), counts.append)
    assert wire.receive_answer(io.BytesIO(b""), 5, (28, 28), counts.append) is None


@pytest.mark.parametrize(
    "change",
    [
        {"digits": [["a"] * 101]},
        {"digits": [["a"] * 4]},
        {"digits": [["a"] * 3, []]},
        {"cuts": [["a", [30_000, 30_000], []]]},
        {"cuts": [["a", [-1, 4], []]]},
        {"labels": [["a", -5]]},
        {"skipped": [["a"]]},
        {"notes": [["a"]]},
        {"digits": 5},
        {"tables": [["a", 5]]},
    ],
)
def test_an_answer_that_is_none_is_refused(change):
    stream = sent(Part([digits(3)]))
    message = json.loads(stream.readline()) | change
    with pytest.raises((ValueError, TypeError)):
        wire.receive_part(stream, message, 100)


def test_an_answer_that_breaks_off_or_has_no_end_is_refused(monkeypatch):
    whole = sent(Part([digits(3)])).getvalue()
    with pytest.raises(ValueError, match="breaks off"):
        received(io.BytesIO(whole[:-1]))
    assert wire.receive(io.BytesIO(b"")) is None
    monkeypatch.setattr(wire, "_LONGEST", 10)
    assert wire.receive(io.BytesIO(whole)) is None
