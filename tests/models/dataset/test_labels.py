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
        ("7.png", None),
        ("7 (1).png", None),
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


def test_a_number_that_is_all_of_a_lone_name_is_offered_and_not_taken():
    assert found("7.pgm") == [None] and counted("7.pgm") == ["7.pgm"]
    assert found("7.pgm", rule="name") == [7]
    assert found("7.png", "3.png") == [7, 3] and found("3_14.png") == [3]


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


def found(*names: str, rule: labels.Rule = "auto") -> list[int | None]:
    return [guess and guess[0] for guess in labels.from_names(names, rule)]


def counted(*names: str) -> list[str]:
    refused: list[str] = []
    labels.from_names(names, counts=refused.append)
    return refused


@pytest.mark.parametrize(
    "names",
    [
        [f"digit{number}.png" for number in range(1, 11)],
        [f"digit{number}.png" for number in range(1, 5)],
        [f"set.zip/digit_{number:02}.png" for number in range(10)],
        [f"{number}.png" for number in range(1, 8)],
        [f"{number}_scan.png" for number in range(1, 13)],
        [f"IMG_{number}.png" for number in (3, 7, 12)],
        [f"my digit {number}.png" for number in range(1, 4)],
        [f"digit ({number}).png" for number in range(1, 8)],
        [f"img_{digit}_{number}.png" for digit in (7, 3) for number in range(10)],
        ["img_7_0.png", "img_7_1.png", "img_3_0.png"],
        [f"set{each}_{number}.png" for each in (1, 2) for number in range(5)],
        [f"label{number}.png" for number in range(1, 4)],
        [f"{number:03}.png" for number in range(5)],
        ["scan_3.png", "scan_7.png"],
        [f"scan{number:03}_0.png" for number in range(12)],
        ["holiday7.png"],
    ],
)
def test_numbers_that_merely_count_are_no_labels(names):
    assert found(*names) == [None] * len(names)


def test_numbers_that_count_are_said_and_taken_when_asked_for():
    names = [f"digit{number}.png" for number in range(1, 11)]
    assert counted(*names) == names
    assert found(*names, rule="name") == [*range(1, 10), None]
    assert counted("7_a.png", "IMG_x.png") == []
    for unusable in (["IMG_0001.jpg", "IMG_0002.jpg", "IMG_0003.jpg"], ["holiday1.png"]):
        assert counted(*unusable) == [], "no digit to take"


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ([f"digit{number}.png" for number in range(10)], list(range(10))),
        ([f"{number}_0.png" for number in range(10)], list(range(10))),
        (["2828_my_own_2.png", "2828_my_own_3.png", "2828_my_own_4.png"], [2, 3, 4]),
        (["img001_4.png", "img002_7.png", "img003_4.png"], [4, 7, 4]),
        (["1_7.png", "2_3.png", "3_9.png", "4_3.png"], [7, 3, 9, 3]),
        (["0_7.png", "1_2.png", "2_1.png", "3_2.png"], [7, 2, 1, 2]),
        ([f"{at}_{digit}.png" for at, digit in enumerate("7210414959")], [*map(int, "7210414959")]),
        (["digit0_7.png", "digit1_2.png", "digit2_1.png"], [7, 2, 1]),
        (["0_label_7.png", "1_label_2.png", "2_label_0.png"], [7, 2, 0]),
        (["0_7.png", "1_7.png", "2_7.png"], [0, 1, 2]),
        (["img0_0.png", "img1_1.png", "img2_0.png"], [0, 1, 0]),
        (["seven_1.png", "Three-02.png", "nine.png", "my six (2).png"], [7, 3, 9, 6]),
        (["seven/1.png", "zeros/2.png", "class_two/3.png"], [7, 0, 2]),
        (["a_label1.png", "b_label2.png", "c_label3.png"], [1, 2, 3]),
        (["1/a.png", "2/a.png", "3/a.png"], [1, 2, 3]),
        (["7.png", "7 (1).png", "7 (2).png"], [7, 7, 7]),
        (["7_001.png", "7_002.png", "3_001.png"], [7, 7, 3]),
        (["ann/0.png", "ann/5.png", "bob/1.png", "bob/2.png"], [0, 5, None, None]),
        (["one_two.png", "someone.png", "phone1.png"], [None, None, None]),
    ],
)
def test_labels_that_are_there_are_found(names, expected):
    assert found(*names) == expected


def test_folders_of_twelve_writers_are_no_labels():
    names = [f"{writer}/{digit}_x.png" for writer in range(1, 13) for digit in (4, 9)]
    assert found(*names) == [4, 9] * 12


def test_names_made_to_take_long_do_not():
    names = ["1" * 200 + ".png", "_" * 200 + ".png", "a1" * 100 + "x.png", "digit" * 40 + ".png"]
    assert found(*(names * 5_000)) == [None] * 20_000
