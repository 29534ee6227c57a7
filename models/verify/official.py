"""Judges what the official converter alone makes of a model: that is what its user has.

It differs from what we made where our conversion leaves out what TensorFlow.js refuses, and where a
model of Keras 3 is built again in tf_keras before it is converted.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from models.convert import runs
from models.convert.runs import Conversion
from models.dataset.samples import Samples
from models.errors import ModelError
from models.formats import manifest as manifests
from models.lanes import Lane
from models.parity import explanation, judgement
from models.parity.advice.recommendation import UNMADE
from models.parity.judgement import Judgement
from models.runtimes import node
from models.verify import verification
from models.verify.verification import Verification

RUNTIME = "tfjs/wasm"  # the question is whether TensorFlow.js takes it; plain JavaScript is slow
_MODEL = "model"  # what the messages call the original


@dataclass(frozen=True)
class Alone:
    """``conversions`` of the file ``original`` that the official converter makes otherwise than we;
    messages name the file as it is ``called``.
    """

    original: Path
    called: Path
    conversions: Sequence[Conversion]


def judged(result: Verification, alone: Alone, samples: Samples) -> Verification:
    """The same with ``official``: a judgement of each conversion by the official converter alone,
    against the reference of ``result``. Nothing is kept.
    """
    original, conversions = alone.original, alone.conversions
    if not conversions or not node.SCRIPT.is_file():
        return result
    with tempfile.TemporaryDirectory(prefix="digit-parity-") as temporary:
        folder = Path(temporary).resolve()
        source = folder / f"{_MODEL}{original.suffix}"
        shutil.copyfile(original, source)
        unmade = {}
        for each in conversions:
            try:
                runs.run(each, source, folder)
            except ModelError as error:
                unmade[each] = _named(str(error), folder, source, alone.called)
        manifest = replace(
            result.manifest,
            lanes={"keras": source.name}
            | {each.form: f"{each.folder}/model.json" for each in conversions},
        )
        manifests.write(manifest, folder)
        judgements = [
            _unmade(each, unmade[each])
            if each in unmade
            else verification.judge(Lane(each.form, RUNTIME), result.reference, samples, folder)
            for each in conversions
        ]
        return replace(result, official=explanation.explained(judgements, manifest, folder))


def _named(message: str, folder: Path, source: Path, called: Path) -> str:
    """The message with the user's file and the converter's folders in place of ours."""
    return message.replace(str(source), str(called)).replace(f"{folder}{os.sep}", "")


def _unmade(each: Conversion, why: str) -> Judgement:
    return judgement.cannot_run(Lane(each.form, RUNTIME), f"{UNMADE}{why}")
