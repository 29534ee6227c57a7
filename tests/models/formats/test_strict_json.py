"""JSON that two readers could understand in two ways is none."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.formats import strict_json
from models.formats.strict_json import MAX_DEPTH

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from("abcd"), inner),
    max_leaves=12,
)


@given(values)
def test_what_json_can_say_is_read(value):
    assert strict_json.parse(json.dumps(value)) == value
    assert strict_json.parse(json.dumps(value, ensure_ascii=False).encode()) == value


REFUSED = {
    "NaN": "'NaN' in place of a number",
    "[-Infinity]": "'-Infinity' in place",
    "1e999": "'1e999' in place",
    "9" * 5_000: "a number of 5,000 digits",
    '{"a": 1, "a": 2}': "says 'a' twice",
    r'{"a": 1, "\u0061": 2}': "says 'a' twice",
    "[" * 200_000: f"more than {MAX_DEPTH} levels",
    "[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1): f"more than {MAX_DEPTH} levels",
    '{"a":' * 100_000: f"more than {MAX_DEPTH} levels",
    "": "Expecting value",
    "{} {}": "Extra data",
    "'a'": "Expecting value",
    b"\xef\xbb\xbf{}": "a byte order mark",
    b"\xff\xfe{\0}\0": "no UTF-8",
    b'"\xc3"': "no UTF-8",
    b'"\xed\xa0\x80"': "no UTF-8",
    " " * 100: "longer than",
}


@pytest.mark.parametrize("text", REFUSED, ids=lambda text: repr(text[:12]))
def test_everything_else_is_refused_with_a_sentence(text):
    with pytest.raises(ValueError, match=REFUSED[text]):
        strict_json.parse(text, limit=99 if text == " " * 100 else strict_json.LIMIT)


@pytest.mark.parametrize("text", [None, 7, ["{}"], {"a": 1}])
def test_what_is_no_text_is_refused(text):
    with pytest.raises(ValueError, match="no text"):
        strict_json.parse(text)


@given(st.binary(max_size=60) | st.text(max_size=60))
def test_any_bytes_are_read_or_refused_with_a_sentence(text):
    try:
        strict_json.parse(text)
    except ValueError as error:
        assert str(error)
