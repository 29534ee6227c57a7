"""The browser's side of the page: a component that computes a run, shows how much of a model is
here, and tells the picker of files what is read.
"""

from __future__ import annotations

from typing import Any

from app.frontend import component, lane_wire, module_tree
from app.upload.run import Run
from models.dataset import KINDS
from models.formats import store
from models.tfjs import built

_component = component.component(
    "digit_parity_upload",
    "upload/frontend/browser_lanes.js",
    html='<div class="dp-upload"></div>',
    isolate_styles=False,
)


def mount(run: Run | None, *, model: str, backend: str) -> None:
    """Mount the component. The browser works on ``run`` unless that is None or has ended."""
    manifest, bundle = store.manifest(model), built.entry()
    active = run is not None and not run.finished and bundle is not None
    _component(
        key="upload-lanes",
        on_ended_change=lambda: None,  # reruns the page at once instead of within a second
        data={
            "bundle": bundle,
            "worker": module_tree.APP.url_path("upload/frontend/web_worker.js"),
            "model": {
                "name": model,
                "version": store.version(model),
                "paths": {name: manifest.address(name) for name in lane_wire.formats(manifest)},
                "input": manifest.pictures().stored(),
            },
            "backend": backend,
            "kinds": list(KINDS),
            "set": _set(run) if run is not None and active else None,
        },
    )


def _set(run: Run) -> dict[str, Any]:
    return {"token": run.token, "images": len(run.data), "size": run.size, "part": run.part}
