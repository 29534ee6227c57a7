"""Renders Jinja2 templates, which are beside the module that shows them.

A template file holds macros. Values are escaped, except the output of another macro.
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
    """Render a macro of ``app/FILE``, which is compiled at the first call.

    Raises AttributeError for an unknown macro, TypeError for a value too many and
    jinja2.UndefinedError for one too few.
    """
    html: Markup = getattr(_module(file), macro)(*values)
    return html


@cache
def _module(file: str) -> TemplateModule:
    return _environment.get_template(file).module
