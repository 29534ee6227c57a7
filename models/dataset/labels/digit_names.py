"""The digit that a picture's path says: its folder's, or one in its name.

A number in a name is a label or merely counts, which only the names beside it tell: it counts where
one of theirs is above 9, or where each is there once, from 1 on without a gap.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import PurePosixPath
from typing import NamedTuple

from models.dataset.labels.places import END, FOLDER, MARKER, START, WORD, Label, Rule

_WORDS = {
    word: digit
    for words in (
        "zero one two three four five six seven eight nine",
        "zeros ones twos threes fours fives sixes sevens eights nines",
    )
    for digit, word in enumerate(words.split())
}
_MARK = r"(label|class|digit|target|number)[ _=-]?"
_SURE = ("label", "class", "target")
_MARKED = re.compile(rf"(?<![a-z]){_MARK}([0-9]+)", re.IGNORECASE)
_FOLDER = re.compile(rf"(?:{_MARK})?([0-9]|[a-z]+)", re.IGNORECASE)
_START = re.compile(r"([0-9]+)(?=[_\-. (]|$)")
_END = re.compile(r"(.*[^0-9])([0-9]+)")
_COPY = re.compile(r"(?<=.) ?\([0-9]+\)$")  # 7 (1).png: what a download or Windows counts
_BETWEEN = re.compile(r"[\s_\-.()0-9]+")
_NUMBER = re.compile(r"[0-9]+")
_FIXED = 3  # names that end in a number behind the same text: fewer show nothing fixed


class _Number(NamedTuple):
    """A number in a name. Those of one ``group`` count together, if they do; ``run`` is what stands
    before it, letter by letter.
    """

    place: str
    group: tuple[object, ...]
    run: str
    text: str


def labels(
    paths: Sequence[PurePosixPath], rule: Rule, counts: Callable[[str], None]
) -> list[Label | None]:
    """The label of each path; see ``labels.from_names``."""
    found: list[Label | None] = [None] * len(paths)
    if rule in ("auto", "folder"):
        counting = _counting_folders(paths)
        found = [_of_folder(path, counting) for path in paths]
    if rule not in ("auto", "name"):
        return found
    left = [at for at, label in enumerate(found) if label is None]
    numbers = {at: list(_numbers(paths[at])) for at in left}
    groups = defaultdict[tuple[object, ...], list[_Number]](list)
    for each in numbers.values():
        for number in each:
            groups[number.group].append(number)
    # Who asks for names takes them even where they count.
    refused = {key for key, group in groups.items() if rule == "auto" and _count(group)}
    vague = {key for key, group in groups.items() if not _is_fixed(group)}
    for at in left:
        usable = [each for each in numbers[at] if each.group not in vague and len(each.text) == 1]
        taken = [each for each in usable if each.group not in refused]
        found[at] = _of_name(paths[at].stem, taken)
        if found[at] is None and any(each.group in refused for each in numbers[at]):
            counts(str(paths[at]))
    return found


def _of_folder(path: PurePosixPath, counting: set[PurePosixPath]) -> Label | None:
    for folder in path.parents:
        match = _FOLDER.fullmatch(folder.name)
        if match is None:
            continue
        text = match[2].lower()
        if text.isdigit():
            if folder not in counting:
                return int(text), FOLDER
        elif text in _WORDS:
            return _WORDS[text], FOLDER
    return None


def _counting_folders(paths: Sequence[PurePosixPath]) -> set[PurePosixPath]:
    """Folders that are a number beside one above 9: those of twelve writers, say."""
    deepest = {path.parent for path in paths}
    folders = {folder for each in deepest for folder in (each, *each.parents)}
    numbered = [each for each in folders if _NUMBER.fullmatch(each.name)]
    many = {each.parent for each in numbered if len(each.name) > 1}
    return {each for each in numbered if each.parent in many}


def _numbers(path: PurePosixPath) -> Iterator[_Number]:
    """The numbers in a file's name that may be its label, the likeliest first."""
    stem, folder = _COPY.sub("", path.stem), path.parent
    if match := _MARKED.search(stem):
        word, alone = match[1].lower(), match[0] == stem
        # With more of a name around it, "label3" says what it is, whatever is beside it.
        sure = word in _SURE and not alone and len(match[2]) == 1
        yield _Number(MARKER, (MARKER, folder, word, sure), "", match[2])
    if match := _START.match(stem):
        yield _Number(START, (START, folder, match[0] == stem), "", match[1])
    if match := _END.fullmatch(stem):
        shape = _NUMBER.sub("#", match[1].lower())
        yield _Number(END, (END, folder, shape), match[1], match[2])


def _of_name(stem: str, numbers: Sequence[_Number]) -> Label | None:
    """The label of the name with these numbers: a word that is one goes before its end."""
    before = [each for each in numbers if each.place != END]
    if before:
        return int(before[0].text), before[0].place
    words = [_WORDS[each] for each in _BETWEEN.split(stem.lower()) if each in _WORDS]
    if len(words) == 1:
        return words[0], WORD
    return (int(numbers[0].text), numbers[0].place) if numbers else None


def _is_fixed(group: Sequence[_Number]) -> bool:
    """Whether enough names have the same text before the number at their end, which is not always
    the same one.
    """
    if group[0].place != END:
        return True
    return len(group) >= _FIXED and len({each.text for each in group}) > 1


def _count(group: Sequence[_Number]) -> bool:
    """Whether the numbers of a group merely count."""
    if group[0].group[-1] is True and group[0].place == MARKER:
        return False
    if any(len(each.text) > 1 for each in group) or _from_one([each.text for each in group]):
        return True
    # img_7_1, img_7_2, img_3_1: they begin anew behind each other text.
    runs = defaultdict[str, list[str]](list)
    for each in group:
        runs[each.run].append(each.text)
    if len(runs) == 1:
        return False
    return all(_from_one(run) or _is_all_ten(run) for run in runs.values())


def _is_all_ten(texts: Sequence[str]) -> bool:
    return sorted(texts) == list("0123456789")


def _from_one(texts: Sequence[str]) -> bool:
    """Whether each number is there once, from 1 on without a gap."""
    return sorted(map(int, texts)) == list(range(1, len(texts) + 1))
