"""The tensors of a graph in the order of the model's inputs and outputs.

A signature is a dictionary: its order says nothing, and its names not all.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from models.formats.tensors import Tensor

_NUMBERED = re.compile(r"Identity(?:_(\d+))?:0")
_NOT_PLAIN, _BEFORE_LETTER = re.compile(r"[^a-z0-9]"), re.compile(r"^[^a-z]+")


def in_order(what: str, there: Mapping[str, str], wanted: Sequence[Tensor]) -> list[str]:
    """The tensors ``there``, by what the signature calls them, in the order of those ``wanted``.

    Where two have one shape, the converter does not know which of the signature's names is whose.
    An input's tensor has its name then, and an output's is called Identity, Identity_1, … in the
    order of the names. Raises ValueError, in words, where there are more or fewer.
    """
    names = [each.name for each in wanted] or [""]
    if len(there) != len(names):
        expected = f"{len(names)} {what}{'' if len(names) == 1 else 's'}"
        raise ValueError(f"has the {what}s {', '.join(there.values())}; expected {expected}")
    known = {tensor.partition(":")[0]: tensor for tensor in there.values()} | dict(there)
    called = [name if name in known else _as_argument(name) for name in names]
    if len(set(called) & known.keys()) == len(names):
        return [known[name] for name in called]
    numbered = sorted(there.values(), key=_number)
    if len({_number(each) for each in numbered}) < len(numbered):
        return list(there.values())
    place = {name: numbered[at] for at, name in enumerate(sorted(names))}
    return [place[name] for name in names]


def _as_argument(name: str) -> str:
    """What TensorFlow calls the placeholder of a function's argument of this name: in small letters
    and digits, from its first letter on.
    """
    return _BEFORE_LETTER.sub("", _NOT_PLAIN.sub("_", name.lower()))


def _number(tensor: str) -> int:
    """The number at the end of a tensor's name, 0 for the first, which has none."""
    found = _NUMBERED.fullmatch(tensor)
    return int(found[1] or 0) if found else -1
