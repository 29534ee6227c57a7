"""The options that say what a model takes and gives, where its file does not.

Each is optional: what nobody says is guessed, and the guess is said with its option.
"""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from models.command_line.verb import Section
from models.errors import ModelError
from models.formats import labels
from models.formats.model_input import FITS, FRAMINGS, INTERPOLATIONS, LAYOUTS, ORDERS
from models.formats.model_output import ANSWERS
from models.formats.wanted import Range, Wanted

SCALING = ("pixel_range", "scale", "mean", "std")  # the parameters that say which values it takes
_SECTION = "What the model takes and gives, guessed unless given"
_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?"
_RANGE = re.compile(rf"({_NUMBER})\.\.({_NUMBER})", re.IGNORECASE)
_SIZE = re.compile(r"(\d{1,5})(?:[x×](\d{1,5}))?", re.IGNORECASE)
_MOST = 1e6  # a pixel's value, and what is subtracted or divided by
_LARGEST = 4_096  # pixels of a side
_CHANNELS = 4


def _range(text: str) -> Range:
    found = _RANGE.fullmatch(text.strip())
    low, high = map(float, found.groups()) if found else (0.0, 0.0)
    if not (low < high and max(-low, high) <= _MOST):
        raise ValueError("expected LOW..HIGH, such as 0..255 or -1..1")
    return low, high


def _scale(text: str) -> Range:
    try:
        high = float(text)
    except ValueError:
        high = 0.0
    if not 0 < high < _MOST:
        raise ValueError("expected a number above 0, such as 255")
    return 0.0, high


def _numbers(text: str) -> tuple[float, ...]:
    words = text.split(",")
    try:
        values = tuple(map(float, words))
    except ValueError:
        values = ()
    if not 1 <= len(values) <= _CHANNELS or not all(abs(each) <= _MOST for each in values):
        raise ValueError("expected a number, or one for each channel, such as 0.485,0.456,0.406")
    return values


def _deviations(text: str) -> tuple[float, ...]:
    values = _numbers(text)
    if min(values) <= 0 or not all(map(math.isfinite, (1 / each for each in values))):
        raise ValueError("expected numbers above 0")
    return values


def _size(text: str) -> tuple[int, int]:
    found = _SIZE.fullmatch(text.strip())
    height, width = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
    if not (1 <= height <= _LARGEST and 1 <= width <= _LARGEST):
        raise ValueError("expected HEIGHTxWIDTH in pixels, such as 224x224")
    return height, width


def _classes(text: str) -> tuple[str, ...]:
    """The names, or those that a file has. Raises ModelError where that does not name any."""
    if text.startswith("@"):
        return labels.read(Path(text[1:]))
    return tuple(each.strip() for each in text.split(","))


# Parameter, what it takes, what its value is made by (None: as it is), help.
_OPTIONS: tuple[tuple[str, str | tuple[str, ...], Callable[[str], Any] | None, str], ...] = (
    ("--range", "LOW..HIGH", _range, "The values of its pixels: 0..1, 0..255, -1..1."),
    ("--scale", "NUMBER", _scale, "The same as --range 0..NUMBER."),
    ("--mean", "A,B,C", _numbers, "What is subtracted from them, one or one a channel."),
    ("--std", "A,B,C", _deviations, "What they are divided by then."),
    ("--layout", (*LAYOUTS, "none"), None, "Its sizes: height, width, channels; none: no picture."),
    ("--order", ORDERS, None, "The order of its colours."),
    ("--size", "HxW", _size, "Its height and width, where it takes any, or a row of pixels."),
    ("--fit", FITS, None, "How a picture of another shape is made to fit."),
    ("--interpolation", INTERPOLATIONS, None, "How a picture of another size is."),
    ("--framing", FRAMINGS, None, "mnist: ink is framed as MNIST frames its digits."),
    ("--answers", ANSWERS, None, "What its first output is."),
    ("--classes", "A,B,…", _classes, "The names of its classes; or @FILE: labels.txt, or JSON."),
)


def wanted(function: Callable[..., int]) -> Callable[..., int]:
    """The options; the command gets what they say as ``wanted``, a Wanted."""

    @functools.wraps(function)
    def collected(**given: Any) -> int:
        said = {_name(option): given.pop(_name(option)) for option, *_ in _OPTIONS}
        return function(wanted=_wanted(said), **given)

    for option, takes, _, help_text in reversed(_OPTIONS):
        choices = isinstance(takes, tuple)
        collected = click.option(
            option,
            _name(option),
            cls=Section,
            section=_SECTION,
            metavar=None if choices else takes,
            type=click.Choice(takes) if choices else str,
            callback=_checked,
            help=help_text,
        )(collected)
    return collected


def _name(option: str) -> str:
    return "pixel_range" if option == "--range" else option.removeprefix("--")


# Parameters to what they are called.
NAMES = {_name(option): option for option, *_ in _OPTIONS}
_MADE_BY = {_name(option): made for option, _, made, _ in _OPTIONS}


def _checked(_ctx: click.Context, option: click.Parameter, value: str | None) -> str | None:
    """The same text, which a command that is to be copied shows. Raises BadParameter."""
    if value is not None:
        try:
            _made(option.name or "", value)
        except (ValueError, ModelError) as error:
            raise click.BadParameter(str(error)) from error
    return value


def _wanted(said: dict[str, Any]) -> Wanted:
    given = {name: value for name, value in said.items() if value is not None}
    if {"pixel_range", "scale"} <= given.keys():
        raise click.UsageError(
            "--scale is another word for --range: give one of them.", click.get_current_context()
        )
    made = {name: _made(name, value) for name, value in given.items()}
    scale = made.pop("scale", None)
    return Wanted(range=made.pop("pixel_range", scale), **made)


def _made(name: str, value: str) -> Any:
    by = _MADE_BY[name]
    return value if by is None else by(value)
