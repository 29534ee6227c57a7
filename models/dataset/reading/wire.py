"""What the two processes say to each other: a line of JSON, then bytes.

Nothing is pickled: what was read came from strangers, and a decoder that they overcame must not
overcome this side too.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from models.dataset.dataset import Cut, Options, Skipped
from models.dataset.limits import Limits
from models.dataset.part import Digits, Part

_BLOCK = 1 << 20
_LONGEST = 64 << 20  # bytes of a message: 70,000 names have less
_PREVIEW = 1 << 20  # pixels


def write(stream: IO[bytes], message: dict[str, Any], *arrays: NDArray[Any]) -> None:
    """Send a message and arrays."""
    stream.write(json.dumps(message).encode("ascii") + b"\n")
    for array in arrays:
        stream.write(np.ascontiguousarray(array).reshape(-1).view(np.uint8).data)
    stream.flush()


def receive(stream: IO[bytes]) -> dict[str, Any] | None:
    """The next message; None at the end. Raises ValueError for anything else."""
    line = stream.readline(_LONGEST)
    if not line.endswith(b"\n"):
        return None
    message: dict[str, Any] = json.loads(line)
    return message


@dataclass(frozen=True)
class Asked:
    """A file to read, ``room`` digits of it at most."""

    name: str
    content: bytes | Path
    options: Options
    limits: Limits
    room: int


def send_file(stream: IO[bytes], asked: Asked) -> None:
    """Ask for a file to be read."""
    content = asked.content
    rest = {"name": asked.name, "room": asked.room}
    rest |= {"options": asdict(asked.options), "limits": asdict(asked.limits)}
    if isinstance(content, Path):
        write(stream, rest | {"path": str(content.absolute())})
        return
    write(stream, rest | {"length": len(content)})
    for start in range(0, len(content), _BLOCK):
        stream.write(memoryview(content)[start : start + _BLOCK])
    stream.flush()


def receive_file(stream: IO[bytes]) -> Asked | None:
    """The next file to read; None when there are no more, or whoever sent it was killed."""
    asked = receive(stream)
    if asked is None:
        return None
    content = Path(asked["path"]) if "path" in asked else stream.read(asked["length"])
    if isinstance(content, bytes) and len(content) < asked["length"]:
        return None
    options, limits = Options(**asked["options"]), Limits(**asked["limits"])
    return Asked(asked["name"], content, options, limits, asked["room"])


def send_part(stream: IO[bytes], part: Part) -> None:
    """Answer with what came of the file."""
    message = {
        "digits": [each.names for each in part.digits],
        "sources": part.sources,
        "skipped": [[each.file, each.reason] for each in part.skipped],
        "cuts": [[each.name, each.preview.shape, each.boxes] for each in part.cuts],
        "idx_images": part.idx_images,
        "idx_labels": [[name, len(labels)] for name, labels in part.idx_labels],
    }
    digits = [array for each in part.digits for array in each[1:]]
    previews = [each.preview for each in part.cuts]
    write(stream, message, *digits, *previews, *(labels for _, labels in part.idx_labels))


def receive_part(stream: IO[bytes], message: dict[str, Any], room: int) -> Part:
    """What came of the file: ``message`` and the bytes after it. Raises ValueError, KeyError or
    TypeError for anything else, and for more than ``room`` digits.
    """

    def array(*shape: int) -> NDArray[np.uint8]:
        if min(shape) < 0:
            raise ValueError("less than nothing")
        values = np.empty(shape, np.uint8)  # filled in place: a set's pixels are tens of megabytes
        if stream.readinto(values.reshape(-1).data) != values.size:  # type: ignore[attr-defined]
            raise ValueError("it breaks off")
        return values

    def digits() -> Iterator[Digits]:
        for names in message["digits"]:
            count = len(names)
            pixels, labels, named = array(count, 28, 28), array(count), array(count)
            yield Digits(tuple(names), pixels, labels.view(np.int8), named != 0)

    if sum(map(len, message["digits"])) > room:
        raise ValueError("more digits than there is room for")
    part = Part(
        list(digits()),
        Counter(message["sources"]),
        [Skipped(file, reason) for file, reason in message["skipped"]],
        idx_images=[(name, start, count) for name, start, count in message["idx_images"]],
    )
    for name, shape, boxes in message["cuts"]:
        if math.prod(shape) > _PREVIEW:
            raise ValueError("a large preview")
        corners = tuple((left, top, right, bottom) for left, top, right, bottom in boxes)
        part.cuts.append(Cut(name, array(*shape), corners))
    part.idx_labels = [(name, array(count)) for name, count in message["idx_labels"]]
    return part
