"""What a model is compared on: inputs as it takes them, whether pictures or any other tensors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from models.dataset.classes import UNKNOWN
from models.dataset.dataset import Dataset
from models.formats.model_input import Input
from models.formats.tensors import Tensors

Remade = Callable[[Input, NDArray[np.int64]], "tuple[NDArray[np.bool_], Samples]"]
Reread = Callable[[Input, Sequence[str]], Dataset]


@dataclass(frozen=True, eq=False)
class Samples:
    """Inputs of one model. ``labels`` (n,) int64 are ``UNKNOWN`` where nobody knows them; ``read``
    gives the tensors at some places, one for each input of the model, those places first in each.
    Pictures are made into tensors when they are read: as floats they take four times the memory.
    ``remade``, where it is known, makes another input of the pictures at some places: which of
    these could be made, (m,) bool, and their samples.
    """

    labels: NDArray[np.int64]
    read: Callable[[NDArray[np.int64]], Tensors]
    remade: Remade | None = None

    def __len__(self) -> int:
        return len(self.labels)

    def tensors(self, start: int = 0, stop: int | None = None) -> Tensors:
        """The tensors of the inputs ``start`` to ``stop``."""
        return self.read(np.arange(len(self))[start:stop])

    def take(self, at: NDArray[np.int64]) -> Samples:
        """The inputs at these places alone."""
        remade = self.remade
        return Samples(
            self.labels[at],
            lambda inner: self.read(at[inner]),
            None if remade is None else lambda target, inner: remade(target, at[inner]),
        )


def of_pictures(data: Dataset, given: Input, reread: Reread | None = None) -> Samples:
    """Pictures for a model that takes them so. ``reread`` reads those of some names again, as
    another input has them. Raises InputError, when read, for another size.
    """

    def remade(target: Input, at: NDArray[np.int64]) -> tuple[NDArray[np.bool_], Samples]:
        chosen = data.take(at)
        if (target.fit, target.framing) == (given.fit, given.framing):
            return np.ones(len(at), bool), of_pictures(chosen, target)
        if reread is None or not chosen.named.any():
            return np.zeros(len(at), bool), of_pictures(chosen.take(at[:0]), target)
        again = reread(target, chosen.names)
        often = Counter([*chosen.names, *again.names])
        places = {name: place for place, name in enumerate(again.names)}
        kept = np.array([often[name] == 2 and name in places for name in chosen.names])
        kept &= chosen.named
        found_at = [places[chosen.names[each]] for each in np.flatnonzero(kept)]
        found = again.take(np.array(found_at, np.int64))
        labels = chosen.labels[kept]
        return kept, of_pictures(replace(found, labels=labels), target)

    return Samples(
        data.labels.astype(np.int64), lambda at: (given.tensor(data.take(at).pixels()),), remade
    )


def of_tensors(tensors: Tensors, labels: NDArray[np.int64] | None = None) -> Samples:
    """Arrays as the model takes them, one for each of its inputs, n first in each."""
    known = np.full(len(tensors[0]), UNKNOWN, np.int64) if labels is None else labels
    return Samples(known, lambda at: tuple(each[at] for each in tensors))


def joined(first: Samples, second: Samples) -> Samples:
    """The inputs of ``first``, then those of ``second``, of the same model."""
    count = len(first)

    def read(at: NDArray[np.int64]) -> Tensors:
        """In the order that is asked for: each of both comes with its place in the answer."""
        is_first = at < count
        parts = first.read(at[is_first]), second.read(at[~is_first] - count)
        order = np.argsort(np.concatenate([np.flatnonzero(is_first), np.flatnonzero(~is_first)]))
        return tuple(np.concatenate(both)[order] for both in zip(*parts, strict=True))

    return Samples(np.concatenate([first.labels, second.labels]), read)
