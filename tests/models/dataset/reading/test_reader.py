"""Files are read in a process of their own: the same digits, and whatever happens to it."""

from __future__ import annotations

import gc
import io
import os
import signal
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from models import dataset
from models.dataset import LIMITS, Options
from models.dataset.reading import process, reader, wire
from models.formats.model_input import Input
from tests.models.digit.test_segmentation import SIX, TWO, ZERO, page
from tests.support import dataset_files as files

FILES = [
    ("7_a.png", files.picture()),
    ("cut.png", files.picture(page(TWO, ZERO, SIX))),
    ("bad\x1b[31m.png", b"text"),
    ("t10k-labels-idx1-ubyte", files.idx(np.arange(10))),
    ("set.zip", files.zipped({"3/a.png": files.picture(), "b.csv": b"1,2\n"})),
    ("t10k-images-idx3-ubyte", files.idx(files.digits())),
    ("b.npz", files.npz(x=files.digits(5), y=np.arange(5))),
    ("c.csv", b"7" + b",1" * 784 + b"\n"),
]


class Recorded(process.Process):
    """Remembers every process that was started."""

    started: list[Recorded]

    def __init__(self, memory: int) -> None:
        super().__init__(memory)
        self.started.append(self)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process.poll() is None


@pytest.fixture
def started(monkeypatch) -> list[Recorded]:
    Recorded.started = []
    monkeypatch.setattr(reader, "Process", Recorded)
    return Recorded.started


def send(started: list[Recorded], signal_number: int):
    """A look that sends a signal to the first process, as soon as it reads."""

    def look(count: int, before: int) -> None:
        if len(started) == 1 and started[0].alive:
            os.kill(started[0].pid, signal_number)

    return look


def test_what_is_read_is_the_same_as_in_this_process():
    apart, here = dataset.read_files(FILES, Options()), dataset.read_many(FILES)
    assert apart.names == here.names and apart.skipped == here.skipped
    assert len(apart.skipped) == 2 and len(apart) == len(here) == 21
    for name in ("stored", "stored_labels", "labels", "named"):
        np.testing.assert_array_equal(getattr(apart, name), getattr(here, name))
    assert apart.sources == here.sources and apart.labelled_by == here.labelled_by
    assert [(each.name, each.boxes) for each in apart.cuts] == [
        (each.name, each.boxes) for each in here.cuts
    ]
    np.testing.assert_array_equal(apart.cuts[0].preview, here.cuts[0].preview)


PHOTOS = Options(target=Input((96, 96, 3), framing="none"), classes=("cat", "dog"))


def photos(count: int) -> bytes:
    some = [files.picture(Image.new("RGB", (96, 96), (shade, 9, 9))) for shade in range(16)]
    names = ((f"{'dog' if at % 2 else 'cat'}/{at:04}.png", some[at % 16]) for at in range(count))
    return files.zipped(dict(names), compression=0)


def test_pictures_of_one_file_come_in_parts_and_are_the_same(monkeypatch):
    received, receive = [], wire.receive_answer

    def look(*given):
        received.append(receive(*given))
        return received[-1]

    monkeypatch.setattr(wire, "receive_answer", look)
    content = [("a.zip", photos(1_400)), ("labels.csv", b"file,label\n0001.png,cat\n")]
    apart, here = dataset.read_files(content, PHOTOS), dataset.read_many(content, PHOTOS)
    blocks = received[0].digits
    assert max(len(each.names) for each in blocks[:-1]) == 607, "of 16 MiB"
    assert apart.names == here.names and len(apart) == 1_400
    np.testing.assert_array_equal(apart.stored, here.stored)
    np.testing.assert_array_equal(apart.labels, here.labels)
    assert apart.labels[[0, 699, 700, 701]].tolist() == [0, 0, 0, 1], "one by the table"
    assert (
        apart.labelled_by == here.labelled_by == {"labels.csv": 1, "the folder (cat/1.jpg)": 1_399}
    )


def test_a_set_of_photographs_may_be_larger_than_the_memory_of_the_process_that_reads_it():
    limits = replace(LIMITS, memory=96 << 20)
    content = photos(6_000)
    read = dataset.read_files([("a.zip", content)], PHOTOS, limits=limits)
    assert read.skipped == () and read.stored.nbytes > 150 << 20
    assert (read.labels == np.arange(6_000) // 3_000).all()


def test_options_are_sent_once_for_all_files(monkeypatch):
    sent, send = [], wire.write
    monkeypatch.setattr(wire, "write", lambda to, said, *a: sent.append(said) or send(to, said, *a))
    dataset.read_files([("a.zip", photos(2)), ("b.zip", photos(2))], PHOTOS)
    assert ["options" in each for each in sent] == [True, False]


def test_all_sets_together_have_a_budget_in_bytes():
    gc.collect()
    one = 96 * 96 * 3
    limits = replace(LIMITS, bytes_together=reader.in_use.bytes() + 20 * one)
    read = dataset.read_files([("a.zip", photos(30))], PHOTOS, limits=limits)
    assert len(read) == 10, "half of what is left"
    assert any("no room for more" in each.reason for each in read.skipped)


def test_one_process_reads_a_whole_set_and_is_gone_afterwards(started):
    dataset.read_files(FILES, Options())
    assert len(started) == 1 and not started[0].alive


def test_progress_counts_all_digits_so_far():
    counts = []
    dataset.read_files(FILES, Options(), look=lambda count, before: counts.append((count, before)))
    assert counts[0] == (0, 0) and counts[-1][0] == 20 and counts == sorted(counts)


def test_a_set_is_full_at_its_limit_however_many_files_it_comes_in():
    limits = replace(LIMITS, images=7)
    apart = dataset.read_files([*FILES[-2:], *FILES[-2:]], Options(), limits=limits)
    here = dataset.read_many([*FILES[-2:], *FILES[-2:]], limits=limits)
    assert len(apart) == 7 and apart.skipped == here.skipped
    assert "at most 7." in apart.skipped[0].reason


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV])
def test_a_process_that_dies_is_a_sentence_and_the_others_are_read(started, number):
    read = dataset.read_files(FILES[:2], Options(), look=send(started, number))
    assert read.skipped[0].file == "7_a.png"
    assert f"ended ({signal.Signals(number).name})" in read.skipped[0].reason
    assert len(read) == 3 and len(started) == 2


