"""``digit-parity completion``: commands, options and models' names completed by the shell."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from models.command_line.verb import verb

NAME = "digit-parity"
VARIABLE = "_DIGIT_PARITY_COMPLETE"  # set by the shell's script; the name is Click's


@verb(
    examples=(
        "bash > ~/.digit-parity.bash   # and in ~/.bashrc: source ~/.digit-parity.bash",
        "zsh > ~/.digit-parity.zsh     # and in ~/.zshrc: source ~/.digit-parity.zsh",
        "fish > ~/.config/fish/completions/digit-parity.fish",
    )
)
@click.argument("shell", type=click.Choice(("bash", "zsh", "fish")))
@click.pass_context
def command(ctx: click.Context, *, shell: str) -> int:
    """Print the lines that make a shell complete this command."""
    kind = get_completion_class(shell)
    assert kind is not None
    click.echo(kind(ctx.find_root().command, {}, NAME, VARIABLE).source())
    return 0
