"""``python -m models.parity.known_limits.page``: write ``docs/known-limits.md`` from the table."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from models.lanes import BACKENDS
from models.parity.known_limits.limit import Limit
from models.parity.known_limits.prediction import LIMITS

PAGE = Path(__file__).resolve().parents[3] / "docs" / "known-limits.md"
_HEAD = """\
# Known limits

What TensorFlow.js 4.22 and its converter are known to do with some Keras models, as a table.
`digit-parity check` looks a model up in it by its file alone:

    digit-parity check model.h5

It takes a second, needs no TensorFlow, and runs nothing of the file. It says what each format will
do on each backend, the way out, and where to read more. It ends with 1 where a format is known to
refuse the model or to answer wrongly, with 0 otherwise, and with 2 for a file that it does not
understand. `--json FILE` writes the same as one object. That nothing is known is no proof:
[`digit-parity verify`](build-gate.md) tries it.

What happens on cpu and wasm was tried: the official converter converted small models, and the plain
packages of TensorFlow.js ran them in Node. What is said of webgl and webgpu follows from their
source.

This page is written from the rows in `models/parity/known_limits`, by `page.py` there.
"""


def text() -> str:
    """The page, in Markdown."""
    return _HEAD + "".join(f"\n{line}" for row in LIMITS for line in _section(row))


def _section(row: Limit) -> Iterator[str]:
    backends = "all backends" if row.backends == BACKENDS else ", ".join(row.backends)
    yield f"## {row.name}\n"
    yield f"- **What**: {row.what}"
    yield f"- **Where**: {' and '.join(row.formats)} model, {backends}"
    yield f"- **What happens**: {row.effect}. {row.happens}"
    yield f"- **Way out**: {row.way_out}"
    yield f"- **Read more**: <{row.reference}>\n"


if __name__ == "__main__":
    PAGE.write_text(text(), "utf-8", newline="\n")
