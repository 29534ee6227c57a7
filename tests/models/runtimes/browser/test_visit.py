"""A visit tells what a page says, and ends the browser whatever that does."""

import os
import sys
import tempfile
from pathlib import Path

import pytest

from models.errors import ModelError
from models.runtimes.browser.visit import visit
from tests.models.runtimes.browser.fake import program
from tests.support.waiting import until

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the stand-ins are shell scripts")
PAGE = 'job = json.loads(get("job.json")); say({"kind": "here"})\n'


def test_what_the_page_says_comes_in_order_until_its_end(tmp_path):
    browser = program(tmp_path, PAGE + 'say({"kind": "x", "job": job}, b"\\0\\0\\x80\\x3f")\n'
                      'say({"kind": "end"}); time.sleep(600)')  # fmt: skip
    here, told = visit(browser, {}, {"lanes": [1]}, seconds=60)
    assert here.said == {"kind": "here"}
    assert told.said["job"] == {"lanes": [1]}
    assert told.values.tolist() == [1.0]


def test_the_page_and_its_modules_are_given_and_nothing_else(tmp_path):
    browser = program(tmp_path, """
page = get("").decode()
found = {}
for name in ("run.js", "mine", "", "index.html", "../visit.py", "visit.py", "%2e%2e/visit.py"):
    try:
        found[name] = len(get(name))
    except urllib.error.HTTPError as error:
        found[name] = -error.code
say({"kind": "found", "page": page, "found": found})
say({"kind": "end"})
""")  # fmt: skip
    (told,) = visit(browser, {"mine": b"four"}, {}, seconds=60)
    assert "run.js" in told.said["page"]
    found = told.said["found"]
    assert found["mine"] == 4
    assert found["run.js"] > 1000
    assert {found[name] for name in found if "visit" in name} == {-404}


def test_nobody_who_sees_command_lines_or_names_learns_the_address(tmp_path):
    browser = program(tmp_path, """
folder = os.path.dirname(urllib.request.url2pathname(sys.argv[-1].removeprefix("file:")))
say({"kind": "found", "secret": address.split("/")[3], "command": sys.argv,
     "mode": os.stat(folder).st_mode & 0o777})
say({"kind": "end"})
""")  # fmt: skip
    (told,) = visit(browser, {}, {}, seconds=60)
    found = told.said
    assert len(found["secret"]) >= 32 and found["mode"] == 0o700
    assert not any(found["secret"] in each for each in found["command"])


def test_a_page_whose_process_ended_is_said_at_once(tmp_path):
    script = (
        PAGE
        + """
held = urllib.request.urlopen(address + "alive")
held.close()
time.sleep(600)
"""
    )
    with pytest.raises(ModelError, match=r"The page failed in Chromium: its process ended"):
        list(visit(program(tmp_path, script), {}, {}, seconds=600))


@pytest.mark.parametrize(
    "script, words",
    [
        ("sys.exit(21)", r"Chromium ended before it answered: exit code 21 \(it said nothing\)"),
        ("sys.exit('no display \\x1b[2J')", r"exit code 1 \(no display \\x1b\[2J\)"),
        ("os.kill(os.getpid(), 9)", "Chromium ended before it answered: signal 9"),
        (PAGE + "sys.exit(3)", "exit code 3"),
        (PAGE + "say({'kind': 'fault', 'error': 'no module'})", "The page failed .*: no module"),
        ("time.sleep(600)", r"Chromium did not open the page within 0\.5 s"),
    ],
)
def test_a_browser_that_does_not_answer_is_a_sentence(tmp_path, script, words):
    with pytest.raises(ModelError, match=words):
        list(visit(program(tmp_path, script), {}, {}, seconds=60, starting=60 if "sleep" not in
                   script else 0.5))  # fmt: skip


def test_a_page_that_falls_silent_is_given_up(tmp_path):
    browser = program(tmp_path, PAGE + "time.sleep(600)")
    with pytest.raises(ModelError, match=r"Chromium gave no answer within 0\.2 s"):
        list(visit(browser, {}, {}, seconds=0.2))


def test_a_browser_and_its_children_and_its_profile_are_gone_afterwards(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    browser = program(tmp_path, """
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
profile = next(each for each in sys.argv if each.startswith("--user-data-dir=")).partition("=")[2]
open(os.path.join(profile, "lock"), "w").close()
say({"kind": "here", "pids": [os.getpid(), child.pid], "profile": profile})
time.sleep(600)
""")  # fmt: skip
    before = set(tmp_path.iterdir())
    visited = visit(browser, {}, {}, seconds=60)
    told = next(visited).said
    assert Path(told["profile"], "lock").exists()
    visited.close()
    until(lambda: not any(map(_runs, told["pids"])), lambda: f"{told['pids']} still run")
    assert set(tmp_path.iterdir()) == before


def _runs(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_program_that_cannot_be_started_is_a_sentence(tmp_path):
    browser = program(tmp_path, "")
    browser.path.chmod(0o644)
    with pytest.raises(ModelError, match=r"it cannot be started: .*Permission denied"):
        list(visit(browser, {}, {}, seconds=60))
