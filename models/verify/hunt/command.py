"""``digit-parity hunt``, also ``python -m models.verify.hunt``: where two lanes differ most.

Exit codes: 0 rounding explains what was found, 1 it does not, 2 nothing could be compared.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from models.command_line import ending, options, output
from models.command_line.verb import verb
from models.dataset import sample_inputs
from models.formats import manifest as manifests
from models.runtimes.process.log_filter import quiet
from models.verify import source as sources
from models.verify import without_adding
from models.verify.hunt import hunting, keeping, pair, report, text
from models.verify.hunt.space import Limits
from models.verify.source import Source

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
@sources.asked
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
    source: Source,
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
    with output.progress("Reading the model"), _folder(source) as (folder, said):
        inputs = sample_inputs.find(manifests.read(folder), folder, data)
        found = hunting.hunt(folder, inputs.samples, **settings)
    output.skipped(inputs.skipped)
    if as_json:
        print(json.dumps(report.as_json(found)))
    else:
        print("\n".join([*said, *text.lines(found, inputs.described)]))
    if save is not None:  # last: what was found is not lost with a full disk
        keeping.save(found.flipped or found.farthest, save)
        if not as_json:
            print(f"Saved as {save}.")
    explained = found.farthest.distance <= max(found.farthest.bound, found.rounding_there or 0.0)
    return EXPLAINED if explained else DIFFERS


@contextmanager
def _folder(source: Source) -> Iterator[tuple[Path, tuple[str, ...]]]:
    """The model's folder, a temporary one of what is not added, and what was guessed of that."""
    if source.stored is not None:
        yield source.stored, ()
        return
    with (
        source.given() as given,
        without_adding.folder_of(given, source.wanted) as (folder, built),
    ):
        yield folder, (*given.notes, *built.misfits, *built.manifest.assumed)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit code."""
    return ending.run(lambda: command, "python -m models.verify.hunt", arguments)
