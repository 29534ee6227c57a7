"""When the times of a loaded lane are measured again."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from models.lanes import REFERENCE
from models.runtimes.loaded_lane import LoadedLane
from models.runtimes.worker import lanes

NOW = 100.0


@pytest.mark.parametrize(
    ("age", "times", "wanted"),
    [
        (0.0, lanes.ENOUGH, False),
        (lanes.RENEW_SECONDS, lanes.ENOUGH, False),
        (lanes.RENEW_SECONDS + 0.1, lanes.ENOUGH, True),
        (0.0, lanes.ENOUGH - 1, True),
        (0.0, 0, True),
    ],
    ids=["just taken", "recent", "old", "too few", "none"],
)
def test_times_are_measured_again_when_they_are_old_or_too_few(monkeypatch, age, times, wanted):
    monkeypatch.setattr(lanes, "time", SimpleNamespace(monotonic=lambda: NOW))
    lane = LoadedLane(REFERENCE, (), 10, 1.0, lambda tensors: tensors)
    timed = lanes.TimedLane(lane, 1.0, steady_ms=(1.0,) * times, timed_at=NOW - age)
    assert timed.wants_time is wanted
