import pytest

from models.dataset import labels
from models.dataset.classes import Classes

PETS = Classes(("cat", "dog", "golden retriever"))


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("7/abc.png", 7),
        ("set.zip/train/7/0012.png", 7),
        ("digit-4/a.png", 4),
        ("7_abc.png", 7),
        ("abc_label7.png", 7),
        ("digit-7-003.png", 7),
        ("7.png", 7),
        ("7 (1).png", 7),
        ("IMG_2026.png", None),
        ("70.png", None),
        ("digit_003.png", None),
        ("holiday7.png", None),
        ("77/a.png", None),
    ],
)
def test_label_is_read_from_folder_or_name(name, label):
    guess = labels.from_names([name])[0]
    assert (guess and guess[0]) == label


def test_folder_wins_over_name_and_nearest_folder_wins():
    assert labels.from_names(["1/2/3_a.png"])[0] == (2, labels.FOLDER)


def test_numbered_files_have_no_label():
    assert labels.from_names([f"{number}.png" for number in range(12)]) == [None] * 12
    assert [guess and guess[0] for guess in labels.from_names(["0.png", "1.png"])] == [0, 1]


def test_rules_restrict_where_to_look():
    assert labels.from_names(["1/2_a.png"], "name")[0][0] == 2
    assert labels.from_names(["1/2_a.png"], "folder")[0][0] == 1
    assert labels.from_names(["1/2_a.png"], "none") == [None]


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("cat/1.jpg", (0, labels.CLASS_FOLDER)),
        ("set.zip/test/Dog/2.png", (1, labels.CLASS_FOLDER)),
        ("dog/cat/1.jpg", (0, labels.CLASS_FOLDER)),
        ("dog/7/1.jpg", (1, labels.CLASS_FOLDER)),
        ("dog/2/1.jpg", (1, labels.CLASS_FOLDER)),
        ("2/1.jpg", (2, labels.CLASS_FOLDER)),
        ("class_dog/1.jpg", (1, labels.CLASS_FOLDER)),
        ("1 dog/1.jpg", (1, labels.CLASS_FOLDER)),
        ("cat_1.jpg", (0, labels.CLASS_START)),
        ("cat.123.jpg", (0, labels.CLASS_START)),
        ("dog12.jpg", (1, labels.CLASS_START)),
        ("Golden_Retriever-3 (1).jpg", (2, labels.CLASS_START)),
        ("0001_cat_a.jpg", (0, labels.CLASS_START)),
        ("photos/dog_2.jpg", (1, labels.CLASS_START)),
        ("abc_label2.jpg", (2, labels.MARKER)),
        ("2_abc.jpg", (2, labels.START)),
        ("a.zip/2_abc.jpg", (2, labels.START)),
        ("catalogue.jpg", None),
        ("a_cat.jpg", None),
        ("7_abc.jpg", None),
        ("1.jpg", None),
        ("zebra/1.jpg", None),
        ("zebra/1_a.jpg", None),
        ("2024_05.jpg", None),
    ],
)
def test_a_class_is_found_by_its_name_or_number(name, label):
    assert labels.from_names([name], "auto", PETS)[0] == label


def test_a_folder_that_should_be_a_class_is_said():
    names = [
        "zebra/1.jpg",
        "a.zip/1.jpg",
        "cat/2.jpg",
        "photos/dog_1.jpg",
        "b.jpg",
        "x/zebra/3.jpg",
    ]
    for rule, expected in (("auto", 2), ("folder", 3), ("name", 0), ("none", 0)):
        strange: list[str] = []
        labels.from_names(names, rule, PETS, strange.append)
        assert len(strange) == expected, rule


def test_pictures_named_by_numbers_that_are_classes_are_labelled_where_they_do_not_count():
    odd = Classes(("1", "3", "5", "7"))
    assert labels.from_names(["3.png", "5_a.png"], "auto", odd) == [
        (1, labels.CLASS_START),
        (2, labels.CLASS_START),
    ]
    assert labels.from_names(["a.zip/3.png", "zebra/3.png"], "auto", odd) == [
        (1, labels.CLASS_START),
        None,
    ]
    assert labels.from_names([f"{number}.png" for number in range(12)], "auto", odd) == [None] * 12
