"""What the Benchmark page keeps in a visitor's session, behind functions with types."""

from __future__ import annotations

import streamlit as st

from app.benchmark.run import Benchmark


def benchmark() -> Benchmark | None:
    """The benchmark that was started last."""
    bench: Benchmark | None = st.session_state.get("benchmark")
    return bench


def keep_benchmark(bench: Benchmark) -> None:
    """Remember the benchmark."""
    st.session_state["benchmark"] = bench
