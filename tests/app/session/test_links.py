"""A link gives back the exact digit, or says what is wrong with it."""

from __future__ import annotations

import base64
import shutil
import string
import zlib
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from app.session import links
from models.digit import tokens
from models.digit.digit import Digit, from_strokes
from models.errors import InputError
from models.formats.store import SHIPPED

ALPHABET = set(string.ascii_letters + string.digits + "-_")
BLANK = from_strokes([])


def scribbles(count: int) -> list[Digit]:
    """Digits as visitors draw them: one to three strokes of straight pieces."""
    random = np.random.default_rng(7)
    return [
        from_strokes([random.random((random.integers(1, 9), 2)) for _ in range(1 + n % 3)])
        for n in range(count)
    ]


def token(pixels: bytes, *, version: bytes = b"\x01", after: bytes = b"") -> str:
    compressor = zlib.compressobj(9, zlib.DEFLATED, -15)
    compressed = compressor.compress(pixels) + compressor.flush() + after
    raw = version + zlib.crc32(compressed).to_bytes(4, "big") + compressed
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def test_a_thousand_digits_come_back_to_the_last_bit():
    for digit in scribbles(1_000):
        link = links.encode(digit)
        assert set(link) <= ALPHABET
        assert len(link) < 700
        assert links.decode(link).id == digit.id


def test_as_much_ink_as_mnist_ever_has_fits_even_when_it_is_noise():
    most = 351  # inked pixels of the fullest of its 70,000 digits
    random = np.random.default_rng(3)
    across, down = np.meshgrid(np.arange(28), np.arange(28))
    inside = np.argsort(((across - 14) ** 2 + (down - 14) ** 2).ravel(), kind="stable")[:most]
    pixels = np.zeros(784, np.float32)
    pixels[inside] = random.integers(1, 256, most) / 255
    digit = Digit(pixels.reshape(28, 28))
    assert len(links.encode(digit)) < 700
    assert links.decode(links.encode(digit)).id == digit.id


@given(st.binary(min_size=784, max_size=784))
def test_any_pixels_come_back(pixels):
    levels = np.frombuffer(pixels, np.uint8).reshape(28, 28).astype(np.float32)
    digit = Digit(levels / np.float32(255))
    assert len(links.encode(digit)) <= links.LONGEST
    assert links.decode(links.encode(digit)).id == digit.id


@given(st.one_of(st.text(), st.text(alphabet=sorted(ALPHABET)), st.binary().map(str)))
def test_random_text_is_refused_with_a_sentence(text):
    with pytest.raises(InputError, match=r"in this link .* draw a digit here\.$"):
        links.decode(text)


@given(st.binary(max_size=900))
def test_random_bytes_are_refused(raw):
    with pytest.raises(InputError):
        links.decode(base64.urlsafe_b64encode(b"\x01" + raw).rstrip(b"=").decode())


@given(st.binary(max_size=800))
def test_random_bytes_with_the_right_checksum_are_refused(compressed):
    raw = b"\x01" + zlib.crc32(compressed).to_bytes(4, "big") + compressed
    with pytest.raises(InputError, match="damaged"):
        links.decode(base64.urlsafe_b64encode(raw).rstrip(b"=").decode())


def test_every_shortened_link_is_refused():
    whole = links.encode(scribbles(1)[0])
    for length in range(len(whole)):
        with pytest.raises(InputError, match="damaged"):
            links.decode(whole[:length])


def test_every_changed_character_is_refused():
    """Even one that gives the same pixels: DEFLATE can encode them in many ways."""
    whole = links.encode(scribbles(1)[0])
    for place, kept in enumerate(whole):
        for letter in ALPHABET - {kept}:
            with pytest.raises(InputError, match="damaged"):
                links.decode(whole[:place] + letter + whole[place + 1 :])


def test_a_stream_that_gives_the_same_pixels_another_way_needs_its_own_checksum():
    whole = base64.urlsafe_b64decode(token(bytes(784)) + "==")
    stored = zlib.compressobj(0, zlib.DEFLATED, -15)
    other = whole[:5] + stored.compress(bytes(784)) + stored.flush()
    with pytest.raises(InputError, match="damaged"):
        links.decode(base64.urlsafe_b64encode(other).rstrip(b"=").decode())


@pytest.mark.parametrize(
    "hostile",
    [
        token(bytes(50_000_000))[:1_000],
        token(bytes(500_000)),
        token(bytes(785)),
        token(bytes(783)),
        token(b""),
        token(bytes(784), version=b"\x02"),
        token(bytes(784), after=b"more"),
        token(bytes(784)) + "=",
        token(bytes(784)) + "\n",
        " " + token(bytes(784)),
        "",
        "=" * 8,
        "/etc/passwd",
        "<script>alert(1)</script>",
        "é" * 100,
    ],
)
def test_a_hostile_link_is_refused(hostile):
    with pytest.raises(InputError):
        links.decode(hostile)


