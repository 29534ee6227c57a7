"""How much of a test set is worked on, sent and kept at once: every number, with its reason."""

from __future__ import annotations

from app.frontend import lane_wire, model_outputs
from app.upload.lane_progress import converts
from models.formats.manifest import Manifest

BATCH = 128  # images in one request to TensorFlow: a stroke on the canvas waits for one at most,
BATCH_VALUES = 1 << 20  # ... and of its pixels together, since large images take longer
PART = 1_024  # images that the browser fetches at once,
PART_BYTES = 4_000_000  # ... of so many bytes together,
MAX_POST = 800_000  # ... and whose answers it sends at once, of so many bytes
MAX_ERROR = 300
# Of the answers of all lanes of a run, and of all runs together: what is beyond is not run, and who
# finds no room tries again. 128 MB are 671,000 images of ten classes, or 6,700 of a thousand.
ANSWER_BYTES = 1 << 27
ALL_ANSWER_BYTES = 3 * ANSWER_BYTES


def answer_bytes(manifest: Manifest) -> int:
    """What the answers of all lanes to one image take, with what pages show of them."""
    outputs = model_outputs.count(manifest)
    shown = len(manifest.classes) if converts(manifest.answers, outputs) else 0
    lanes = len(manifest.server_lanes) + len(lane_wire.formats(manifest))
    return 4 * (outputs + shown) * lanes


def most_images(manifest: Manifest) -> int:
    """How many images one run may have."""
    return max(1, ANSWER_BYTES // answer_bytes(manifest))


def part(size: int, outputs: int) -> int:
    """How many images of ``size`` values the browser fetches and answers at once."""
    return max(1, min(PART, PART_BYTES // size, MAX_POST // (4 * outputs)))


def batch(size: int) -> int:
    """How many images of ``size`` values TensorFlow is asked for at once."""
    return max(1, min(BATCH, BATCH_VALUES // size))
