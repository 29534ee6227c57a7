"""The Upload page, opened, with lanes that answer at once."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from app.session import shared
from models.tfjs import built
from tests.app.folded_parts import all_open
from tests.app.upload.visiting import PARTS, Worker, new_page


@pytest.fixture
def worker(monkeypatch) -> Worker:
    fake = Worker()
    monkeypatch.setattr(shared, "tensorflow", lambda: fake)
    monkeypatch.setattr(built, "entry", lambda: None)
    return fake


@pytest.fixture
def page(worker) -> AppTest:
    test = all_open(new_page(), *PARTS).run()
    assert not test.exception
    return test
