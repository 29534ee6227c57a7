from __future__ import annotations

import pytest

from app.benchmark.report import Report
from app.benchmark.results import devices

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/140.0.0.0 Safari/537.36"
)
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1"
)


@pytest.mark.parametrize(
    "agent, said",
    [
        (CHROME, "Chrome 140, Windows"),
        (f"{CHROME} Edg/140.0.0.0", "Edge 140, Windows"),
        (SAFARI, "Safari 18, iPhone"),
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
            "Firefox 128, Linux",
        ),
        (
            "Mozilla/5.0 (Linux; Android 14) Chrome/139.0 Mobile Safari/537.36",
            "Chrome 139, Android",
        ),
        ("curl", "an unnamed device"),
    ],
)
def test_a_device_is_called_by_its_browser_and_system(agent: str, said: str) -> None:
    assert devices.name({"browser": agent}) == said


@pytest.mark.parametrize(
    "renderer, said",
    [
        ("ANGLE (Apple, ANGLE Metal Renderer: Apple M1, Unspecified Version)", "Apple M1"),
        (
            "ANGLE (NVIDIA, NVIDIA GeForce RTX 3060 (0x00002504) Direct3D11 vs_5_0 ps_5_0, D3D11)",
            "NVIDIA GeForce RTX 3060",
        ),
        (
            "ANGLE (Intel, Mesa Intel(R) UHD Graphics 620 (KBL GT2), OpenGL 4.6)",
            "Intel UHD Graphics 620",
        ),
        (
            "ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device (Subzero)), SwiftShader driver)",
            "software graphics",
        ),
        ("Adreno (TM) 640", "Adreno 640"),
        ("Apple GPU", "Apple GPU"),
        ("none", ""),
        ("", ""),
    ],
)
def test_a_graphics_card_is_named_without_its_driver(renderer: str, said: str) -> None:
    assert devices.graphics(renderer) == said


def test_the_name_that_somebody_gave_counts_and_is_cut() -> None:
    assert devices.name({"browser": CHROME, "device": " my phone "}) == "my phone"
    assert len(devices.name({"device": "x" * 500})) == devices.MOST_NAME


def test_devices_of_one_name_are_told_apart() -> None:
    report = Report("mnist", "abc", environment={"browser": CHROME})
    three = [devices.device(report, "file"), devices.device(report, "file")]
    three.append(devices.device(Report("mnist", "abc", environment={"device": "phone"}), "link"))
    assert [each.name for each in devices.told_apart(three)] == [
        "Chrome 140, Windows (1)",
        "Chrome 140, Windows (2)",
        "phone",
    ]
