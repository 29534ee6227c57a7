"""Which kinds of files are read: the suffixes that they have."""

from __future__ import annotations

_PICTURES = (
    *(".png", ".jpg", ".jpeg", ".jfif", ".webp", ".bmp", ".gif", ".tif", ".tiff"),
    *(".pgm", ".ppm", ".pbm", ".pnm", ".avif", ".heic", ".heif"),
)
_PACKED = (".zip", ".tar", ".gz", ".tgz", ".bz2", ".tbz2", ".xz", ".txz")
_TABLES = (".csv", ".tsv", ".txt", ".data", ".tra", ".tes", ".libsvm", ".svm")
_ARRAYS = (".npz", ".npy", ".mat", ".parquet", ".arrow", ".feather", ".idx", ".unipen")
_IDX = (".idx3-ubyte", ".idx1-ubyte", "-idx3-ubyte", "-idx1-ubyte")

SUFFIXES: tuple[str, ...] = (*_PICTURES, *_PACKED, *_TABLES, *_ARRAYS, *_IDX)
"""How the names of files end that can be read, in lower case. A file's first bytes go before its
name, so that others may be read too.
"""
