"""``digit-parity alternatives``, also ``python -m models.verify.alternatives``: other runtimes for
the same original, measured beside TensorFlow.js.

Exit codes: 0 an alternative keeps the model and no lane differs, 1 a lane differs, 2 no alternative
could be compared.
"""

from __future__ import annotations

import contextlib
import json
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from models.command_line import options, output, picture_options
from models.command_line.verb import verb
from models.convert.intake import files
from models.dataset import sample_inputs
from models.errors import ModelError
from models.formats import manifest as manifests
from models.formats import store
from models.formats.wanted import Wanted
from models.runtimes.browser import program
from models.runtimes.process.log_filter import quiet
from models.tfjs.alternatives import packages
from models.verify import without_adding
from models.verify.alternatives import judging, text
from models.verify.alternatives.running import RUNTIMES
from models.verify.verification import NOT_COMPARED


@verb(
    failure=NOT_COMPARED,
    prefix="NOT COMPARED: ",
    apart=True,
    examples=("", "model.h5", "mine --runtime litert.js/wasm --keep converted"),
)
@options.model_argument
@picture_options.wanted
@options.data("What to compare on, as for verify.")
@click.option(
    "--runtime",
    "runtimes",
    type=click.Choice(list(RUNTIMES)),
    multiple=True,
    help="May be given again; all unless given.",
)
@click.option(
    "--browser",
    default="chromium",
    metavar="BROWSER",
    help="chromium, firefox, or the path of a program; chromium unless given.",
)
@click.option(
    "--keep",
    type=options.PATH,
    metavar="FOLDER",
    help="Where model.tflite and model.onnx are to stay.",
)
@click.option(
    "--json", "json_file", type=options.PATH, metavar="FILE", help="Write all figures as JSON."
)
def command(
    *,
    model: str,
    wanted: Wanted,
    data: Path | None,
    runtimes: Sequence[str],
    browser: str,
    keep: Path | None,
    json_file: Path | None,
) -> int:
    """What else could a page run it with: LiteRT.js, ONNX Runtime Web?

    Converts the original to a .tflite, by TensorFlow's LiteRT converter, and to an .onnx, by
    tf2onnx, runs both on WebAssembly and on WebGPU in a browser without a window, and TensorFlow.js
    beside them. Each is judged as `digit-parity verify` judges a lane, on up to 64 inputs (8 on
    WebGPU), timed by one clock on one thread, and sized by what its page loads. What a converter
    cannot make is a line with its reason.

    Nothing of this is here until `digit-parity setup alternatives` has fetched it, once.

    Exit codes: 0 an alternative keeps the model and no lane differs, 1 a lane differs, 2 no
    alternative could be compared.
    """
    if why := packages.missing():
        raise ModelError(why)
    quiet()
    program_ = program.find(browser)
    with (
        output.progress("Reading the model"),
        _folder(model, wanted) as folder,
        _kept(keep) as out,
    ):
        on = sample_inputs.find(manifests.read(folder), folder, data)
        found = judging.measure(folder, on.samples, out, program_, runtimes or list(RUNTIMES))
    versions = packages.about()["packages"]
    named = ", ".join(f"{name} {version}" for name, version in versions.items())
    print(f"{found.manifest.title}: {found.images} inputs in {program_.name}, one thread; {named}")
    print("\n".join(text.lines(found)))
    if json_file is not None:
        content = json.dumps(text.as_json(found, versions), indent=2, ensure_ascii=False)
        json_file.write_text(content + "\n", "utf-8")
    return found.exit_code


@contextlib.contextmanager
def _folder(model: str, wanted: Wanted) -> Iterator[Path]:
    """The folder of a stored model, or a temporary one of a model's file."""
    stored = store.find_given(model)
    if stored is not None:
        yield stored
        return
    with files.given(Path(model)) as given, without_adding.folder_of(given, wanted) as (folder, _):
        yield folder


@contextlib.contextmanager
def _kept(keep: Path | None) -> Iterator[Path]:
    """The folder that what is converted is written to."""
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep
        return
    with tempfile.TemporaryDirectory(prefix="digit-parity-") as temporary:
        yield Path(temporary)
