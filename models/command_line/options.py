"""Options that several commands take, each defined once."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource
from click.shell_completion import CompletionItem

from models.command_line.picture_options import SCALING
from models.formats import manifest as manifests
from models.formats import store
from models.lanes import CONVERTED, WEIGHTS, Format
from models.parity.agreement import ATOL, RTOL
from models.parity.judgement import ByTolerance

Decorator = Callable[[Callable[..., int]], Callable[..., int]]

PATH: click.Path = click.Path(path_type=Path)
MNIST_HELP = "MNIST as Keras's mnist.npz; it is fetched unless given."
STROKES_HELP = "Pen drawings as UNIPEN, by several writers."


def _models(_ctx: click.Context, _option: click.Parameter, begun: str) -> list[CompletionItem]:
    """Completions for a model: the names of stored models, or a folder."""
    names = [CompletionItem(name) for name in store.names() if name.startswith(begun)]
    return [*names, CompletionItem(begun, type="dir")]


_MODEL_HELP = f"A model's name, folder or file; {store.DEFAULT} unless given."


def model_argument(function: Callable[..., int]) -> Callable[..., int]:
    """MODEL, which may be left out."""
    return click.argument("model", default=store.DEFAULT, shell_complete=_models, help=_MODEL_HELP)(
        function
    )


def model_option(function: Callable[..., int]) -> Callable[..., int]:
    """``--model``, for a command with another argument."""
    return click.option(
        "--model",
        default=store.DEFAULT,
        metavar="MODEL",
        shell_complete=_models,
        help=_MODEL_HELP,
    )(function)


def data(help_text: str) -> Decorator:
    """``--data``: what to compare on, a file or a folder."""
    return click.option("--data", type=PATH, help=help_text)


def runtimes(choices: Sequence[str]) -> Decorator:
    """``--runtime``: what executes the model; may be given again."""
    return click.option(
        "--runtime",
        "runtimes",
        type=click.Choice(choices),
        multiple=True,
        metavar="RUNTIME",
        help=f"{', '.join(choices)}. May be given again; unless given, those that need no browser.",
    )


def browser(function: Callable[..., int]) -> Callable[..., int]:
    """``--browser``: where TensorFlow.js runs in place of Node."""
    return click.option(
        "--browser",
        metavar="BROWSER",
        help="chromium, firefox, webkit, or a program's path: runs TensorFlow.js there, without a "
        "window, in place of Node; tfjs/webgl, tfjs/webgpu and what has a + imply chromium.",
    )(function)


def form(choices: Sequence[str]) -> Decorator:
    """``--format``: one of ``choices``, or all."""
    return click.option(
        "--format",
        "form",
        type=click.Choice([*choices, "all"]),
        default="all",
        help="Which format; all unless given.",
    )


def weights(*names: str, **settings: Any) -> Decorator:
    """An option that takes a kind of weights."""
    return click.option(*names, type=click.Choice(WEIGHTS), **settings)


def tolerance(function: Callable[..., int]) -> Callable[..., int]:
    """``--atol`` and ``--rtol``: how far a lane may be from the reference."""
    for name, default in (("--rtol", RTOL), ("--atol", ATOL)):
        function = click.option(
            name,
            type=float,
            help=f"A tolerance in place of the rule; with the other alone, {default:g}.",
        )(function)
    return function


def tolerance_of(atol: float | None, rtol: float | None) -> ByTolerance | None:
    """The tolerance that takes the place of the rule, if one is given."""
    if atol is None and rtol is None:
        return None
    return ByTolerance(ATOL if atol is None else atol, RTOL if rtol is None else rtol)


def required(function: Callable[..., int]) -> Callable[..., int]:
    """``--require``: formats that have to run."""
    return click.option(
        "--require",
        "required",
        metavar="FORMATS",
        callback=_formats,
        help="graph, layers or graph,layers: what TensorFlow.js has to run.",
    )(function)


def _formats(
    _ctx: click.Context, _option: click.Parameter, value: str | None
) -> tuple[Format, ...]:
    names = [] if value is None else [each.strip() for each in value.split(",")]
    if unknown := [name for name in names if name not in CONVERTED]:
        raise click.BadParameter(f"{unknown[0]!r} is not one of {', '.join(CONVERTED)}")
    return tuple(form for form in CONVERTED if form in names)


def converted(function: Callable[..., int]) -> Callable[..., int]:
    """``--graph`` and ``--layers``: folders that a converter wrote."""
    for form in reversed(CONVERTED):
        function = click.option(
            f"--{form}", metavar="DIR", type=PATH, help=f"A converted {form} model."
        )(function)
    return function


def refuse(ctx: click.Context, names: Mapping[str, str], why: str) -> None:
    """Raise UsageError where the person gave one of these parameters, by what it is called."""
    for name, called in names.items():
        if ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            raise click.UsageError(f"{called} {why}", ctx)


def again(ctx: click.Context) -> str:
    """The command line that is being run, to be copied, without what says on which scale the model
    takes its pixels.
    """
    words = ctx.command_path.split()
    for each in ctx.command.params:
        name = each.name or ""
        given = ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE
        if not given or name in SCALING or name not in ctx.params:
            continue
        value = ctx.params[name]
        if isinstance(each, click.Argument):
            words.append(str(value))
        elif value is True:
            words.append(each.opts[-1])
        elif each.multiple:
            words += [word for one in value for word in (each.opts[0], str(one))]
        else:
            text = ",".join(value) if isinstance(value, tuple) else str(value)
            words += [each.opts[0], text]
    return shlex.join(words)


def added_again(folder: Path) -> str:
    """The command that adds the stored model in ``folder`` again, without its ``--range``."""
    model = manifests.read(folder)
    if original := model.original or model.lanes.get("keras"):
        files = [str(folder / original)]
    else:
        files = [
            word for form in CONVERTED for word in (f"--{form}", str(folder / f"model_{form}"))
        ]
    name = model.name if folder != store.SHIPPED else "NAME"
    return shlex.join(["digit-parity", "add", name, *files, "--replace"])


def json_flag(help_text: str) -> Decorator:
    """``--json``: print JSON instead of text."""
    return click.option("--json", "as_json", is_flag=True, help=help_text)


def mnist(function: Callable[..., int]) -> Callable[..., int]:
    """``--data`` for training: MNIST."""
    return click.option("--data", type=PATH, help=MNIST_HELP)(function)


def strokes(function: Callable[..., int]) -> Callable[..., int]:
    """``--strokes`` for training: pen drawings."""
    return click.option("--strokes", type=PATH, help=STROKES_HELP)(function)
