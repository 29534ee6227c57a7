"""Whose report it is: what a page calls the device that measured it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from app.benchmark.report import Report

Origin = Literal["own", "link", "file", "example"]

DEVICE = "device"  # of a report's environment: a name that somebody has given
MOST_NAME = 80  # characters
# The first that is found: Edge and Opera call themselves Chrome too, and Chrome Safari.
_BROWSERS = {
    "Edge": r"Edg(?:A|iOS)?/(\d+)",
    "Opera": r"OPR/(\d+)",
    "Samsung Internet": r"SamsungBrowser/(\d+)",
    "Firefox": r"(?:Firefox|FxiOS)/(\d+)",
    "Chrome": r"(?:HeadlessChrome|Chrome|CriOS)/(\d+)",
    "Safari": r"Version/(\d+)[\d.]* (?:Mobile/\w+ )?Safari/",
}
_SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "macOS": "Mac OS X",
    "ChromeOS": "CrOS",
    "Linux": "Linux",
}
_SOFTWARE = ("swiftshader", "llvmpipe", "software", "basic render")
# What a driver adds to the name of its graphics card.
_DRIVERS = re.compile(
    r"\((?:R|TM|C)\)|ANGLE (?:Metal|Vulkan) Renderer: |Mesa |Direct3D.*| OpenGL.*|"
    r" \(0x[0-9A-Fa-f]+\)|/PCIe.*| Series",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Device:
    """A report, what its device is called, and where the report is from."""

    name: str
    report: Report
    origin: Origin


def device(report: Report, origin: Origin) -> Device:
    """The report with its device's name."""
    return Device(name(report.environment), report, origin)


def told_apart(devices: Sequence[Device]) -> list[Device]:
    """The devices, those of one name with a number behind it."""
    names = [each.name for each in devices]
    return [
        replace(each, name=f"{each.name} ({names[: at + 1].count(each.name)})")
        if names.count(each.name) > 1
        else each
        for at, each in enumerate(devices)
    ]


def name(environment: Mapping[str, str]) -> str:
    """The name that somebody gave the device, else "Chrome 140, Windows, GeForce RTX 3060"."""
    if given := environment.get(DEVICE, "").strip():
        return given[:MOST_NAME]
    browser = environment.get("browser", "")
    parts = (_browser(browser), _system(browser), graphics(environment.get("gpu", "")))
    return ", ".join(part for part in parts if part)[:MOST_NAME] or "an unnamed device"


def graphics(renderer: str) -> str:
    """The graphics card in what WebGL calls it; empty if it calls it nothing."""
    if any(word in renderer.lower() for word in _SOFTWARE):
        return "software graphics"
    if renderer in ("", "none"):
        return ""
    inside = re.fullmatch(r"ANGLE \((.*)\)", renderer)
    vendor, _, rest = inside[1].partition(", ") if inside else ("", "", renderer)
    card = " ".join(_DRIVERS.sub("", (rest or vendor).split(", ")[0]).split())
    return re.sub(r" \(.*", "", card)


def _browser(agent: str) -> str:
    for known, pattern in _BROWSERS.items():
        if found := re.search(pattern, agent):
            return f"{known} {found[1]}"
    return ""


def _system(agent: str) -> str:
    return next((system for system, sign in _SYSTEMS.items() if sign in agent), "")
