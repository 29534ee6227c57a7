"""The colours' contrast and distance, by the formulas of WCAG 2.2 and Machado et al. 2009."""

from __future__ import annotations

import re
import tomllib
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from app.startup import page_files
from app.ui import palette

ROOT = Path(__file__).resolve().parents[3]
CONFIG = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())
THEMES = CONFIG["theme"]
STYLE = "".join(path.read_text() for path in page_files.STYLES)
# The colours of tokens.css by name, each for the light and for the dark theme.
COLOURS = {
    name: (light, dark)
    for name, light, dark in re.findall(r"--dp-([\w-]+): light-dark\((#\w+), (#\w+)\)", STYLE)
}
TONES = ("good", "bad", "unsure", "quiet", "primary")
EDGE = int(re.findall(r"--dp-edge: color-mix\(in srgb, currentColor (\d+)%", STYLE)[0]) / 100
TINT = float(re.findall(r"background: color-mix\(in srgb, var\(--dp-tone\) (\d+)%", STYLE)[0]) / 100
PAD = re.findall(r"background: (#\w+); box-shadow", STYLE)
HINT = re.findall(r"dp-hint {[^}]*?; color: (#\w+)", STYLE)
SIDES = ("light", "dark")

# Machado, Oliveira and Fernandes, "A Physiologically-based Model for Simulation of Color Vision
# Deficiency", 2009, table 1, severity 1.0; on linear RGB.
PROTANOPIA = [[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]]
DEUTERANOPIA = [[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]]


def linear(colour: str) -> np.ndarray:
    """sRGB in hexadecimal → linear RGB."""
    values = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    light, dark = sorted(linear(each) @ [0.2126, 0.7152, 0.0722] for each in (one, other))[::-1]
    return float((light + 0.05) / (dark + 0.05))


def long(colour: str) -> str:
    """#fff → #ffffff."""
    return "#" + "".join(2 * each for each in colour[1:]) if len(colour) == 4 else colour


def mixed(one: str, other: str, share: float) -> str:
    """``share`` of one colour and the rest of the other, as opacity and color-mix compute it."""
    parts = [
        share * int(one[i : i + 2], 16) + (1 - share) * int(other[i : i + 2], 16) for i in (1, 3, 5)
    ]
    return "#" + "".join(f"{round(part):02x}" for part in parts)


def lab(rgb: np.ndarray) -> np.ndarray:
    """Linear RGB → CIE L*a*b* (D65)."""
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    x, y, z = (xyz @ np.clip(rgb, 0, 1)) / [0.9505, 1.0, 1.089]
    f = [value ** (1 / 3) if value > 0.008856 else 7.787 * value + 16 / 116 for value in (x, y, z)]
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def test_the_formulas_give_known_values() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert lab(linear("#ffffff")) == pytest.approx([100, 0, 0], abs=0.1)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("colour", palette.FORMAT_COLOURS.values())
def test_a_lanes_colour_stands_out_from_the_page(theme: str, colour: str) -> None:
    assert contrast(colour, THEMES[theme]["backgroundColor"]) >= 3


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("ground", ["backgroundColor", "secondaryBackgroundColor"])
def test_text_and_links_can_be_read(theme: str, ground: str) -> None:
    for text in ("textColor", "primaryColor"):
        assert contrast(THEMES[theme][text], THEMES[theme][ground]) >= 4.5


@pytest.mark.parametrize("side", SIDES)
def test_a_verdicts_mark_and_words_can_be_read(side: str) -> None:
    place, ground = SIDES.index(side), THEMES[side]["backgroundColor"]
    for tone in (COLOURS[name][place] for name in TONES):
        assert contrast(long(COLOURS["on-primary"][place]), tone) >= 4.5
        assert contrast(tone, ground) >= 3
        # The detail has an opacity of 85 % on a tinted background.
        tinted = mixed(tone, ground, TINT)
        assert contrast(mixed(THEMES[side]["textColor"], tinted, 0.85), tinted) >= 4.5


@pytest.mark.parametrize("side", SIDES)
def test_small_words_and_buttons_can_be_read(side: str) -> None:
    theme = THEMES[side]
    small = mixed(theme["textColor"], theme["backgroundColor"], 0.8)
    assert contrast(small, theme["backgroundColor"]) >= 4.5
    assert COLOURS["primary"][SIDES.index(side)] == theme["primaryColor"]


@pytest.mark.parametrize("side", SIDES)
def test_an_edge_that_must_be_seen_is_seen(side: str) -> None:
    ground = THEMES[side]["backgroundColor"]
    tinted = mixed(THEMES[side]["textColor"], ground, 0.06)
    assert contrast(mixed(THEMES[side]["textColor"], tinted, EDGE), tinted) >= 3


def test_pen_and_hint_stand_out_from_the_canvas() -> None:
    assert contrast(HINT[0], PAD[0]) >= 4.5
    assert contrast("#ffffff", PAD[0]) >= 7


@pytest.mark.parametrize("sight", [np.eye(3), PROTANOPIA, DEUTERANOPIA])
def test_lanes_colours_differ_for_colour_blind_people(sight: list[list[float]]) -> None:
    for one, other in combinations(palette.FORMAT_COLOURS.values(), 2):
        seen = [lab(np.array(sight) @ linear(each)) for each in (one, other)]
        assert np.linalg.norm(seen[0] - seen[1]) > 20
