"""A model's classes, and which of them a name or a number is."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.dataset.names import shown
from models.formats.labels import MOST_CLASSES

UNKNOWN = -1
_LISTED = 10  # of the classes, and of the names that are none
_LONGEST = 60  # characters of a name in a sentence
_GAPS = re.compile(r"[\s_-]+")
_NUMBERED = re.compile(r"([0-9]+)[.:)]? (.+)")  # 0 cat, as Teachable Machine writes it
_COUNT = re.compile(r"[0-9]+$")
_NUMBER = re.compile(r"[0-9]{1,9}")
_WRITTEN = re.compile(r"([+-]?[0-9]{1,9})(?:\.0*)?")  # 7.0, as pandas writes 7 beside a gap
WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


class Classes:
    """Names of classes, in the model's order. Without any, every whole number is a class."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names = names

    @property
    def are_digits(self) -> bool:
        """Whether they are those of a model of digits, whose labels are a digit each."""
        return self is DIGITS

    @property
    def are_numbers(self) -> bool:
        """Whether a number is the name of one, and no index."""
        return self._by_number is not None

    @property
    def count(self) -> int:
        """How many there are, or may be where nobody says so."""
        return len(self.names) or MOST_CLASSES

    @cached_property
    def longest(self) -> int:
        """The most words of a class's name."""
        return max((name.count(" ") + 1 for name in self._by_name), default=1)

    def may_start(self, word: str) -> bool:
        """Whether a class's name may begin with this word, or a number before one: most files'
        names do not, and need no closer look.
        """
        return _COUNT.sub("", _plain(word)) in self._starts

    def of_name(self, text: str) -> int | None:
        """The class of this name, whatever its case, its blanks, underscores and hyphens; a number
        before it, as in "0 cat", may be left out or added. None where no class, or more than one,
        is named so.
        """
        plain = _plain(text)
        found = self._by_name.get(plain)
        if found is None and (numbered := _NUMBERED.fullmatch(plain)):
            found = self._by_name.get(numbered[2])
        return found

    def of_number(self, number: int) -> int | None:
        """The class of a number: the one so named where all names are numbers, else its index."""
        if self._by_number is not None:
            return self._by_number.get(number)
        return number if 0 <= number < self.count else None

    def of_text(self, text: str) -> int | None:
        """The class of a name or a number, as a table has them; a digit may be a word."""
        number = _WRITTEN.fullmatch(text.strip())
        if number and number[1].startswith("-"):  # which stands for no label, and is no name's gap
            return None
        found = self.of_name(text)
        if found is None and number:
            return self.of_number(int(number[1]))
        if found is None and self.are_digits and (word := _plain(text)) in WORDS:
            return WORDS.index(word)
        return found

    def of_numbers(self, values: NDArray[Any]) -> NDArray[np.int32]:
        """The classes (n,) of numbers (n,), ``UNKNOWN`` for what is none."""
        found = np.full(len(values), UNKNOWN, np.int32)
        for number in np.unique(values):
            is_whole = np.isfinite(number) and number == np.rint(number)
            index = self.of_number(int(number)) if is_whole else None
            if index is not None:
                found[values == number] = index
        return found

    def of_texts(self, values: Sequence[str]) -> NDArray[np.int32]:
        """The classes (n,) of names or numbers, ``UNKNOWN`` for what is none."""
        known = {text: self.of_text(text) for text in set(values)}
        found = (known[text] for text in values)
        return np.array([UNKNOWN if each is None else each for each in found], np.int32)

    def no_class(self, names: Iterable[object]) -> str:
        """A sentence on what names no class, and which classes there are."""
        counts = Counter(_short(str(name)) for name in names)
        most = [name for name, _ in counts.most_common(_LISTED)]
        others = f" and {len(counts) - _LISTED:,} others" if len(counts) > _LISTED else ""
        verb = "names" if len(counts) == 1 else "name"
        images = "1 image is" if counts.total() == 1 else f"{counts.total():,} images are"
        return (
            f"{', '.join(most)}{others} {verb} no class of the model: {images} used without a "
            f"label. {self._listed()}"
        )

    def _listed(self) -> str:
        if not self.names:
            return f"Its classes are numbers from 0 to {self.count - 1:,}."
        listed = ", ".join(map(_short, self.names[:_LISTED]))
        more = len(self.names) - _LISTED
        return f"Its classes are {listed}{f' and {more:,} more' if more > 0 else ''}."

    @cached_property
    def _by_name(self) -> dict[str, int]:
        plain = [_plain(name) for name in self.names]
        numbered = [_NUMBERED.fullmatch(name) for name in plain]
        first = int(numbered[0][1]) if numbered and numbered[0] else 0
        if all(each and int(each[1]) == first + at for at, each in enumerate(numbered)):
            plain += [each[2] for each in numbered if each]
        counts, places = Counter(plain), {}
        for at, name in enumerate(plain):
            if counts[name] == 1:
                places[name] = at % len(self.names)
        return places

    @cached_property
    def _starts(self) -> set[str]:
        return {_COUNT.sub("", name.partition(" ")[0]) for name in self._by_name} | {""}

    @cached_property
    def _by_number(self) -> dict[int, int] | None:
        if not self.names or not all(map(_NUMBER.fullmatch, self.names)):
            return None
        return {int(name): at for at, name in enumerate(self.names)}


DIGITS = Classes(tuple("0123456789"))


@lru_cache(maxsize=4)  # a set's files ask for the same ones
def of(names: tuple[str, ...]) -> Classes:
    """The classes of these names."""
    return Classes(names)


def _plain(name: str) -> str:
    """Names that are alike give the same text; macOS writes letters with marks in parts."""
    return _GAPS.sub(" ", unicodedata.normalize("NFC", name).casefold()).strip()


def _short(name: str) -> str:
    text = shown(name)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
