"""The official converter, the package tensorflowjs: whether it is here, and a run of it.

Only converting needs it. It is imported without what no Keras model needs: its package's
``__init__`` imports JAX, and its module for graphs decision forests and TensorFlow Hub. Where the
user has these rather than our stand-ins, they would print warnings that nobody can act on.
"""

from __future__ import annotations

import contextlib
import importlib.util
import sys
from collections.abc import Callable, Iterator, Sequence
from types import ModuleType
from typing import Any

from models.errors import ModelError
from models.storage import locations

Run = Callable[[Sequence[str]], None]

_PACKAGES = ("tensorflowjs", "tensorflowjs.converters")
_UNUSED = ("tensorflow_decision_forests", "tensorflow_hub")


def check() -> None:
    """Raise ModelError when the converter is not installed. This takes no time."""
    folder = str(locations.converter())  # of `digit-parity setup`
    if folder not in sys.path:
        sys.path.append(folder)  # the last one: the environment's own packages come before
    if importlib.util.find_spec(_PACKAGES[0]) is None:
        raise _missing("not installed")


def run(arguments: Sequence[str]) -> None:
    """Run ``tensorflowjs_converter`` with these arguments, in this process: six starts of
    TensorFlow would take a minute. Raises ModelError when it is missing or fails.
    """
    converter = load()
    try:
        # The converter prints its progress; standard output is for the result.
        with contextlib.redirect_stdout(sys.stderr):
            converter.convert(list(arguments))
    except Exception as error:  # it raises many kinds
        raise ModelError(f"tensorflowjs_converter {' '.join(arguments)} failed: {error}") from error


def load() -> Any:
    """The module ``tensorflowjs.converters.converter``. Raises ModelError when it is missing, or
    cannot be imported.
    """
    check()
    for name in _PACKAGES:
        _without_init(name)
    try:
        with _empty(_UNUSED):
            from tensorflowjs.converters import converter
    except Exception as error:  # a package of another TensorFlow raises errors of its own
        raise _missing(f"installed in part ({type(error).__name__}: {error})") from error
    return converter


def _missing(state: str) -> ModelError:
    return ModelError(
        "Converting a Keras model, as `digit-parity convert` and `digit-parity add` do, and "
        "`digit-parity verify` for a format that it is not given, needs the official converter, "
        f"which is {state}; `digit-parity setup` installs it."
    )


def _without_init(name: str) -> None:
    """Make the package's modules importable without running its ``__init__.py``."""
    if name not in sys.modules and (spec := importlib.util.find_spec(name)) is not None:
        sys.modules[name] = importlib.util.module_from_spec(spec)


@contextlib.contextmanager
def _empty(names: Sequence[str]) -> Iterator[None]:
    """Let these names import empty modules for a while."""
    added = [name for name in names if name not in sys.modules]
    sys.modules.update({name: ModuleType(name) for name in added})
    try:
        yield
    finally:
        for name in added:
            del sys.modules[name]
