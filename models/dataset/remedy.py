"""What was noticed of a set, and the one change to how it is read that would mend it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from models.dataset.dataset import Options


@dataclass(frozen=True)
class Remedy:
    """A ``sentence`` on what was noticed, the words of a ``button``, the command line's ``option``
    that does the same, and the ``change`` to Options, by their names. Nothing to click, and no
    option, where nothing but the files themselves can be changed. It is never applied unasked.
    """

    sentence: str
    button: str = ""
    option: str = ""
    change: Mapping[str, Any] = field(default_factory=dict)
    grave: bool = True
    """Whether figures would be wrong without it; else it is an offer."""

    def applied(self, options: Options) -> Options:
        """The options with the change."""
        return replace(options, **self.change)

    @property
    def said(self) -> str:
        """The sentence, with the option where there is one."""
        return f"{self.sentence} {self.button}: {self.option}" if self.option else self.sentence
