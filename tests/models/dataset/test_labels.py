import pytest

from models.dataset import labels


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
