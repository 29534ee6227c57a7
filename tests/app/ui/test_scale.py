"""Every size of text and of space comes from the scales of ``app/ui/tokens.css``, and each class
belongs to one room: every page gets every stylesheet.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.startup import page_files

APP = Path(page_files.__file__).resolve().parents[1]
SHEETS = (*page_files.STYLES, APP / "upload" / "results" / "report.css")
SIZED = re.compile(
    r"(?<![\w-])((?:font-size|(?:row-|column-)?gap|(?:margin|padding)(?:-[\w-]+)?)\s*:\s*[^;}]+)"
)
STEP = r"var\(--dp-(?:space|text)-\d\)"
# A sum of steps, none of them, or what the browser finds.
ALLOWED = re.compile(rf"(?:{STEP}|calc\((?:-1 \* )?{STEP}(?: \+ {STEP})?\)|0|auto|!important| )+")
# Sizes of what is not ours, and room for what is laid over.
EXCEPTIONS = {
    "padding-top: 4rem": "the height of Streamlit's bar, and a step",
    "padding: 3.75rem var(--dp-space-4) var(--dp-space-4)": "the height of Streamlit's bar",
    "padding-right: 8.5rem": "a chart's buttons, laid over the line of its title",
    "padding-top: var(--dp-drop-words)": "the words over the place to drop, which lie on it",
    "margin-bottom: calc(-1 * var(--dp-drop-words))": "the same",
    "padding-left: 2ch": "a wrapped line of a command is indented by two letters",
}


def bare(sheet: str) -> str:
    """The sheet without its comments."""
    return re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)


def sizes(sheet: str) -> list[str]:
    """The declarations of text's size, gaps, margins and paddings."""
    return [" ".join(each.split()) for each in SIZED.findall(bare(sheet))]


def classes(sheet: str) -> set[str]:
    """Our classes that rules begin with."""
    rules = re.sub(r"@media[^{]*{", "", bare(sheet))
    chosen = ",".join(re.findall(r"([^{}]+){", rules)).split(",")
    return {found[1] for each in chosen if (found := re.match(r"\s*\.(dp-[\w-]+)", each))}


def foreign(sheet: str) -> list[str]:
    """Those that are not from the scales."""
    return [
        each
        for each in sizes(sheet)
        if not ALLOWED.fullmatch(each.partition(":")[2].strip()) and each not in EXCEPTIONS
    ]


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: str(path.relative_to(APP)))
def test_a_stylesheet_takes_its_sizes_from_the_scales(path: Path) -> None:
    assert foreign(path.read_text("utf-8")) == []


def test_no_exception_outlives_its_rule() -> None:
    assert set(EXCEPTIONS) <= {each for path in SHEETS for each in sizes(path.read_text("utf-8"))}


def test_a_size_of_ones_own_is_found() -> None:
    assert foreign("a { gap: .35rem 1px; margin: 0 auto } /* font-size: 3px */") == [
        "gap: .35rem 1px"
    ]
    assert foreign("a{font-size:.95em}") == ["font-size:.95em"]


def test_no_two_pages_style_one_class() -> None:
    rooms: dict[str, set[str]] = {}
    for path in page_files.STYLES:
        for name in classes(path.read_text("utf-8")):
            rooms.setdefault(name, set()).add(path.relative_to(APP).parts[0])
    assert {name: where for name, where in rooms.items() if len(where) > 1} == {}
    assert classes("@media (x) { .dp-a b, .dp-c { } } p .dp-d { }") == {"dp-a", "dp-c"}
