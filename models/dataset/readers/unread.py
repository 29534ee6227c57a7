"""Kinds of files that are known and not read, each with a sentence that says what to do instead:
for most a line that makes a file of it that is read.
"""

from __future__ import annotations

from typing import NamedTuple


class Unread(NamedTuple):
    """A kind of files by their suffixes and first bytes, and what to do with one."""

    suffixes: tuple[str, ...]
    magic: tuple[bytes, ...]
    sentence: str


HDF5 = Unread(
    (".h5", ".hdf5", ".keras"),
    (b"\x89HDF\r\n\x1a\n",),
    "It is an HDF5 file. A model is not read here, but converted: digit-parity convert --help. "
    "Images and labels are read once they are arrays: "
    "`python -c \"import h5py, numpy; a = {}; h5py.File('data.h5').visititems(lambda k, v: "
    "a.update({k.replace('/', '_'): v[()]}) if hasattr(v, 'shape') else None); "
    "numpy.savez('data.npz', **a)\"`",
)
MATLAB_7_3 = (
    "It is a MATLAB file of version 7.3, which is HDF5. Save it by save(name, '-v7'), or: "
    "`python -c \"import h5py, scipy.io as s; f = h5py.File('data.mat'); "
    "s.savemat('data-7.mat', {k: f[k][()].T for k in f if hasattr(f[k], 'shape')})\"`"
)
KINDS = (
    HDF5,
    Unread(
        (".db", ".sqlite", ".sqlite3"),
        (b"SQLite format 3\0",),
        "It is an SQLite database. Save its table as CSV: "
        "`python -c \"import sqlite3, pandas as p; c = sqlite3.connect('data.db'); "
        "t = p.read_sql('select name from sqlite_master', c).name[0]; "
        "p.read_sql('select * from ' + t, c).to_csv('data.csv', index=False)\"`",
    ),
    Unread(
        (".pdf", ".ps"),
        (b"%PDF", b"%!PS"),
        "It is a document of pages. Make a picture of each: "
        "`gs -q -dBATCH -dNOPAUSE -sDEVICE=pnggray -r150 -sOutputFile=page%d.png data.pdf`",
    ),
    Unread(
        (".svg",),
        (b"<svg",),
        "It is a drawing in SVG. Make a picture of it: "
        "`python -c \"import vl_convert as v; open('data.png', 'wb').write("
        "v.svg_to_png(open('data.svg').read()))\"`",
    ),
    Unread(
        (".pkl", ".pickle", ".pt", ".pth", ".joblib"),
        (b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05"),
        "It is a pickle, which could run code: refused. If it is your own, and holds images and "
        "labels: `python -c \"import pickle, numpy; x, y = pickle.load(open('data.pkl', 'rb')); "
        "numpy.savez('data.npz', x=x, y=y)\"`",
    ),
    Unread(
        (".feather",),
        (b"FEA1",),
        "It is Feather of version 1. Save it anew: "
        "`python -c \"import pandas as p; p.read_feather('data.feather')"
        ".to_parquet('data.parquet')\"`",
    ),
    Unread(
        (".xlsx", ".xls", ".ods"),
        (b"\xd0\xcf\x11\xe0",),
        "It is a spreadsheet. Save its sheet as CSV, a picture in each line.",
    ),
    Unread(
        (".7z", ".rar", ".zst", ".lz4", ".z"),
        (b"7z\xbc\xaf\x27\x1c", b"Rar!", b"\x28\xb5\x2f\xfd", b"\x04\x22\x4d\x18", b"\x1f\x9d"),
        "It is packed in a way that is not read. Unpack it, and pack its files as a ZIP.",
    ),
    Unread(
        (".jp2", ".jxl", ".psd", ".ico", ".dng", ".cr2", ".nef", ".arw"),
        (b"\0\0\0\x0cjP  ", b"\0\0\0\x0cJXL ", b"\xff\x0a", b"8BPS", b"\0\0\x01\0"),
        "It is a picture of a kind that is not read. Save it as PNG or JPEG.",
    ),
    Unread(
        (".html", ".htm"),
        (b"<!doctype html", b"<!DOCTYPE html", b"<html"),
        "It is a web page. Send the pictures in it.",
    ),
)
_BY_MAGIC = (".feather",)  # most files of this suffix are read


def sentence(suffix: str, head: bytes) -> str | None:
    """Why a file with this suffix and these first bytes is not read; None if it may be."""
    begins = head
    if head.lstrip().startswith((b"<?xml", b"<!--", b"<!DOCTYPE svg")):
        begins = head[max(head.find(b"<svg"), 0) :]
    for kind in KINDS:
        if begins.startswith(kind.magic) or (suffix in kind.suffixes and suffix not in _BY_MAGIC):
            return kind.sentence
    return None
