"""The report as one file of HTML that a browser opens from a disk."""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Iterable, Mapping
from html import escape
from pathlib import Path
from typing import Any

import numpy as np

from models.bisect.bug_report.case import Values, array
from models.bisect.bug_report.making import Found
from models.bisect.bug_report.trials import Trial
from models.errors import ModelError
from models.tfjs.report_bundle import Bundle

MOST_BYTES = 1_500_000
MOST_OWN_BYTES = 300_000  # all but TensorFlow.js
_ROWS = 10  # values that are shown
_HERE = Path(__file__).parent
_NOISE = 0.01  # a share of the difference; rounding of one browser's may be another than Node's


def write(found: Found, bundle: Bundle) -> str:
    """The page. Raises ModelError where the operation does not fit."""
    fields = _fields(found) | {"case": _embedded(_case(found))}
    fields |= {"versions": _facts(_versions(found, bundle).items())}
    own = _filled(fields | {"script": "", "wasm": ""})
    if (size := len(own.encode())) > MOST_OWN_BYTES:
        raise ModelError(
            f"What fails of {found.bisection.layer} takes {size:,} bytes, cut as small as it still "
            f"fails; {MOST_OWN_BYTES:,} fit into a report."
        )
    script, wasm = (base64.b64encode(each).decode() for each in (bundle.script, bundle.wasm))
    page = _filled(fields | {"script": script, "wasm": wasm})
    if (size := len(page.encode())) > MOST_BYTES:
        raise ModelError(f"The report has {size:,} bytes, where {MOST_BYTES:,} are the most.")
    return page


def _filled(fields: Mapping[str, str]) -> str:
    """The template. What is filled in is never looked at again: a name may hold braces."""
    first, *others = (_HERE / "page.html").read_text("utf-8").split("{{")
    style = (_HERE / "style.css").read_text("utf-8")
    parts = [first]
    for other in others:
        name, _, rest = other.partition("}}")
        parts += [style if name == "style" else fields[name], rest]
    return "".join(parts)


def _case(found: Found) -> dict[str, Any]:
    trial = found.trial
    apart = trial.difference
    measured = None if trial.found is None else array(trial.found)
    return {
        "operation": trial.case,
        "backend": found.place.backend,
        "flags": found.place.flags,
        "expected": array(trial.expected),
        "measured": measured,
        "difference": apart if math.isfinite(apart) else None,
        "noise": max(_NOISE * apart, found.allowed * trial.scale) if math.isfinite(apart) else 0,
        "wanted": ", ".join(f"{each:.7g}" for each in trial.expected.flat[:_ROWS])
        + (", …" if trial.expected.size > _ROWS else ""),
    }


