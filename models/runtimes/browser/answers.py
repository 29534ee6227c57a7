"""What a visit says, as answers of lanes: whatever engine of the page ran them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.errors import ModelError, escaped
from models.formats.tensors import Tensors
from models.lanes import Lane, Times
from models.runtimes.browser.message import Message
from models.runtimes.node import NodeRun

PREDICTIONS = 50  # that are asked for one by one before all others
TOGETHER = 32  # of their inputs, which are then asked for in one batch
# How a browser is called in what it calls itself: each names others, too, so the order matters.
_AGENTS = {
    "Edg": "Edge",
    "(?:Headless)?Chrome": "Chromium",
    "Firefox": "Firefox",
    "Version": "WebKit",
    "AppleWebKit": "WebKit",
}
_SHOWN = 300  # characters of what a page says of a graphics card


@dataclass(frozen=True, eq=False)
class Asked:
    """A single prediction: its ``number`` among all of its lane, of which input, and its answer, a
    row for each output.
    """

    number: int
    input: int
    outputs: Tensors


@dataclass(frozen=True, eq=False)
class BrowserRun(NodeRun):
    """A lane's answer in a browser, or the reason why there is none.

    ``singles`` are its first predictions, one input each; ``together`` is what the first inputs
    gave in one batch after these. ``renderer`` is what a graphics backend drew on, and
    ``software`` whether that was the processor; ``threads`` is on how many WebAssembly computed,
    None where that is not known. ``browser`` is what the page's browser calls itself.
    """

    singles: tuple[Asked, ...] = ()
    together: Tensors = ()
    renderer: str | None = None
    software: bool = False
    threads: int | None = None
    browser: str = "the browser"


@dataclass(eq=False)
class _Heard:
    """What was heard of a lane so far."""

    parts: list[tuple[int, Tensors]] = field(default_factory=list)
    singles: list[Asked] = field(default_factory=list)
    together: Tensors = ()
    about: Mapping[str, Any] = field(default_factory=dict)


def collect(messages: Iterable[Message], lanes: Sequence[Lane], count: int) -> list[BrowserRun]:
    """The runs of a visit's ``lanes`` on ``count`` inputs, in order. Where it fails, those without
    an answer have what it failed with.
    """
    runs: dict[int, BrowserRun] = {}
    heard = [_Heard() for _ in lanes]
    why, browser = "The page gave no answer.", "the browser"
    try:
        for message in messages:
            if message.said["kind"] == "here":
                browser = _name(message.said)
            at = message.said.get("lane")
            if not isinstance(at, int) or not 0 <= at < len(lanes) or at in runs:
                continue
            if message.said["kind"] == "lane":
                runs[at] = _run(lanes[at], message.said, heard[at], count)
            else:
                _hear(heard[at], message)
    except ModelError as error:
        why = str(error)
    except (LookupError, TypeError, ValueError) as error:
        why = f"The page gave an answer that cannot be read: {error}"
    found = (
        runs.get(at) or replace(_of(lane, heard[at]), error=why) for at, lane in enumerate(lanes)
    )
    return [replace(run, browser=browser) for run in found]


def _name(said: Mapping[str, Any]) -> str:
    """What a browser calls itself, with its version."""
    environment = said.get("environment")
    agent = str(environment.get("userAgent")) if isinstance(environment, Mapping) else ""
    for pattern, name in _AGENTS.items():
        if found := re.search(rf"{pattern}/(\d{{1,4}}(?:\.\d{{1,4}})?)", agent):
            return f"{name} {found[1].removesuffix('.0')}"
    return "the browser"


def _hear(heard: _Heard, message: Message) -> None:
    said = message.said
    if said["kind"] == "about":
        heard.about = said["about"]
    elif said["kind"] == "rows":
        outputs = _outputs(said["shapes"], int(said["rows"]), message.values)
        start = int(said["start"])
        if said["what"] == "prediction":
            heard.singles.append(Asked(int(said["number"]), start, outputs))
        elif said["what"] == "together":
            heard.together = outputs
        else:
            heard.parts.append((start, outputs))


def _outputs(shapes: Sequence[Sequence[int]], rows: int, values: NDArray[np.float32]) -> Tensors:
    """The arrays of a message, n first. Raises ValueError where the numbers are others."""
    whole = [(rows, *map(int, shape)) for shape in shapes]
    if rows < 0 or any(size < 0 for shape in whole for size in shape):
        raise ValueError("a size below nothing")
    if sum(map(math.prod, whole)) != len(values):
        raise ValueError(f"{len(values)} numbers for the shapes {whole}")
    ends = np.cumsum([math.prod(shape) for shape in whole])
    parts = np.split(values, ends)
    return tuple(each.reshape(shape) for each, shape in zip(parts, whole, strict=False))


def _run(lane: Lane, said: Mapping[str, Any], heard: _Heard, count: int) -> BrowserRun:
    if "error" in said:
        return replace(_of(lane, heard), error=str(said["error"]))
    starts = [start for start, _ in heard.parts]
    parts = [outputs for _, outputs in heard.parts]
    sizes = [len(outputs[0]) for outputs in parts]
    if starts != [sum(sizes[:at]) for at in range(len(sizes))] or sum(sizes) != count:
        raise ValueError(f"{sum(sizes)} answers to {count} inputs")
    try:
        outputs = tuple(np.concatenate(each) for each in zip(*parts, strict=True))
    except ValueError:
        shapes = sorted({str(_rows(part)) for part in parts})
        return replace(_of(lane, heard), error=f"It gives other shapes: {' and '.join(shapes)}.")
    again = [each.outputs for each in heard.singles] + [heard.together] * bool(heard.together)
    if any(_rows(each) != _rows(outputs) for each in again):
        return replace(_of(lane, heard), error="It gives other shapes when it is asked again.")
    times = Times(said["loadMs"], said["firstMs"], tuple(said["steadyMs"]))
    return replace(
        _of(lane, heard),
        outputs=outputs,
        times=times,
        seconds=float(said["ms"]) / 1e3,
        leaked=int(said["leaked"]),
        singles=tuple(heard.singles),
        together=heard.together,
    )


def _rows(outputs: Tensors) -> list[tuple[int, ...]]:
    """The shapes of one row."""
    return [each.shape[1:] for each in outputs]


def _of(lane: Lane, heard: _Heard) -> BrowserRun:
    """A run without an answer, of what is known of what ran it."""
    renderer, threads = heard.about.get("renderer"), heard.about.get("threads")
    return BrowserRun(
        lane,
        renderer=escaped(str(renderer)[:_SHOWN]) if renderer else None,
        software=heard.about.get("software") is True,
        threads=threads if isinstance(threads, int) else None,
    )
