"""The Draw page's five charts: their headings, places and specifications.

Specifications depend on the model, its weights and the browser's backend, not on the digit. They
have their own URL, so that the browser caches them.
"""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from pathlib import Path

from app.draw.results import many_classes
from app.frontend import lane_wire
from app.ui import chart_templates, chart_theme
from app.ui.chart_theme import Spec
from models.formats import store
from models.formats.manifest import Manifest
from models.lanes import Backend, Weights, spoken
from models.parity import judgement
from models.parity.figures import short
from models.parity.judgement import ByRule, Judge

URL_PATH = "served/charts"
_TEMPLATES = Path(__file__).with_name("charts.json")
_KEPT = 64  # pairs of a model and a backend
_SHORT = 2  # letters of a class that has room for its name even on a phone
# Names at an angle, and the room for them, also before there are any.
_AT_AN_ANGLE = {"labelAngle": -50, "labelLimit": 85, "labelFontSize": 12, "minExtent": 74}
_ROOM = 58  # pixels for names at an angle

# Each chart's title, and the line that says how to read it.
CHARTS = {
    "probabilities": (
        "Probabilities",
        "How sure each version is of each {class_}: a bar each, in the order above. Equal heights "
        "are equal answers.",
    ),
    "differences": (
        "Distance from {reference}",
        "A mark for {value}. 0 is no difference; below the dashed line is rounding.",
    ),
    "pairs": (
        "Agreement of any two",
        "The largest difference between their probabilities; darker is further. ≠ marks two that "
        "read different {classes}.",
    ),
    "steady": (
        "Time for one {thing}",
        "A thin mark is one prediction, reading the answer back included; the thick one is their "
        "median. Further left is faster.",
    ),
    "load": (
        "Before the first answer",
        "Paid once a visit: loading the model (■), then its first prediction (●), which compiles "
        "and allocates.",
    ),
}
LOG = "probabilities log"  # the same rows as "probabilities", on a log scale


def headings(manifest: Manifest) -> list[dict[str, str]]:
    """Each chart's name, title, and how to read it, in the page's order."""
    return [
        {"name": name, "title": title, "how": how}
        for name, (title, how) in _headings(manifest).items()
    ]


def _headings(manifest: Manifest) -> dict[str, tuple[str, str]]:
    """Each chart's title and how to read it."""
    judge = judgement.stored(manifest)
    are_logits = isinstance(judge, ByRule) and judge.head == "softmax"
    value = "each class's logit, as a share of the largest" if are_logits else "each probability"
    if manifest.answers == "logits":
        value = "each class's logit"
    elif manifest.answers == "sigmoid" and len(manifest.classes) == 2:
        value = "each probability that the model itself gives"  # of two classes only the second's
    is_digit = manifest.pictures().is_digit
    words = {
        "reference": spoken([manifest.reference], manifest.reference),
        "value": value,
        "thing": "digit" if is_digit else "picture",
        "class_": "digit" if is_digit else "class",
        "classes": "digits" if is_digit else "classes",
    }
    return {
        name: (title.format(**words), how.format(**words)) for name, (title, how) in CHARTS.items()
    }


def url_path(model: str, backend: Backend, weights: Weights = "float32") -> str:
    """The URL path of the specifications, below the app's root. It changes with them."""
    version = hashlib.sha256(specs(model, backend, weights).encode()).hexdigest()[:16]
    return f"{URL_PATH}/{version}/{model}/{weights}/{backend}.json"


def specs(model: str, backend: Backend, weights: Weights = "float32") -> str:
    """JSON of all charts' specifications by name, for a model of this server."""
    manifest = store.manifest(model)
    names = tuple(map(str, lane_wire.lanes(manifest, backend, weights)))
    says = {name: ". ".join(heading) for name, heading in _headings(manifest).items()}
    says[LOG] = f"{says['probabilities']} On a log scale."
    return _specs(names, manifest.classes, tuple(says.items()), judgement.stored(manifest))


@lru_cache(_KEPT)
def _specs(
    lanes: tuple[str, ...],
    classes: tuple[str, ...],
    says: tuple[tuple[str, str], ...],
    judge: Judge,
) -> str:
    allowed = judgement.allowed(judge)
    what = "rounding explains" if isinstance(judge, ByRule) else "fixed tolerance"
    places = chart_templates.lane_places(lanes) | {
        "classes": classes,
        "others": lanes[1:],
        "all_but_last": lanes[:-1],
        "allowed": allowed,
        "allowed_name": f"{what} {short(allowed)}",
    }
    return json.dumps(
        {
            name: chart_theme.alone(
                _with_room(chart_templates.spec(_TEMPLATES, name, places), classes), says=said
            )
            for name, said in says
        }
    )


def _are_words(classes: tuple[str, ...]) -> bool:
    return max(map(len, classes), default=0) > _SHORT


def _with_room(spec: Spec, classes: tuple[str, ...]) -> Spec:
    """The chart with an axis of classes that can be read, whatever their names and number.

    Of many classes the rows say which are shown, and in which order. Words are written at an angle
    and cut off; the marks' tooltips have the whole names.
    """
    part = spec.get("layer", [spec])[0]
    if part["encoding"]["x"].get("field") != "label":
        return spec
    x = dict(part["encoding"]["x"])
    if many_classes.are_many(classes):
        x |= {"scale": {}, "sort": None}
    if _are_words(classes):
        x["axis"] = x["axis"] | _AT_AN_ANGLE
        spec = spec | {"height": spec["height"] + _ROOM}
    encoding = part["encoding"] | {"x": x}
    if "layer" in spec:
        return spec | {"layer": [part | {"encoding": encoding}, *spec["layer"][1:]]}
    return spec | {"encoding": encoding}