def test_a_process_that_stands_still_is_ended(started, monkeypatch):
    monkeypatch.setattr(process, "PATIENCE", 0.5)
    read = dataset.read_files(FILES[:1], Options(), look=send(started, signal.SIGSTOP))
    assert "without a word" in read.skipped[0].reason and not started[0].alive


def test_a_set_whose_every_file_ends_its_process_is_given_up(started):
    def look(count: int, before: int) -> None:
        os.kill(started[-1].pid, signal.SIGKILL)

    read = dataset.read_files(
        [(f"{k}.png", files.picture()) for k in range(40)], Options(), look=look
    )
    assert len(read.skipped) == 40 and len(started) == 11
    assert "too many files of this set failed" in read.skipped[-1].reason


def test_work_ends_when_nobody_waits_any_more(started):
    def look(count: int, before: int) -> None:
        if started and count:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        dataset.read_files(FILES, Options(), look=look)
    assert len(started) == 1 and not started[0].alive
    assert len(dataset.read_files(FILES[:1], Options())) == 1, "the next set has its turn"


@pytest.mark.parametrize("share", [0.5, 1])
def test_the_process_ends_without_a_word_when_the_server_was_killed(share):
    content = files.zipped({f"7/{index}.png": files.picture() for index in range(50)})
    asked = io.BytesIO()
    wire.send_file(asked, wire.Asked("a.zip", content, Options(), LIMITS, 70_000))
    command = [sys.executable, "-m", "models.dataset.reading", str(LIMITS.memory)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe) as left:
        assert left.stdin and left.stdout and left.stderr
        left.stdout.close()
        left.stdin.write(asked.getvalue()[: int(share * len(asked.getvalue()))])
        left.stdin.close()
        assert left.stderr.read() == b""
    assert left.returncode == 0


def test_a_file_that_takes_too_long_keeps_what_was_read_in_its_time():
    member = files.picture(files.digit_image((700, 700)))
    content = files.zipped({f"7/{index:03}.png": member for index in range(400)})
    limits = replace(LIMITS, seconds=1.5, seconds_a_picture=0.001)
    read = dataset.read_files([("a.zip", content), FILES[0]], Options(), limits=limits)
    assert 1 < len(read) < 400 and read.names[-1] == "7_a.png"
    assert "Reading it took longer than" in read.skipped[0].reason


def test_each_picture_adds_to_a_files_time():
    pixels = np.stack([np.asarray(files.digit_image((40, 40), 255, 0))] * 1_500)
    limits = replace(LIMITS, seconds=0.1, seconds_a_picture=0.05)
    assert (
        len(dataset.read_files([("a.npz", files.npz(x=pixels))], Options(), limits=limits)) == 1_500
    )


def test_a_file_that_takes_too_much_memory_is_a_sentence_and_the_others_are_read():
    large = files.npz(x=np.asfortranarray(np.zeros((100_000, 28, 28), np.uint8)))
    limits = replace(LIMITS, memory=60 << 20)
    read = dataset.read_files([("a.npz", large), FILES[6]], Options(), limits=limits)
    assert "more memory than there is" in read.skipped[0].reason and len(read) == 5


PEAK = """
import resource, sys
from pathlib import Path
from models import dataset
found = dataset.read_path(Path(sys.argv[1]))
print(len(found), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10, found.skipped)
"""


def test_no_picture_takes_a_process_more_than_its_memory(tmp_path):
    path = tmp_path / "large.png"
    path.write_bytes(files.flat_png(7_000, 7_000))
    done = subprocess.run(
        [sys.executable, "-c", PEAK, str(path)], capture_output=True, text=True, check=True
    )
    images, peak, said = done.stdout.split(maxsplit=2)
    assert int(images) == 0 and "Skipped" in said
    assert int(peak) < (LIMITS.memory >> 20) + 100, "its own needs are some 50 MiB"


def test_all_sets_together_hold_no_more_than_there_is_room_for():
    gc.collect()
    limits = replace(LIMITS, images_together=reader.in_use.count() + 22)
    ten = ("a.npz", files.npz(x=files.digits(10)))
    first = dataset.read_files([ten], Options(), limits=limits)
    second = dataset.read_files([ten, ten], Options(), limits=limits)
    assert len(first) == 10 and len(second) == 6 + 3, "half of what is left, each time"
    assert sum("no room for more" in each.reason for each in second.skipped) == 2
    third = dataset.read_files([("7.png", files.picture())], Options(), limits=limits)
    assert len(third) == 1, "a picture still finds room"
    del first, second, third
    gc.collect()
    assert len(dataset.read_files([ten], Options(), limits=limits)) == 10


def test_this_process_imports_nothing_to_look_at_pictures_with():
    code = "import sys; from models import dataset; print('scipy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_a_crash_leaves_no_file_of_what_a_visitor_sent():
    code = (
        "import resource; from models.dataset.reading import os_limits\n"
        "os_limits.limit_memory(1 << 30); print(resource.getrlimit(resource.RLIMIT_CORE)[0])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "0"
