"""HTML out of Jinja2's templates, which lie beside the module that shows them.

A template file holds macros. Whatever is put into one is escaped, but for what another one gave.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.environment import TemplateModule
from markupsafe import Markup

_APP = Path(__file__).resolve().parents[1]
_environment = Environment(
    loader=FileSystemLoader(_APP),
    autoescape=True,
    auto_reload=False,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def render(file: str, macro: str, *values: object) -> Markup:
    """What a macro of ``app/FILE`` makes of the values.

    The file is compiled at the first call. Raises AttributeError for a macro that it has not,
    TypeError for a value too many, jinja2.UndefinedError for one too few.
    """
    made: Markup = getattr(_module(file), macro)(*values)
    return made


@cache
def _module(file: str) -> TemplateModule:
    return _environment.get_template(file).module
