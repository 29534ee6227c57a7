"""Which classes the charts show: all of a few; of many, those that any lane takes for likely."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np
import streamlit as st

from models.formats import store
from models.lanes import LaneResult

MOST = 12  # classes that a chart has room for
TOP = 5  # of each lane
FOUND = 5  # that a search adds
KEY = "class-search"


def are_many(classes: Sequence[str]) -> bool:
    """Whether the charts show a choice of the classes."""
    return len(classes) > MOST


def of_interest(
    results: Iterable[LaneResult], classes: Sequence[str], wanted: Sequence[int] = ()
) -> list[int]:
    """The indices of the classes to show, in the charts' order.

    Of many, the ``TOP`` of every lane, the first lane's first, and those that are ``wanted``.
    """
    if not are_many(classes):
        return list(range(len(classes)))
    tops = [np.argsort(-each.probabilities, kind="stable")[:TOP] for each in results
            if each.probabilities is not None]  # fmt: skip
    likely = dict.fromkeys(int(index) for top in tops for index in top)
    return list(dict.fromkeys([*list(likely)[:MOST], *wanted]))


def search(model: str, on_change: Callable[[], None]) -> None:
    """A field for names of classes that the charts shall show too, where there are many."""
    classes = store.manifest(model).classes
    if are_many(classes):
        st.text_input(
            f"Show others of the {len(classes):,} classes too",
            key=KEY,
            placeholder="part of a name",
            max_chars=100,
            on_change=on_change,
            help=f"The charts show the {TOP} most likely classes of every lane, and at most "
            f"{FOUND} whose name holds what you write here.",
        )


def wanted(classes: Sequence[str]) -> list[int]:
    """The first classes whose name holds what the visitor searches; none for nothing."""
    text = str(st.session_state.get(KEY) or "").strip().casefold()
    if not text or not are_many(classes):
        return []
    return [at for at, name in enumerate(classes) if text in name.casefold()][:FOUND]
