"""The digit that a picture's path says: its folder's, or one in its name.

A number in a name is a label or merely counts, which only the names beside it tell: it counts where
one of theirs is above 9, or where each is there once, from 1 on without a gap.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
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


Groups = Mapping[tuple[object, ...], list[_Number]]


def labels(names: Sequence[str], rule: Rule, counts: Callable[[str], None]) -> list[Label | None]:
    """The label of each path; see ``labels.from_names``."""
    found: list[Label | None] = [None] * len(names)
    folders = [name.rpartition("/")[0] for name in names]
    if rule in ("auto", "folder"):
        of_folder = _of_folders(set(folders))
        found = [of_folder[folder] for folder in folders]
    if rule not in ("auto", "name"):
        return found
    numbers = {at: _numbers(names[at]) for at, label in enumerate(found) if label is None}
    groups: Groups = defaultdict(list)
    for each in numbers.values():
        for number in each:
            groups[number.group].append(number)
    # Who asks for names takes them even where they count.
    refused = {key for key, group in groups.items() if rule == "auto" and _count(group)}
    vague = {key for key, group in groups.items() if not _is_fixed(group)}
    if rule == "auto":
        if len(names) == 1:  # beside no other, 7.png may as well be the seventh
            refused |= {key for key in groups if key[0] == START and key[-1] is True}
        refused |= _indices(numbers.values(), groups, refused | vague)
    unused = refused | vague
    told = {key for key in refused - vague if any(len(each.text) == 1 for each in groups[key])}
    for at, some in numbers.items():
        taken = [each for each in some if len(each.text) == 1 and each.group not in unused]
        found[at] = _of_name(names[at], taken)
        if found[at] is None and any(each.group in told for each in some):
            counts(names[at])
    return found


def _indices(
    names: Iterable[Sequence[_Number]], groups: Groups, unused: set[tuple[object, ...]]
) -> set[tuple[object, ...]]:
    """The groups that count from 0, each of whose names has its label at its end: 0_7, 1_2, 2_7."""
    before = Counter[tuple[object, ...]]()
    for some in names:
        if some and some[-1].place == END and some[-1].group not in unused:
            before.update(each.group for each in some[:-1])
    return {
        key
        for key, count in before.items()
        if count == len(groups[key]) and _from(0, [each.text for each in groups[key]])
    }


def _of_folders(folders: set[str]) -> dict[str, Label | None]:
    """The label of each folder: its own name's, else that of one around it."""
    counting = _counting(folders)
    found: dict[str, Label | None] = {}
    for folder in folders:
        around = folder.split("/")
        places = ("/".join(around[:end]) for end in range(len(around), 0, -1))
        labelled = (_of_folder(each) for each in places if each not in counting)
        found[folder] = next((each for each in labelled if each), None)
    return found


def _of_folder(folder: str) -> Label | None:
    match = _FOLDER.fullmatch(folder.rpartition("/")[2])
    if match is None:
        return None
    text = match[2].lower()
    digit = int(text) if text.isdigit() else _WORDS.get(text)
    return None if digit is None else (digit, FOLDER)


def _counting(folders: set[str]) -> set[str]:
    """Folders that are a number beside one above 9: those of twelve writers, say."""
    numbered = defaultdict[str, set[str]](set)
    for folder in folders:
        parts = folder.split("/")
        for at, part in enumerate(parts):
            if _NUMBER.fullmatch(part):
                numbered["/".join(parts[:at])].add(part)
    return {
        "/".join(filter(None, (around, part)))
        for around, those in numbered.items()
        if any(len(part) > 1 for part in those)
        for part in those
    }


def _numbers(name: str) -> list[_Number]:
    """The numbers in a file's name that may be its label, the likeliest first."""
    folder, _, file = name.rpartition("/")
    stem, found = _stem(file), list[_Number]()
    if match := _MARKED.search(stem):
        word, alone = match[1].lower(), match[0] == stem
        # With more of a name around it, "label3" says what it is, whatever is beside it.
        sure = word in _SURE and not alone and len(match[2]) == 1
        found.append(_Number(MARKER, (MARKER, folder, word, sure), "", match[2]))
    if match := _START.match(stem):
        found.append(_Number(START, (START, folder, match[0] == stem), "", match[1]))
    if stem[-1:].isdigit() and (match := _END.fullmatch(stem)):
        shape = _NUMBER.sub("#", match[1].lower())
        found.append(_Number(END, (END, folder, shape), match[1], match[2]))
    return found


def _stem(file: str) -> str:
    """A file's name without its suffix, and without what counts copies of it."""
    stem = file.rpartition(".")[0] or file
    return _COPY.sub("", stem) if stem.endswith(")") else stem


def _of_name(name: str, numbers: Sequence[_Number]) -> Label | None:
    """The label of the name with these numbers: a word that is one goes before its end."""
    before = [each for each in numbers if each.place != END]
    if before:
        return int(before[0].text), before[0].place
    tokens = _BETWEEN.split(_stem(name.rpartition("/")[2]).lower())
    words = [_WORDS[each] for each in tokens if each in _WORDS]
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
    if any(len(each.text) > 1 for each in group) or _from(1, [each.text for each in group]):
        return True
    # img_7_1, img_7_2, img_3_1: they begin anew behind each other text.
    runs = defaultdict[str, list[str]](list)
    for each in group:
        runs[each.run].append(each.text)
    if len(runs) == 1:
        return False
    if len(runs) < len(group) and all(_from(0, run) for run in runs.values()):
        return True
    return all(_from(1, run) or _from(0, run, 10) for run in runs.values())


def _from(first: int, texts: Sequence[str], least: int = 1) -> bool:
    """Whether each number is there once, from ``first`` on without a gap, and so many at least."""
    return len(texts) >= least and sorted(map(int, texts)) == list(range(first, first + len(texts)))
