"""Where in a picture's path a label can be found."""

from __future__ import annotations

from typing import Literal, get_args

Rule = Literal["auto", "folder", "name", "none", "off"]
"""``auto``: the folder, else the file name unless it merely counts; ``name``: the file name even
so; ``none``: nowhere, what came with the data is kept; ``off``: not even that.
"""
RULES: tuple[Rule, ...] = get_args(Rule)
Label = tuple[int, str]
"""A class, and where its label was found."""

FOLDER = "the folder (7/abc.png)"
MARKER = "the file name (abc_label7.png, digit-7-003.png)"
START = "the file name's start (7_abc.png)"
WORD = "a word in the file name (seven_1.png)"
END = "the file name's end (my_own_7.png)"
CLASS_FOLDER = "the folder (cat/1.jpg)"
CLASS_START = "the file name's start (cat_1.jpg)"
OF_NAMES = (MARKER, START, WORD, END)
