"""Strokes in a link come back as they look, and any other text gives none."""

from __future__ import annotations

import base64
import itertools
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.session import stroke_tokens
from models.digit import fabric_drawing, tokens
from tests.support.recorded_strokes import drawings

DRAWINGS = [fabric_drawing.strokes(each) for each in drawings(3)]
WHOLE = st.integers(-stroke_tokens.FARTHEST, stroke_tokens.FARTHEST)
STROKES = st.lists(
    st.lists(st.tuples(WHOLE, WHOLE), min_size=1, max_size=9).map(
        lambda each: np.array(each, float)
    ),
    min_size=1,
    max_size=9,
)


def away(points: np.ndarray, path: np.ndarray) -> float:
    """How far the farthest of ``points`` is from the polyline ``path``."""
    parts = [stroke_tokens._distances(points, one, other)
             for one, other in itertools.pairwise(path)]  # fmt: skip
    return float(np.min(parts, axis=0).max())


@pytest.mark.parametrize("strokes", DRAWINGS)
def test_a_drawing_comes_back_as_it_looks(strokes: list[np.ndarray]) -> None:
    token = stroke_tokens.encode(strokes)
    assert token is not None and len(token) < 100
    back = stroke_tokens.decode(token)
    assert back is not None and len(back) == len(strokes)
    for before, after in zip(strokes, back, strict=True):
        assert len(after) <= len(before)
        assert away(before, after) <= stroke_tokens.NEAR + 0.75  # half a unit in x and in y


@given(STROKES)
def test_whatever_was_encoded_is_decoded_within_the_pens_width(strokes: list[np.ndarray]) -> None:
    token = stroke_tokens.encode(strokes)
    if token is None:
        return
    assert len(token) <= stroke_tokens.LONGEST
    back = stroke_tokens.decode(token)
    assert back is not None and len(back) == len(strokes)
    for before, after in zip(strokes, back, strict=True):
        assert (before[0] == after[0]).all() and (before[-1] == after[-1]).all()
        if len(after) > 1:
            assert away(before, after) <= stroke_tokens.NEAR + 0.75


def test_a_dot_is_a_stroke() -> None:
    token = stroke_tokens.encode([np.array([[70.2, 80.0]] * 5), np.array([[1.0, 2.0]])])
    assert token is not None
    back = stroke_tokens.decode(token)
    assert back is not None and [each.tolist() for each in back] == [[[70, 80]], [[1, 2]]]


@pytest.mark.parametrize(
    "strokes",
    [
        [],
        [np.random.default_rng(1).uniform(0, 280, (600, 2))],
        [np.random.default_rng(1).uniform(0, 280, (20_000, 2))],
        [np.zeros((20_001, 2))],
        [np.array([[0.0, 2_001.0]])],
        [np.zeros((0, 2))],
        [np.array([[float(n), 0.0]]) for n in range(501)],
    ],
    ids=["none", "a scribble", "a long one", "too many points", "far away", "empty", "dots"],
)
def test_what_does_not_fit_is_in_no_link(strokes: list[np.ndarray]) -> None:
    assert stroke_tokens.encode(strokes) is None


def test_every_changed_or_missing_character_is_refused() -> None:
    whole = stroke_tokens.encode(DRAWINGS[4])
    assert whole is not None
    for place, kept in enumerate(whole):
        assert stroke_tokens.decode(whole[:place]) is None
        for letter in {"A", "_", "7", "%"} - {kept}:
            assert stroke_tokens.decode(whole[:place] + letter + whole[place + 1 :]) is None


@pytest.mark.parametrize(
    "content",
    [
        b"\x00",  # a stroke of no points
        b"\x02\x01\x01",  # of fewer points than it says
        b"\x01\x01",
        b"\x01\x80",  # a number without an end
        b"\x01\x80\x80\x80\x01\x01",  # of four bytes
        b"\x01\xff\xff\x7f\x01",  # far from the pad
        b"\xf5\x03" + b"\x01" * 1_002,  # 501 points
        b"\x01\x00\x00" * 501,
        bytes(5_000_000),
    ],
)
def test_content_that_holds_no_strokes_is_refused(content: bytes) -> None:
    assert stroke_tokens.decode(tokens.pack(content)) is None


@given(st.binary(max_size=400))
def test_any_bytes_end_in_strokes_near_the_pad_or_in_none(content: bytes) -> None:
    found = stroke_tokens.decode(tokens.pack(content))
    if found is None:
        return
    assert sum(map(len, found)) <= stroke_tokens.MOST_POINTS
    for stroke in found:
        assert stroke.shape[1:] == (2,) and len(stroke)
        assert np.abs(stroke).max() <= stroke_tokens.FARTHEST


@given(st.one_of(st.text(), st.binary().map(lambda raw: base64.urlsafe_b64encode(raw).decode())))
def test_any_text_is_refused(text: str) -> None:
    assert stroke_tokens.decode(text) in (None, [])


def test_a_token_that_would_fill_the_memory_is_inflated_no_further_than_strokes_go(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = []
    unpack = tokens.unpack
    monkeypatch.setattr(
        tokens, "unpack", lambda token, most: asked.append(most) or unpack(token, most)
    )
    compressor = zlib.compressobj(9, zlib.DEFLATED, -15)
    bomb = compressor.compress(bytes(400_000)) + compressor.flush()
    token = b"\x01" + zlib.crc32(bomb).to_bytes(4, "big") + bomb
    text = base64.urlsafe_b64encode(token).rstrip(b"=").decode()
    assert len(text) <= stroke_tokens.LONGEST
    assert stroke_tokens.decode(text) is None and asked == [4_000]
    assert stroke_tokens.decode("A" * 1_000_000) is None and asked == [4_000], "not looked at"
