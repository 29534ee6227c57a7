"""What a visitor's worker says, which is untrusted input: ``checked`` accepts what the gate's page
says (``models/runtimes/browser/page/run.js``) and refuses everything else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from app.frontend import report_values
from models.runtimes.browser.message import Message

HEAD = 32_768  # bytes of a message's words
_FILES, _NAME = 100, 200  # that a page says it has fetched, and the characters of each
_TIMES = 1_000
_OUTPUTS, _DIMENSIONS = 16, 8
_SIZE = 1 << 20  # of one dimension


def checked(message: Message, images: int) -> Message:
    """The same with nothing but what is known of its kind, for a lane that gets ``images`` inputs.

    Raises ValueError, KeyError, TypeError or OverflowError for a message that no page sends.
    """
    said = message.said
    parse = _KINDS.get(said["kind"])
    if parse is None:
        raise ValueError("a message of an unknown kind")
    found = {"kind": said["kind"], "lane": 0, **parse(said, images)}
    if said["kind"] != "rows" and len(message.values):
        raise ValueError("numbers without words for them")
    return Message(found, message.values)


def _here(said: Mapping[str, Any], _images: int) -> dict[str, Any]:
    agent = report_values.mapping(said["environment"], 16).get("userAgent")
    return {"environment": {"userAgent": report_values.text(agent)}}


def _about(said: Mapping[str, Any], _images: int) -> dict[str, Any]:
    about = report_values.mapping(said["about"], 16)
    fetched = report_values.listed(about.get("fetched", []), _FILES, "files")
    renderer = about.get("renderer")
    found = {
        "fetched": [report_values.text(each, _NAME) for each in fetched],
        "software": about.get("software") is True,
        "renderer": None if renderer is None else report_values.text(renderer),
    }
    return {"about": found}


def _rows(said: Mapping[str, Any], images: int) -> dict[str, Any]:
    start, rows = report_values.count(said["start"]), report_values.count(said["rows"])
    if rows < 1 or start + rows > images:
        raise ValueError("answers to inputs that were not asked for")
    shapes = [_shape(each) for each in report_values.listed(said["shapes"], _OUTPUTS, "shapes")]
    what, number = report_values.text(said["what"], 20), report_values.count(said["number"])
    return {"what": what, "number": number, "start": start, "rows": rows, "shapes": shapes}


def _shape(raw: Any) -> list[int]:
    sizes = [report_values.count(each) for each in report_values.listed(raw, _DIMENSIONS, "sizes")]
    if any(each > _SIZE for each in sizes):
        raise ValueError("an answer of another size")
    return sizes


def _lane(said: Mapping[str, Any], _images: int) -> dict[str, Any]:
    if "error" in said:
        return {"error": report_values.text(said["error"])}
    steady = report_values.listed(said["steadyMs"], _TIMES, "times")
    return {
        **{each: report_values.milliseconds(said[each]) for each in ("loadMs", "firstMs", "ms")},
        "steadyMs": [report_values.milliseconds(each) for each in steady],
        "leaked": 0,
    }


def _fault(said: Mapping[str, Any], _images: int) -> dict[str, Any]:
    return {"error": report_values.text(said["error"])}


_KINDS: Mapping[str, Callable[[Mapping[str, Any], int], dict[str, Any]]] = {
    "here": _here,
    "about": _about,
    "rows": _rows,
    "lane": _lane,
    "fault": _fault,
    "end": lambda _said, _images: {},
}
