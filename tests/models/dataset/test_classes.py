"""Names and numbers find their class, and what is none says which there are."""

from __future__ import annotations

import unicodedata

import numpy as np
import pytest

from models.dataset import Options
from models.dataset.classes import DIGITS, UNKNOWN, Classes
from models.formats.model_input import Input

PETS = Classes(("cat", "Golden Retriever", "tree-frog", "Äpfel"))


@pytest.mark.parametrize(
    ("name", "index"),
    [
        ("cat", 0),
        ("CAT", 0),
        (" cat ", 0),
        ("golden_retriever", 1),
        ("Golden-Retriever", 1),
        ("golden  retriever", 1),
        ("2 Tree Frog", 2),
        ("0_cat", 0),
        ("3. äpfel", 3),
        (unicodedata.normalize("NFD", "Äpfel"), 3),
        ("cats", None),
        ("", None),
        ("zebra", None),
        ("5", None),
    ],
)
def test_a_name_finds_its_class_whatever_its_case_and_its_gaps(name, index):
    assert PETS.of_name(name) == index


def test_a_number_before_all_classes_names_is_no_part_of_them():
    numbered = Classes(("0 cat", "1 dog"))
    assert [numbered.of_name(name) for name in ("cat", "1 dog", "dog", "0_Cat")] == [0, 1, 1, 0]
    cards = Classes(("2 of hearts", "7 of hearts", "ace"))
    assert [cards.of_name(name) for name in ("of hearts", "7_of_hearts")] == [None, 1]


def test_a_name_of_two_classes_is_neither():
    cranes = Classes(("crane", "Crane", "stork"))
    assert [cranes.of_name(name) for name in ("crane", "stork")] == [None, 2]
    assert cranes.of_number(1) == 1


def test_numbers_are_indices_unless_all_names_are_numbers():
    assert [PETS.of_number(each) for each in (0, 3, 4, -1)] == [0, 3, None, None]
    years = Classes(("1990", "2000", "007"))
    assert [years.of_number(each) for each in (1990, 0, 7)] == [0, None, 2]
    assert [years.of_text(each) for each in ("2000", "007", "7", "1")] == [1, 2, 2, None]
    mixed = Classes((*"0123", "a"))
    assert [mixed.of_text(each) for each in ("3", "a", "4")] == [3, 4, 4]


def test_without_names_any_number_is_a_class():
    anything = Classes(())
    assert [anything.of_number(each) for each in (0, 21_840, 21_841)] == [0, 21_840, None]
    assert "numbers from 0 to 21,840" in anything.no_class(["x"])


def test_arrays_of_numbers_and_of_names():
    values = np.array([0.0, 3.0, 1.5, np.nan, np.inf, -1, 9])
    found = PETS.of_numbers(values)
    assert found.tolist() == [0, 3, *[UNKNOWN] * 5] and found.dtype == np.int32
    assert PETS.of_texts(["cat", "1", "zebra"]).tolist() == [0, 1, UNKNOWN]


def test_ten_digits_are_digits_and_others_are_not():
    ten = tuple("0123456789")
    assert Options().known is Options(classes=ten).known is DIGITS and DIGITS.are_digits
    others = (
        Options(classes=ten[::-1]),
        Options(target=Input((9, 9, 3), framing="none"), classes=ten),
    )
    assert not any(each.known.are_digits for each in others)


def test_what_is_no_class_is_listed_ten_at_most_and_so_are_the_classes():
    many = Classes(tuple(f"class {at}" for at in range(345)))
    said = many.no_class([*(f"name {at}" for at in range(30)), "name 7", "x" * 500])
    assert said.startswith("name 7, name 0, name 1,") and " and 21 others name no class" in said
    assert "32 images are used without a label" in said
    assert said.endswith(
        "Its classes are class 0, class 1, class 2, class 3, class 4, class 5, "
        "class 6, class 7, class 8, class 9 and 335 more."
    )
    assert PETS.no_class(["a\x1b[31m"]).startswith(
        r"a\x1b[31m names no class of the model: 1 image is"
    )


@pytest.mark.parametrize(
    ("text", "index"),
    [("seven", 7), (" Zero ", 0), ("7.0", 7), ("7.", 7), ("7.5", None), ("-1", None), ("-7", None)],
)
def test_a_table_may_have_digits_as_words_and_as_pandas_writes_them(text, index):
    assert DIGITS.of_text(text) == index


def test_a_number_below_0_is_no_class_of_names_either():
    assert [Classes(("1", "2")).of_text(each) for each in ("-1", "1.0", "2")] == [None, 0, 1]
    assert PETS.of_text("-cat-") == 0
