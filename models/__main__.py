"""``digit-parity``, also ``python -m models``: all commands under one name.

A command is imported when it is called, so that help, completion and ``--version`` come at once.
"""

from __future__ import annotations

import os
import sys
from functools import partial

import models
from models.command_line import completion, ending, serve, verb, versions

# isort: split
import click  # after models.command_line, which says what is missing


class Verbs(click.Group):
    """Commands that are imported when called; until then a name and a line of help stand in."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Import the command that is called."""
        name, command, rest = super().resolve_command(ctx, args)
        return name, LOADERS[name]() if name in LOADERS else command, rest

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order in which they are used."""
        return list(self.commands)


def _show_versions(ctx: click.Context, _option: click.Parameter, requested: bool) -> None:
    if requested and not ctx.resilient_parsing:
        click.echo("\n".join(versions.lines(models.__version__)))
        ctx.exit()


@click.group(cls=Verbs, epilog="Each has examples in its own help: digit-parity verify --help")
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show_versions,
    help="Show the versions of what converts and runs models.",
)
def command() -> None:
    """Did the conversion keep my Keras model, and which TensorFlow.js format should I ship?"""


SUMMARIES = {
    "check": "What is known to stand in a model's way, before it is converted?",
    "verify": "Does every format still answer as the Keras model does?",
    "alternatives": "What else could a page run it with: LiteRT.js, ONNX Runtime Web?",
    "bisect": "Where does a converted model leave its original? The layer, by name.",
    "hunt": "On which input are two lanes farthest apart?",
    "evaluate": "How well does each format read a set, and how far do they agree?",
    "add": "Bring your own model to the dashboard.",
    "convert": "Convert a Keras model to both TensorFlow.js formats.",
    "setup": "Install the official converter, once, for what converts a Keras file.",
    "train": "Train the model that ships.",
}
LOADERS = {
    "check": partial(verb.load, "models.convert.check.command"),
    "verify": partial(verb.load, "models.verify.command", slim=True),
    "alternatives": partial(verb.load, "models.verify.alternatives.command"),
    "bisect": partial(verb.load, "models.bisect.command", slim=True),
    "hunt": partial(verb.load, "models.verify.hunt.command", slim=True),
    "evaluate": partial(verb.load, "models.evaluate.command", slim=True),
    "add": partial(verb.load, "models.add.command"),
    "convert": partial(verb.load, "models.convert.command"),
    "setup": partial(verb.load, "models.convert.setup.command"),
    "train": partial(verb.load, "models.train.command"),
}
for name, summary in SUMMARIES.items():
    command.add_command(click.Command(name, short_help=summary))
command.add_command(serve.command, "serve")
command.add_command(completion.command, "completion")


def main() -> int:
    """The installed command; returns the exit code."""
    if completion.VARIABLE in os.environ:  # a shell asks for completions: Click answers and exits
        command.main(prog_name=completion.NAME)
    return ending.run(lambda: command, completion.NAME)


if __name__ == "__main__":
    sys.exit(main())
