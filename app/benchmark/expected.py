"""What a benchmark's answers are compared with: the reference's, by the model's own bound."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from app.benchmark.checked import Checked
from models.digit.digit import Digit
from models.errors import ModelError
from models.formats import manifest as manifests
from models.lanes import Lane, Probabilities
from models.parity import judgement, rule
from models.parity.judgement import ByRule, Judge
from models.runtimes.worker.client import TensorFlowWorker
from models.runtimes.worker.messages import Answer


@dataclass(frozen=True, eq=False)
class Expected:
    """The reference's answers to the picture that is measured, and to a blank one, each a row
    (1, outputs), and the judge of how far others may be from them.
    """

    judge: Judge
    picture: Probabilities
    blank: Probabilities

    def look(self, so_far: Checked, lane: Lane, answers: Sequence[Probabilities]) -> Checked:
        """Count these answers of ``lane``, each (n, outputs): every row is to the same picture."""
        judged: dict[int, Checked] = {}  # of arrays that are there more than once
        for each in answers:
            if id(each) not in judged:
                judged[id(each)] = self._one(lane, each, self.picture)
            so_far = so_far.then(judged[id(each)])
        return so_far

    def look_at_blank(self, so_far: Checked, lane: Lane, answer: Probabilities) -> Checked:
        """Count an answer to a blank picture."""
        return so_far.then(self._one(lane, answer, self.blank))

    def _one(self, lane: Lane, answer: Probabilities, base: Probabilities) -> Checked:
        rows, expected = rule.rows(answer), rule.rows(np.repeat(base, len(answer), axis=0))
        found = self.judge.judge(lane, expected, rows)
        far = found.distance
        return Checked(
            answers=1,
            wrong=int(found.kind == "differs"),
            nan=int(not np.isfinite(answer).all()),
            first_wrong=0 if found.kind == "differs" else None,
            worst=far if far is not None and np.isfinite(far) else None,
        )

    def wire(self) -> dict[str, Any]:
        """The same for the browser, whose judge is app/frontend/judge.js."""
        judge = self.judge
        bound: dict[str, Any] = {"bound": judgement.allowed(judge)}
        if isinstance(judge, ByRule):
            bound |= {"head": judge.head, "scale": judge.scale}
        else:
            bound |= {"head": "tolerance", "rtol": judge.rtol}
        answer = [float(each) for each in self.picture.ravel()]
        return {"answer": answer, "row": rule.rows(self.picture).shape[1], **bound}


class Asked:
    """The question to the reference what its answers are. Safe to use from many threads."""

    def __init__(self, worker: TensorFlowWorker, folder: Path, digit: Digit) -> None:
        manifest = manifests.read(folder)
        self._judge = judgement.stored(manifest)
        self._future: Future[Answer] = worker.submit(
            folder, manifest.reference, digit.pixels[None], every=True
        )

    @property
    def done(self) -> bool:
        """Whether the reference has answered, or failed."""
        return self._future.done()

    def expected(self) -> Expected | None:
        """The answers, when they are there; None if the reference has none that are numbers."""
        try:
            answer = self._future.result()
        except ModelError:
            return None
        found = (answer.probabilities, answer.blank)
        if any(each is None or not np.isfinite(each).all() for each in found):
            return None
        picture, blank = (np.asarray(each) for each in found)
        return Expected(self._judge, picture, blank)