def test_a_link_longer_than_any_digit_is_not_even_looked_at(monkeypatch):
    monkeypatch.setattr(tokens.base64, "b64decode", lambda *_a, **_k: pytest.fail("looked at"))
    with pytest.raises(InputError, match="no digit needs more"):
        links.decode("A" * 1_000_000)


def test_a_link_holds_what_differs_from_the_usual_and_nothing_else():
    assert links.link("", None, "mnist", "auto") == "?"
    parts = urlsplit(links.link("draw", BLANK, "mine", "wasm"))
    assert parts.path == "draw"
    assert parse_qs(parts.query) == {
        "digit": [links.encode(BLANK)],
        "model": ["mine"],
        "backend": ["wasm"],
    }


def reader() -> None:
    """A page that reads its query string."""
    import streamlit as st

    from app.session import links

    link = links.read_query()
    st.json(
        {
            "news": link is not None,
            "digit": link.digit.id if link and link.digit else None,
            "model": link.model if link else None,
            "backend": link.backend if link else None,
        }
    )
    if link and link.problem:
        st.error(link.problem)


def opened(**query: str) -> AppTest:
    page = AppTest.from_function(reader)
    for name, value in query.items():
        page.query_params[name] = value
    return page.run()


def shown(page: AppTest) -> dict[str, object]:
    import json

    assert not page.exception
    answer: dict[str, object] = json.loads(page.json[0].value)
    return answer


def test_an_opened_link_gives_its_digit_and_settings_once():
    digit = scribbles(1)[0]
    page = opened(digit=links.encode(digit), model="mnist", backend="cpu")
    expected = {"news": True, "digit": digit.id, "model": "mnist", "backend": "cpu"}
    assert shown(page) == expected
    assert not shown(page.run())["news"]


def test_a_url_without_a_query_is_no_news():
    assert not shown(opened())["news"]


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ({"digit": "AQID"}, "damaged"),
        ({"digit": "x" * 5_000}, "no digit needs more"),
        ({"model": "../../etc"}, "a model that pages do not show here"),
        ({"backend": "quantum"}, "a backend that does not exist"),
        ({"weights": "int4"}, "weights that do not exist"),
    ],
)
def test_what_a_link_asks_for_in_vain_is_left_out_and_explained(query, problem):
    page = opened(**query)
    assert shown(page) == {"news": True, "digit": None, "model": None, "backend": None}
    assert problem in page.error[0].value


def test_a_link_that_is_half_right_is_half_followed():
    page = opened(digit="broken", backend="webgl")
    assert shown(page)["backend"] == "webgl"
    assert "damaged" in page.error[0].value


def told_page() -> None:
    """A page whose browser has written the address, and told so, where a test says it."""
    import streamlit as st

    from app.session import links, state

    if (told := st.session_state.pop("told", None)) is not None:
        state.remember_query(told)
    st.json({"news": links.read_query() is not None})


def test_an_address_that_the_page_wrote_and_told_is_no_news():
    page = AppTest.from_function(told_page).run()
    page.query_params["digit"] = links.encode(BLANK)
    page.session_state["told"] = {"digit": links.encode(BLANK)}
    assert not shown(page.run())["news"]
    assert not shown(page.run())["news"]


def test_going_back_to_an_earlier_address_is_news():
    page = AppTest.from_function(told_page).run()
    page.query_params["digit"] = links.encode(BLANK)
    assert shown(page.run())["news"]


def on_page(**query: str) -> AppTest:
    """Another page than Draw follows the link's model."""

    def script() -> None:
        import streamlit as st

        from app.session import links, state

        links.follow_model()
        st.text(state.model())

    test = AppTest.from_function(script)
    for name, value in query.items():
        test.query_params[name] = value
    return test.run()


@pytest.fixture
def two_models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("mnist", "other"):
        shutil.copytree(SHIPPED, tmp_path / name)
    monkeypatch.setenv("DIGIT_PARITY_MODELS", str(tmp_path))


@pytest.mark.usefixtures("two_models")
def test_a_link_to_any_page_picks_its_model() -> None:
    test = on_page(model="other")
    assert test.text[0].value == "other" and test.query_params["model"] == "other"


@pytest.mark.usefixtures("two_models")
def test_a_model_that_was_picked_on_another_page_is_written_to_the_address() -> None:
    test = on_page()
    assert "model" not in test.query_params
    test.session_state["model"] = "other"
    assert test.run().query_params["model"] == "other"


@pytest.mark.usefixtures("two_models")
def test_a_link_to_a_model_that_is_not_here_says_so_on_any_page() -> None:
    test = on_page(model="gone")
    assert [each.value for each in test.warning] == [links.NO_MODEL]
    assert test.text[0].value == "mnist" and "model" not in test.query_params


def test_a_link_carries_a_digit_and_no_other_picture() -> None:
    colour = Digit(np.zeros((28, 28, 3), np.float32))
    assert links.carries(BLANK) and not links.carries(colour) and not links.carries(None)
    assert links.query(colour, "mnist", "cpu") == {"backend": "cpu"}
