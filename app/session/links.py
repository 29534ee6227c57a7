"""Links that carry a digit: its pixels in the address, nothing kept on the server.

A token is base64url of: one byte of version, a CRC-32 (big-endian) of what follows, and the 784
pixels (0..255, row by row) as a raw DEFLATE stream (RFC 1951). The largest of MNIST's 70,000
digits takes 419 characters, noise takes 1,059.
"""

from __future__ import annotations

import base64
import binascii
import zlib
from dataclasses import dataclass
from urllib.parse import urlencode

import streamlit as st

from app.session import state
from models.digit.digit import SIZE, Digit, from_levels
from models.errors import InputError
from models.formats import store
from models.lanes import BACKENDS

DIGIT, MODEL, BACKEND = "digit", "model", "backend"
LONGEST = 1_200  # characters; noise, which does not compress, stays below

_VERSION = b"\x01"
_CRC_BYTES = 4
_PIXELS = SIZE * SIZE
# DEFLATE without zlib's checksum, which is of the pixels: many streams give the same ones, and a
# changed one is to be noticed whatever it gives. Ours is of the stream itself.
_RAW = -15
_ASK_AGAIN = "Ask for the link again, or draw a digit here."


def encode(digit: Digit) -> str:
    """The digit as letters, numbers, ``-`` and ``_``: it needs no escaping in an address."""
    packer = zlib.compressobj(9, zlib.DEFLATED, _RAW, 9)
    packed = packer.compress(digit.levels) + packer.flush()
    return _letters(_VERSION + _checksum(packed) + packed)


def decode(token: str) -> Digit:
    """The digit of a token, its pixels exact. Raises InputError for anything else."""
    if len(token) > LONGEST:
        raise InputError(
            f"The digit in this link has {len(token):,} characters; no digit needs more than "
            f"{LONGEST:,}. {_ASK_AGAIN}"
        )
    levels = _unpack(token)
    if levels is None:
        raise InputError(
            f"The digit in this link is damaged: characters are missing or changed. {_ASK_AGAIN}"
        )
    return from_levels(levels)


def _unpack(token: str) -> bytes | None:
    """The 784 bytes, or None. No more than those are ever inflated, whatever the token claims."""
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        return None
    head, packed = raw[: 1 + _CRC_BYTES], raw[1 + _CRC_BYTES :]
    if _letters(raw) != token or head != _VERSION + _checksum(packed):
        return None
    unpacker = zlib.decompressobj(_RAW)
    try:
        pixels = unpacker.decompress(packed, _PIXELS + 1)
    except zlib.error:
        return None
    whole = unpacker.eof and not unpacker.unused_data and len(pixels) == _PIXELS
    return pixels if whole else None


def _letters(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def _checksum(packed: bytes) -> bytes:
    return zlib.crc32(packed).to_bytes(_CRC_BYTES, "big")


@dataclass(frozen=True)
class Shared:
    """What an address asks for; None for what it does not say. ``problem`` is for the visitor."""

    digit: Digit | None = None
    model: str | None = None
    backend: str | None = None
    problem: str | None = None


def read_query() -> Shared | None:
    """What this page's address asks for, when it is news: a link was opened, or Back was pressed.

    None when the address is the one that ``write_query`` wrote. What cannot be followed is left
    out, and ``problem`` says so.
    """
    asked = st.query_params.to_dict()
    if asked == state.address():
        return None
    state.remember_address(asked)
    problems = []
    digit = None
    if DIGIT in asked:
        try:
            digit = decode(asked[DIGIT])
        except InputError as error:
            problems.append(str(error))
    model, backend = asked.get(MODEL), asked.get(BACKEND)
    if model is not None and model not in store.names():
        problems.append("This link asks for a model that is not here; the first one is used.")
        model = None
    if backend is not None and backend not in ("auto", *BACKENDS):
        problems.append("This link asks for a backend that does not exist; the fastest is used.")
        backend = None
    return Shared(digit, model, backend, " ".join(problems) or None)


def write_query(digit: Digit | None, model: str, backend: str) -> None:
    """Let the address bar follow the page: a reload, or another server, then shows the same.

    Each new digit is a step in the browser's history, so that Back brings the one before.
    """
    wanted = query(digit, model, backend)
    state.remember_address(wanted)
    if st.query_params.to_dict() != wanted:
        st.query_params.from_dict(wanted)


def link(page: str, digit: Digit | None, model: str, backend: str) -> str:
    """A page's address, relative to the app's root, that shows this digit on these settings.

    ``page`` is the page's ``url_path``, empty for the first page.
    """
    return f"{page}?{urlencode(query(digit, model, backend))}"


def query(digit: Digit | None, model: str, backend: str) -> dict[str, str]:
    """The address's parameters. What is as it would be anyway is left out."""
    settings = {} if model == store.DEFAULT else {MODEL: model}
    if backend != "auto":
        settings[BACKEND] = backend
    return settings if digit is None else {DIGIT: encode(digit), **settings}
