"""Which kinds of files are read, by their suffixes."""

from __future__ import annotations

from models.digit import picture_file

PACKED = (".zip", ".tar", ".gz", ".tgz", ".bz2", ".tbz2", ".xz", ".txz")
TABLES = (".csv", ".tsv", ".txt", ".data", ".tra", ".tes", ".arff", ".libsvm", ".svm")
ARRAYS = (".npz", ".npy", ".mat", ".parquet", ".arrow", ".feather", ".idx", ".unipen")
PICTURES = tuple(sorted(picture_file.SUFFIXES))
LISTS = (".json", ".jsonl", ".ndjson")
_IDX = (".idx3-ubyte", ".idx1-ubyte", "-idx3-ubyte", "-idx1-ubyte")

SUFFIXES: tuple[str, ...] = (
    *sorted(picture_file.SUFFIXES),
    *PACKED,
    *TABLES,
    *ARRAYS,
    *LISTS,
    *_IDX,
)
"""How the names of files end that can be read, in lower case. A file's first bytes go before its
name, so that others may be read too.
"""

EXPECTED = (
    "Expected pictures (PNG, JPEG, WebP, BMP, GIF, TIFF, PNM, AVIF), a ZIP or TAR of them, a table "
    "of pixels (CSV, LIBSVM), arrays (.npz, .npy, .mat, MNIST's IDX), a Parquet or Arrow file, a "
    "UNIPEN file, or a labels.csv beside pictures."
)
