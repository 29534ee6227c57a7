"""``digit-parity hunt``, also ``python -m models.verify.hunt``: where two lanes differ most.

Exit codes: 0 rounding explains what was found, 1 it does not, 2 nothing could be compared.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from models.command_line import ending, options, output, picture_options
from models.command_line.verb import verb
from models.convert.intake import files
from models.convert.intake.given import Given
from models.dataset import sample_inputs
from models.formats import manifest as manifests
from models.formats import store
from models.formats.wanted import Wanted
from models.runtimes.process.log_filter import quiet
from models.verify import without_adding
from models.verify.hunt import hunting, keeping, pair, report, text
from models.verify.hunt.hunting import Hunted
from models.verify.hunt.space import Limits

EXPLAINED, DIFFERS, NOT_COMPARED = 0, 1, 2


@verb(
    failure=NOT_COMPARED,
    apart=True,
    examples=(
        "",
        '--lanes exact "graph uint8 @ tfjs/wasm" --save flip.png',
        'mine --lanes "graph @ tensorflow" "layers @ tfjs/cpu" --seconds 300 --seed 7',
    ),
)
@options.model_argument
@click.option(
    "--original", metavar="FILE", type=options.PATH, help="What Keras saved; nothing is added."
)
@options.converted
@picture_options.wanted
@click.option(
    "--lanes",
    nargs=2,
    metavar="A B",
    help="'exact', or a lane as verify writes it. Unless given, exact and what is shipped first: "
    "'graph @ tfjs/wasm'.",
)
@options.data("Real inputs to begin at, as for verify; ready ones unless given.")
@click.option(
    "--seconds",
    type=float,
    default=hunting.SECONDS,
    help="How long it climbs; 60 unless given.",
)
@click.option("--steps", type=int, help="How many steps it climbs, however long that takes.")
@click.option("--seed", type=click.IntRange(0, 2**32 - 1), default=0, help="Of chance; 0.")
@click.option(
    "--linf",
    type=float,
    default=Limits.linf,
    help=f"How far any value may be from the real one, of the range; {Limits.linf:g} unless given.",
)
@click.option(
    "--rms",
    type=float,
    default=Limits.rms,
    help="How far the root of the mean square may be; "
    f"{Limits.rms:g} unless given, 2.8 of L2 on 28×28.",
)
@click.option(
    "--save",
    type=options.PATH,
    metavar="FILE",
    help="Write the input that was found, where the top class changes if there is one: .png or "
    ".npy.",
)
@options.json_flag("Print JSON.")
def command(
    *,
    model: str,
    original: Path | None,
    graph: Path | None,
    layers: Path | None,
    wanted: Wanted,
    lanes: tuple[str, str] | None,
    data: Path | None,
    seconds: float,
    steps: int | None,
    seed: int,
    linf: float,
    rms: float,
    save: Path | None,
    as_json: bool,
) -> int:
    """On which input are two lanes farthest apart?

    Climbs from real inputs: changes them little by little, by chance and along the gradients of the
    original, asks both lanes, and keeps those where they differ most, by verify's own measure. No
    input gets farther from a real one than --linf and --rms allow, so it still looks like one. What
    is found is judged by the rounding bound that the real inputs have: it holds, or the original
    itself is as far off there, or it is no rounding. An input whose top class changes is looked for
    beside it.

    The same seed and --steps find the same; with --seconds, the machine's speed decides where it
    ends.

    Exit codes: 0 rounding explains what was found, 1 it does not, 2 nothing could be compared.
    """
    ctx = click.get_current_context()
    stored = None if original or graph or layers else store.find_given(model)
    if stored is not None:
        options.refuse(ctx, picture_options.NAMES, "is for files: a model that was added has it.")
    quiet()
    if save is not None:
        keeping.check(save)
    settings: dict[str, Any] = {
        "lanes": None if lanes is None else [pair.parse(each) for each in lanes],
        "limits": Limits(linf, rms).checked(),
        "seconds": seconds,
        "steps": steps,
        "seed": seed,
    }
    with output.progress("Reading the model"):
        if stored is not None:
            found = _hunt(stored, data, settings)
        else:
            loose = None if original or graph or layers else Path(model)
            with files.given(loose, original=original, graph=graph, layers=layers) as given:
                found = _without_adding(given, wanted, data, settings)
    output.skipped(found.inputs.skipped if found.inputs else ())
    if as_json:
        print(json.dumps(report.as_json(found)))
    else:
        print("\n".join(text.lines(found)))
    if save is not None:  # last: what was found is not lost with a full disk
        keeping.save(found.flipped or found.farthest, save)
        if not as_json:
            print(f"Saved as {save}.")
    explained = found.farthest.distance <= max(found.farthest.bound, found.rounding_there or 0.0)
    return EXPLAINED if explained else DIFFERS


def _hunt(folder: Path, data: Path | None, settings: dict[str, Any]) -> Hunted:
    """Hunt in the model in a folder of its own."""
    found = sample_inputs.find(manifests.read(folder), folder, data)
    return replace(hunting.hunt(folder, found.samples, **settings), inputs=found)


def _without_adding(
    given: Given, wanted: Wanted, data: Path | None, settings: dict[str, Any]
) -> Hunted:
    """Hunt in a model from its files, in a temporary folder."""
    with without_adding.folder_of(given, wanted) as (folder, built):
        said = (*given.notes, *built.misfits, *built.manifest.assumed)
        return replace(_hunt(folder, data, settings), assumed=said)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit code."""
    return ending.run(lambda: command, "python -m models.verify.hunt", arguments)
