"""A picture that is given in place of a drawing."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest


def page() -> None:
    import streamlit as st

    from app.draw.picture import picture_input
    from app.session import state
    from models.formats import store

    st.session_state.setdefault("asked", store.DEFAULT)
    state.model = lambda: st.session_state["asked"]
    picture_input.show(store.manifest(store.DEFAULT).pictures())


def test_what_is_wrong_with_a_picture_is_said_only_of_the_model_that_it_was_given_to(monkeypatch):
    from app.session import state

    monkeypatch.setattr(state, "model", state.model)  # the page's own is taken back
    test = AppTest.from_function(page).run()
    assert not test.error
    test.file_uploader[0].set_value([("a.png", b"no picture", "image/png")]).run()
    assert [each.value.startswith("It holds text.") for each in test.error] == [True]
    test.session_state["asked"] = "another"
    assert not test.run().error
    assert not test.exception
