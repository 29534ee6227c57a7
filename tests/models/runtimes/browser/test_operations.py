"""Operations are tried in a browser job after job, and one that fails is opened anew."""

import gzip
import sys

import numpy as np
import pytest

from models.lanes import Lane
from models.runtimes.browser.operations import Operations
from models.tfjs.report_bundle import Bundle
from tests.models.runtimes.browser.fake import program

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the stand-ins are shell scripts")
LANE = Lane("graph", "tfjs/webgl+f16")
BUNDLE = Bundle(gzip.compress(b"script"), gzip.compress(b"wasm"), "4")
# As page/operations.js: cases are numbers here, and what each gives is the number.
PAGE = """
say({"kind": "here"})
(lane,) = json.loads(get("job.json"))["lanes"]
said = [get("report/script.js").decode(), lane["backend"], lane["flags"]]
number = 1
while True:
    try:
        cases = json.loads(get(f"cases-{number}.json"))
    except urllib.error.HTTPError:
        time.sleep(0.01)
        continue
    number += 1
    for case in cases:
        if case == "ends":
            sys.exit(3)
        if case == "about":
            say({"kind": "case", "error": str(said)})
        elif case == "hostile":
            say({"kind": "case", "shape": [1 << 40]}, struct.pack("<f", 1))
        elif case == "no backend":
            say({"kind": "lane", "lane": 0, "error": "no webgl"})
        else:
            say({"kind": "case", "shape": [1]}, struct.pack("<f", case))
"""


@pytest.fixture
def operations(tmp_path):
    found = Operations(program(tmp_path, PAGE), LANE, BUNDLE)
    yield found
    found.close()


def test_each_job_is_answered_by_the_same_browser(operations):
    assert operations.run(["about"]) == (
        ["['script', 'webgl', {'WEBGL_FORCE_F16_TEXTURES': True}]"],
        "",
    )
    for job in ([1, 2], [3]):
        found, failure = operations.run(job)
        assert (np.concatenate(found).tolist(), failure) == (job, "")


@pytest.mark.parametrize(
    "case, why",
    [("ends", "exit code 3"), ("hostile", "1 numbers for the shape"), ("no backend", "no webgl")],
)
def test_what_fails_is_said_and_the_next_job_has_a_new_browser(operations, case, why):
    found, failure = operations.run([1, case, 2])
    assert len(found) == 1 and why in failure
    assert operations.run([4]) == ([np.float32(4)], "")
