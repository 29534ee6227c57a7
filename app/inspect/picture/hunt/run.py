"""One search, and the component that runs it in the browser."""

from __future__ import annotations

import base64
import math
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from app.frontend import component, lane_wire, model_outputs, module_tree
from app.inspect import shared as inspect_shared
from app.inspect.picture.hunt import found as hunt_found
from app.inspect.picture.hunt.found import LIMITS, Ended, Levels
from models.digit.digit import Digit
from models.errors import InputError
from models.formats import store
from models.lanes import Weights
from models.tfjs import built

SECONDS = 20
MOST = 64  # real pictures to begin at, and pictures that are asked for at once; of large ones fewer
VALUES = 1 << 20  # ... of which all together have no more values

_component = component.component(
    "digit_parity_hunt",
    "inspect/picture/hunt/hunter.js",
    html='<div class="dp-hunt"></div>',
    isolate_styles=False,
)


@dataclass(frozen=True, eq=False)
class Asked:
    """What is chosen on the page: ``backend`` may be ``auto``."""

    model: str
    digit: Digit
    weights: Weights
    backend: str

    @property
    def key(self) -> tuple[str, ...]:
        """What a search is valid for; it goes on when another picture is looked at."""
        return self.model, store.version(self.model), self.weights, self.backend


@dataclass
class Hunt:
    """A search from the pictures ``real`` (n, *picture), whose names are ``names``."""

    model: str
    weights: Weights
    backend: str
    real: Levels
    names: tuple[str, ...]
    seed: int
    stopped: bool = False
    ended: Ended | None = None
    problem: str | None = None
    token: str = field(default_factory=lambda: secrets.token_urlsafe(12))

    @property
    def is_running(self) -> bool:
        """Whether the browser searches."""
        return self.ended is None and self.problem is None

    def stop(self) -> None:
        """End with what is found so far."""
        self.stopped = True


def begin(asked: Asked, seed: int) -> Hunt:
    """A search from the picture that is looked at and ready ones."""
    taken = store.manifest(asked.model).pictures()
    sample = inspect_shared.sample(asked.model)
    most = max(1, min(MOST, len(sample), VALUES // math.prod(taken.picture) - 1))
    places = np.linspace(0, len(sample) - 1, most).astype(np.int64)
    chosen = np.frombuffer(asked.digit.levels, np.uint8).reshape(1, *taken.picture)
    real = np.concatenate([chosen, sample.stored[places]])
    ready = ("A ready digit" if taken.is_digit else f"Ready: {sample.names[at]}" for at in places)
    names = ("The picture above", *ready)
    return Hunt(asked.model, asked.weights, asked.backend, real, names, seed)


def mount(hunt: Hunt | None) -> None:
    """Mount the component, and keep what it reports of ``hunt``; it stops if that is None."""
    running = hunt is not None and hunt.is_running
    state = _component(
        key="inspect-hunt-component",
        data={
            "bundle": built.entry(),
            "worker": module_tree.APP.url_path("inspect/picture/hunt/web_worker.js"),
            "run": _asked(hunt) if hunt is not None and running else None,
        },
        on_report_change=lambda: None,
    )
    raw = state.get("report")
    if hunt is not None and running and isinstance(raw, Mapping):
        take(hunt, raw)


def take(hunt: Hunt, raw: Mapping[str, Any]) -> None:
    """Keep a report, if it is of this search; one that cannot be read is its ``problem``."""
    if raw.get("token") != hunt.token:
        return
    manifest = store.manifest(hunt.model)
    try:
        count = model_outputs.count(manifest)
        hunt.ended = hunt_found.parse(raw, hunt.real, manifest, hunt.weights, count)
    except InputError as error:
        hunt.problem = str(error)


def _asked(hunt: Hunt) -> dict[str, Any]:
    manifest = store.manifest(hunt.model)
    taken, rule = manifest.pictures(), hunt_found.judge(manifest)
    assert rule is not None
    size = math.prod(taken.picture)
    row = manifest.outputs[0].whole[-1:] if manifest.outputs else (model_outputs.count(manifest),)
    return {
        "token": hunt.token,
        "stopped": hunt.stopped,
        "model": {
            "name": hunt.model,
            "version": store.version(hunt.model),
            "paths": {
                form: manifest.address(form, hunt.weights) for form in lane_wire.formats(manifest)
            },
            "input": taken.stored(),
        },
        "backend": hunt.backend,
        "pictures": base64.b64encode(hunt.real.tobytes()).decode("ascii"),
        "size": size,
        "ground": {
            "width": taken.size[1],
            "channels": taken.channels,
            "limits": {"linf": LIMITS.linf, "rms": LIMITS.rms},
            "seed": hunt.seed,
            "count": max(1, min(MOST, VALUES // size)),
        },
        "judge": {
            "row": row[0] if row else 1,
            "head": rule.head,
            "scale": rule.scale,
            "answers": manifest.answers,
        },
        "seconds": SECONDS,
    }
