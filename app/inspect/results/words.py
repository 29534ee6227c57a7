"""Small words of the Inspect page: what a reader sees in place of lanes' and runtimes' names."""

from __future__ import annotations

import re

from models.lanes import Lane, spoken


def original(reference: Lane) -> str:
    """The reference in a sentence: Keras, or the version of a model without a Keras original."""
    return "Keras" if reference.format == "keras" else spoken([reference], reference)


def for_pages(sentence: str) -> str:
    """A sentence of the command line, with the words that pages have for runtimes."""
    return re.sub(r"tfjs/(\w+)", r"TensorFlow.js (\1)", sentence).replace(
        "the runtime, tensorflow", "the runtime, TensorFlow"
    )


def joined(*sentences: str) -> str:
    """The sentences that are there, one after the other."""
    return " ".join(filter(None, sentences))
