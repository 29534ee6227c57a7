"""A text of one number a line: labels of pictures in another file, or one picture's pixels."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.dataset.collector import Collector
from models.dataset.readers import csv_lines
from models.dataset.readers.tables import alone, csv_columns
from models.errors import InputError

_LONGEST_LINE = 40  # characters


def is_one(lines: Sequence[str]) -> bool:
    """Whether a text that begins with these lines has one number in each, maybe below a header."""
    written = [line.strip() for line in lines if line.strip()]
    if not written or max(map(len, written)) > _LONGEST_LINE:
        return False
    numbers = written[not csv_columns.is_number(written[0]) :]
    return bool(numbers) and all(map(csv_columns.is_number, numbers))


def read(name: str, content: bytes, collector: Collector) -> None:
    """Keep the labels until their pictures come, or add the picture. Raises InputError."""
    most = 10 * collector.limits.images
    written = [line for _, line in csv_lines.of(content) if line.strip()][: most + 1]
    header = not csv_columns.is_number(written[0])
    try:
        values = np.array([float(line) for line in written[header:]])
    except ValueError as error:
        raise InputError(f"Not all of its lines hold a number ({error}).") from error
    alone.read(name, values, collector)
