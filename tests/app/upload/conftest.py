"""The Upload page, opened, with lanes that answer at once."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from app.session import shared
from models.tfjs import built
from tests.app.upload.visiting import Worker


@pytest.fixture
def worker(monkeypatch) -> Worker:
    fake = Worker()
    monkeypatch.setattr(shared, "tensorflow", lambda: fake)
    monkeypatch.setattr(built, "entry", lambda: None)
    return fake


@pytest.fixture
def page(worker) -> AppTest:
    def script() -> None:
        from app.upload import page as upload

        upload.page()

    test = AppTest.from_function(script, default_timeout=30).run()
    assert not test.exception
    return test
