"""An array in NumPy's own format, taken out of a file by hand: NumPy would allocate whatever a
header announces. Pickled objects are refused; nothing here can unpickle.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from models.errors import InputError

_MAX_HEADER = 10_000
_npy: Any = np.lib.format  # NumPy has no types for it


@dataclass(frozen=True)
class Header:
    """What an array in NumPy's own format says of itself, which is checked; its values begin after
    ``start`` bytes and have ``length``.
    """

    shape: tuple[int, ...]
    fortran: bool
    dtype: np.dtype[np.generic]
    start: int
    length: int

    @classmethod
    def of(cls, file: IO[bytes], name: str, length: int) -> Header:
        """Read the header of an array that is ``length`` bytes long with it. Raises InputError."""
        try:
            version = _npy.read_magic(file)
            read_header = (
                _npy.read_array_header_1_0 if version == (1, 0) else _npy.read_array_header_2_0
            )
            shape, fortran, dtype = read_header(file, max_header_size=_MAX_HEADER)
        except Exception as error:  # NumPy parses the header as a Python literal
            raise InputError(f"Its {name} is no array that NumPy saved ({error}).") from error
        if dtype.hasobject or dtype.names is not None:
            raise InputError(
                f"Its {name} holds pickled objects, which could run code: refused. "
                "Save plain numbers, with allow_pickle=False."
            )
        start = file.tell()
        expected = math.prod(shape) * dtype.itemsize
        if min(shape, default=0) < 0 or length - start < expected or not dtype.itemsize:
            raise InputError(
                f"Its {name} announces {expected:,} bytes of values but holds "
                f"{length - start:,}. Save it again."
            )
        return cls(shape, fortran, dtype, start, expected)

    def array(self, content: bytes | memoryview) -> NDArray[np.generic]:
        """The array of these values, never unpickled."""
        values = np.frombuffer(content, self.dtype, count=math.prod(self.shape))
        return values.reshape(self.shape, order="F" if self.fortran else "C")
