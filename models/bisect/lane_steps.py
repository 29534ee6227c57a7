"""One lane of a model layer by layer: what its parts give, and what each adds to given values."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from models.formats import anatomy
from models.formats.anatomy import Anatomy
from models.formats.manifest import Manifest
from models.formats.tensors import Tensors
from models.lanes import Lane
from models.runtimes import activations, node_activations
from models.runtimes.activations import Own, Trace, Tracer
from models.runtimes.graph_steps import Feeds, Outputs

if TYPE_CHECKING:
    from models.runtimes.browser.program import Program


class LaneSteps:
    """A lane of the model in ``folder``, whose stored form is taken apart in ``parts``.

    ``inputs`` are the parts that are the model's, ``feeds`` those that were asked alone, and what
    each was computed from. TensorFlow.js runs in ``browser``, in Node without one.
    """

    def __init__(
        self,
        folder: Path,
        lane: Lane,
        parts: Anatomy,
        manifest: Manifest,
        browser: Program | None = None,
    ) -> None:
        self._folder, self._lane, self._parts = folder, lane, parts
        self._browser = browser
        self.inputs = in_order(parts, [each.name for each in manifest.takes])
        self._tracer: Tracer | None = None
        self._not_shown: set[str] = set()
        self.feeds: Feeds = {}

    def run(self, tensors: Tensors, given: Outputs) -> tuple[Trace, Own]:
        """What the parts give for the inputs, and what each part adds to the ``given`` values.

        Raises ModelError where the lane cannot be run.
        """
        trace, own = self._run(tensors, given)
        if not_shown := [part for part in self.feeds if part not in trace.outputs]:
            # As where a graph computes the steps of a sequence in one batch.
            self._not_shown.update(not_shown)
            trace, own = self._run(tensors, given)
        return trace, own

    def _run(self, tensors: Tensors, given: Outputs) -> tuple[Trace, Own]:
        known = dict(zip(self.inputs, tensors, strict=False)) | {
            part: values for part, values in given.items() if part not in self._not_shown
        }
        self.feeds = anatomy.feeds(self._parts, known)
        if self._lane.in_browser and self._browser is not None:
            from models.runtimes.browser import tfjs_activations

            return tfjs_activations.trace_and_own(
                self._folder, self._lane, tensors, known, self.feeds, program=self._browser
            )
        if self._lane.in_browser:
            return node_activations.trace_and_own(
                self._folder, self._lane, tensors, known, self.feeds
            )
        if self._tracer is None:
            self._tracer = activations.load(self._folder, self._lane.format, self._lane.weights)
        return self._tracer.trace(tensors), self._tracer.own(tensors, known, self.feeds)


def in_order(parts: Anatomy, names: Sequence[str]) -> list[str]:
    """The parts that are inputs, in the order of the model's ``names`` for them."""
    there = parts.inputs
    return [there[name] for name in names] if set(names) == set(there) else list(there.values())
