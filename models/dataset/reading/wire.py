"""What the two processes say to each other: a line of JSON, then bytes.

Nothing is pickled: what was read came from strangers, and a decoder that they overcame must not
overcome this side too.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from models.dataset.dataset import Cut, Note, Options, Skipped
from models.dataset.limits import Limits
from models.dataset.part import Digits, Part
from models.formats import model_input

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
    """A file to read, ``room`` pictures of it at most."""

    name: str
    content: bytes | Path
    options: Options
    limits: Limits
    room: int


def send_file(stream: IO[bytes], asked: Asked, before: Options | None = None) -> None:
    """Ask for a file to be read. ``before`` are the options of the file before it: the same ones
    are not sent again, since a model may have thousands of classes and a set thousands of files.
    """
    content = asked.content
    rest = {"name": asked.name, "room": asked.room, "limits": asdict(asked.limits)}
    if asked.options != before:
        target = asked.options.target.stored()
        rest["options"] = vars(asked.options) | {"target": target}
    if isinstance(content, Path):
        write(stream, rest | {"path": str(content.absolute())})
        return
    write(stream, rest | {"length": len(content)})
    for start in range(0, len(content), _BLOCK):
        stream.write(memoryview(content)[start : start + _BLOCK])
    stream.flush()


def receive_file(stream: IO[bytes], before: Options | None = None) -> Asked | None:
    """The next file to read; None when there are no more, or whoever sent it was killed."""
    asked = receive(stream)
    if asked is None:
        return None
    content = Path(asked["path"]) if "path" in asked else stream.read(asked["length"])
    if isinstance(content, bytes) and len(content) < asked["length"]:
        return None
    options = _options(asked["options"]) if "options" in asked else before
    if options is None:
        raise ValueError("a file without options")
    return Asked(asked["name"], content, options, Limits(**asked["limits"]), asked["room"])


def _options(sent: dict[str, Any]) -> Options:
    target = model_input.parse(sent["target"])
    names = {key: tuple(sent[key]) for key in ("classes", "only")}
    return Options(**sent | {"target": target} | names)


def send_digits(stream: IO[bytes], digits: Digits) -> None:
    """Send pictures of a file before its other ones are read, to have room for them."""
    write(stream, {"first": [digits.names]}, *digits[1:])


def receive_answer(
    stream: IO[bytes], room: int, picture: tuple[int, ...], on_count: Callable[[int], None]
) -> Part | None:
    """What came of a file, at most ``room`` pictures of the shape ``picture``; ``on_count`` is
    called with the number of pictures so far. None where the process ended. Raises as
    ``receive_part`` does.
    """
    first: list[Digits] = []
    while (message := receive(stream)) is not None:
        if "count" in message:
            on_count(int(message["count"]))
        elif "first" in message:
            first += (more := _digits(stream, message["first"], room, picture))
            room -= sum(len(each.names) for each in more)
        else:
            part = receive_part(stream, message, room, picture)
            part.digits[:0] = first
            return part
    return None


def _digits(stream: IO[bytes], names: Any, room: int, picture: tuple[int, ...]) -> list[Digits]:
    counts = list(map(len, names))
    if sum(counts) > room or 0 in counts:
        raise ValueError("more pictures than there is room for, or none where some should be")
    return [
        Digits(
            tuple(each),
            _array(stream, len(each), *picture),
            _numbers(stream, len(each)),
            _array(stream, len(each)) != 0,
        )
        for each in names
    ]


def send_part(stream: IO[bytes], part: Part) -> None:
    """Answer with what came of the file."""
    some = [each for each in part.digits if each.names]
    message = {
        "digits": [each.names for each in some],
        "sources": part.sources,
        "skipped": [[each.file, each.reason] for each in part.skipped],
        "notes": [[each.file, each.reason] for each in part.notes],
        "cuts": [[each.name, each.preview.shape, each.boxes] for each in part.cuts],
        "images": part.images,
        "labels": [[name, len(labels)] for name, labels in part.labels],
        "tables": part.tables,
    }
    digits = [array for each in some for array in each[1:]]
    previews = [each.preview for each in part.cuts]
    write(stream, message, *digits, *previews, *(labels for _, labels in part.labels))


def receive_part(
    stream: IO[bytes], message: dict[str, Any], room: int, picture: tuple[int, ...] = (28, 28)
) -> Part:
    """What came of the file: ``message`` and the bytes after it. Raises ValueError, KeyError or
    TypeError for anything else, and for more than ``room`` pictures.
    """
    part = Part(
        _digits(stream, message["digits"], room, picture),
        Counter(message["sources"]),
        [Skipped(file, reason) for file, reason in message["skipped"]],
        [Note(file, reason) for file, reason in message["notes"]],
        images=[(name, start, count) for name, start, count in message["images"]],
        tables=[
            (name, {str(key): str(label) for key, label in dict(table).items()})
            for name, table in message["tables"]
        ],
    )
    for name, shape, boxes in message["cuts"]:
        if math.prod(shape) > _PREVIEW:
            raise ValueError("a large preview")
        corners = tuple((left, top, right, bottom) for left, top, right, bottom in boxes)
        part.cuts.append(Cut(name, _array(stream, *shape), corners))
    part.labels = [(name, _numbers(stream, count)) for name, count in message["labels"]]
    return part


def _array(stream: IO[bytes], *shape: int) -> NDArray[np.uint8]:
    if min(shape) < 0:
        raise ValueError("less than nothing")
    values = np.empty(shape, np.uint8)  # filled in place: a set's pixels are tens of megabytes
    if stream.readinto(values.reshape(-1).data) != values.size:  # type: ignore[attr-defined]
        raise ValueError("it breaks off")
    return values


def _numbers(stream: IO[bytes], count: int) -> NDArray[np.int32]:
    return _array(stream, count, 4).reshape(-1).view(np.int32)