def _embedded(value: Any) -> str:
    """JSON for a script element: nothing in it can end that, or begin a comment."""
    return json.dumps(value, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")


def _fields(found: Found) -> dict[str, str]:
    trial = found.trial
    return {
        "title": escape(_title(found)),
        "sentence": escape(_sentence(found)),
        "expected": escape(_expected(found)),
        "values": _rows(found),
        "shown": escape(_shown(trial)),
        "operation": _facts([*found.operation.described, *_sizes(found)]),
        "suspects": _suspects(found),
        "cut": escape(_cut(found)),
    }


def _kinds(found: Found) -> str:
    kinds = (name for name, _ in found.operation.described if not name.startswith(" "))
    return " and ".join(dict.fromkeys(kinds))


def _title(found: Found) -> str:
    form = f"{found.operation.format} model"
    return f"{_kinds(found)} of a {form} differs from Keras in TensorFlow.js ({_setting(found)})"


def _setting(found: Found) -> str:
    """The backend, and what is set of it."""
    flags = (f", {name} {'on' if value else 'off'}" for name, value in found.place.flags.items())
    return f"{found.place.backend}{''.join(flags)}"


def _sentence(found: Found) -> str:
    layer, trial = found.bisection.layer, found.trial
    if trial.kind == "error":
        said = f"TensorFlow.js cannot compute it: {trial.error[:500]}"
    elif trial.kind == "shape" and trial.found is not None:
        shape, wanted = map(_shape, (trial.found, trial.expected))
        said = f"TensorFlow.js gives the shape {shape} where the original gives {wanted}."
    elif trial.kind == "nan":
        said = "TensorFlow.js gives NaN or infinity where the original does not, or the other way."
    else:
        said = (
            f"TensorFlow.js gives values up to {trial.difference:.3g} away from the original's for "
            f"the same inputs, where rounding explains {found.allowed * trial.scale:.2g}."
        )
    why = "What the files hold differs there." if found.bisection.suspects else ""
    return f"The layer {layer}: {said} {why}".strip()


def _expected(found: Found) -> str:
    what = f"Expected is what the original ({found.bisection.reference}) gives for these inputs"
    if found.exact is None:
        return f"{what}. The exact answer, in float64, cannot be had here."
    apart = np.abs(found.exact - found.trial.expected).max(initial=0.0)
    return f"{what}; it is {apart:.2g} from the exact answer, the same formula in float64."


def _places(trial: Trial) -> list[int]:
    """Which values are shown: those farthest off, in order."""
    if trial.kind == "values" and trial.found is not None:
        apart = np.abs(trial.expected.astype(np.float64) - trial.found).ravel()
        return sorted(np.argsort(-apart, kind="stable")[:_ROWS].tolist())
    sizes = [trial.expected.size, 0 if trial.found is None else trial.found.size]
    return list(range(min(_ROWS, max(sizes))))


def _rows(found: Found) -> str:
    trial = found.trial
    columns = (trial.expected, found.exact, trial.found)
    lines = []
    for place in _places(trial):
        at = np.unravel_index(place, trial.expected.shape) if place < trial.expected.size else ()
        name = escape(str([int(each) for each in at]) if at else f"value {place}")
        cells = "".join(f"<td>{_cell(each, place)}</td>" for each in columns)
        lines.append(f'<tr><th scope="row">{name}</th>{cells}<td data-index="{place}">…</td></tr>')
    return "".join(lines)


def _cell(values: Values | None, place: int) -> str:
    if values is None or place >= values.size:
        return "–"
    return f"{values.flat[place]:.{9 if values.dtype == np.float64 else 7}g}"


def _shown(trial: Trial) -> str:
    count = len(_places(trial))
    if trial.expected.size <= count:
        return "These are all values."
    which = "farthest off" if trial.kind == "values" else "first"
    return f"These are the {count} values that are {which}, of {trial.expected.size:,}."


def _sizes(found: Found) -> Iterable[tuple[str, str]]:
    trial = found.trial
    for number, (whole, each) in enumerate(zip(found.whole.inputs, trial.inputs, strict=True)):
        name = "input" if len(trial.inputs) == 1 else f"input {number + 1}"
        yield name, _from(_shape(whole), _shape(each))
    yield "output", _from(_shape(found.whole.expected), _shape(trial.expected))
    for before, after in zip(found.whole.case["weights"], trial.case["weights"], strict=True):
        stored = after.get("quantization", after)["dtype"]
        shapes = (_sides(each["shape"]) for each in (before, after))
        yield f"{after['name']}", f"{stored}, {_from(*shapes)}"


def _from(before: str, after: str) -> str:
    return after if before == after else f"{after}, cut from {before}"


def _shape(values: Values) -> str:
    return _sides(values.shape)


def _sides(shape: Iterable[int]) -> str:
    return "×".join(map(str, shape)) or "one number"


def _cut(found: Found) -> str:
    if found.trial is found.whole:
        return "It is the whole operation on one input: nothing could be cut off."
    text = "Inputs and weights are cut as small as it still fails, the original's beside them."
    if found.whole.kind == "values":
        text += f" The whole operation is up to {found.whole.difference:.3g} off on this input."
    return text


def _suspects(found: Found) -> str:
    if not found.bisection.suspects:
        return (
            "<p>Nothing that could be compared in the files differs there: the numbers and "
            "settings are the original's.</p>"
        )
    listed = "".join(f"<li>{escape(each)}</li>" for each in found.bisection.suspects[:_ROWS])
    return f"<p>What differs in the files:</p><ul>{listed}</ul>"


def _facts(pairs: Iterable[tuple[str, str]]) -> str:
    return "".join(
        f'<tr><th scope="row">{escape(name)}</th><td>{escape(value)}</td></tr>'
        for name, value in pairs
    )


def _versions(found: Found, bundle: Bundle) -> Mapping[str, str]:
    measured = f"{found.lane}, in {found.place.name}"
    return {"TensorFlow.js": bundle.version, "measured as": measured, **found.versions}
