"""One command of ``digit-parity``: its help, and its exit code for errors that a user can fix."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import click

from models.command_line import apart as apart_process
from models.command_line.ending import DEBUG_HELP, failing_with, is_of_the_output
from models.errors import DigitParityError
from models.runtimes.process import slim_imports

Failed = Callable[[Mapping[str, Any], DigitParityError | OSError], None]


class Section(click.Option):
    """An option that its command's help has below a heading of its own."""

    def __init__(self, *args: Any, section: str, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.section = section


class Verb(click.Command):
    """A command that returns its exit code.

    When a file or a model cannot be used, it ends with the exit code ``failure`` and a sentence
    that begins with ``prefix``. ``examples`` are arguments, shown at the end of its help. With
    ``apart`` it runs in a process of its own: it is the first to try what somebody else made.
    ``failed`` is told the command's parameters and the error before it ends so, in either process.
    """

    def __init__(
        self,
        *args: Any,
        failure: int = 1,
        prefix: str = "",
        examples: Sequence[str] = (),
        apart: bool = False,
        failed: Failed | None = None,
        **settings: Any,
    ) -> None:
        super().__init__(*args, **settings)
        self._failure, self._prefix, self._examples = failure, prefix, tuple(examples)
        self._apart, self._failed = apart, failed

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command. Raises CommandError when a file or a model cannot be used."""
        with failing_with(self._failure, self._prefix):
            try:
                if self._apart and apart_process.here():
                    apart_process.keep_steps()
                elif self._apart and ctx.obj:
                    return apart_process.run()
                return super().invoke(ctx)
            except (DigitParityError, OSError) as error:
                if self._failed is not None and not is_of_the_output(error):
                    self._failed(ctx.params, error)
                raise

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, those of a Section below its heading, after the others."""
        sections: dict[str, list[tuple[str, str]]] = {"Options": []}
        for each in self.get_params(ctx):
            record = None if isinstance(each, click.Argument) else each.get_help_record(ctx)
            if record is not None:
                heading = each.section if isinstance(each, Section) else "Options"
                sections.setdefault(heading, []).append(record)
        for heading, records in sections.items():
            with formatter.section(heading):
                formatter.write_dl(records)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples, after the name under which the command was called."""
        if self._examples:
            with formatter.section("Examples"):
                for arguments in self._examples:
                    line = f"{ctx.command_path} {arguments}".rstrip()
                    formatter.write(f"{'':{formatter.current_indent}}{line}\n")


def verb(
    *,
    failure: int = 1,
    prefix: str = "",
    examples: Sequence[str] = (),
    apart: bool = False,
    failed: Failed | None = None,
) -> Callable[[Callable[..., int]], Verb]:
    """Make a function a ``Verb``. Its docstring is the help; it returns the exit code."""

    def decorate(function: Callable[..., int]) -> Verb:
        debug = click.option(
            "--debug",
            is_flag=True,
            expose_value=False,  # ``ending`` looks for it, also when parsing failed
            help=DEBUG_HELP,
        )
        as_verb = click.command(
            cls=Verb,
            failure=failure,
            prefix=prefix,
            examples=examples,
            apart=apart,
            failed=failed,
        )
        return as_verb(debug(function))

    return decorate


def load(module: str, *, slim: bool = False) -> click.Command:
    """Import a module's command. With ``slim``, TensorFlow skips imports that no lane needs."""
    if slim:
        slim_imports.begin()
    command: click.Command = importlib.import_module(module).command
    return command
