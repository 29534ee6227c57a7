"""TAR files: plain files are read, and nothing else in them; no header is believed."""

from __future__ import annotations

import gzip
import io
import tarfile

import pytest

from models import dataset
from models.dataset import Limits
from tests.support import dataset_files as files

SEVEN = files.picture()


def tar(*members, mode="w", kind=tarfile.PAX_FORMAT) -> bytes:
    """Of (name or TarInfo, bytes)."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode, format=kind) as archive:
        for name, content in members:
            info = tarfile.TarInfo(name) if isinstance(name, str) else name
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


def special(name: str, kind: bytes, link: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, link
    return info


def reasons(read) -> dict[str, str]:
    return {each.file: each.reason for each in read.skipped}


@pytest.mark.parametrize("kind", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
@pytest.mark.parametrize(
    ("mode", "name"),
    [
        ("w", "a.tar"),
        ("w:gz", "a.tar.gz"),
        ("w:gz", "a.tgz"),
        ("w:bz2", "a.tar.bz2"),
        ("w:xz", "a.tar.xz"),
        ("w:gz", "a"),
        ("w", "a.zip"),
    ],
)
def test_a_tar_is_read_as_a_zip_is(mode, name, kind):
    long = "f" * 90 + "/" + "g" * 50
    members = [("7/a.png", SEVEN), (f"1/{long}.png", SEVEN), (special("7", tarfile.DIRTYPE), b"")]
    read = dataset.read(name, tar(*members, mode=mode, kind=kind))
    assert read.skipped == ()
    assert read.labels.tolist() == [1, 7]
    assert [each.rpartition("/")[2] for each in read.names] == ["g" * 50 + ".png", "a.png"]


def test_arrays_in_a_tar_find_each_other():
    pixels = files.digits(9)
    packed = tar(
        ("t10k-labels-idx1-ubyte.gz", files.idx(pixels[0, 0, :9] % 10, gz=True)),
        ("t10k-images-idx3-ubyte.gz", files.idx(pixels, gz=True)),
        mode="w:gz",
    )
    read = dataset.read("mnist.tar.gz", packed)
    assert read.labels.tolist() == (pixels[0, 0, :9] % 10).tolist() and read.skipped == ()


def test_links_and_devices_are_not_followed():
    packed = tar(
        (special("7/a.png", tarfile.SYMTYPE, "/etc/passwd"), b""),
        (special("7/b.png", tarfile.LNKTYPE, "7/z.png"), b""),
        (special("7/c.png", tarfile.CHRTYPE), b""),
        (special("7/d.png", tarfile.BLKTYPE), b""),
        (special("7/e.png", tarfile.FIFOTYPE), b""),
        (special("7/f.png", b"S"), b""),
        ("7/z.png", SEVEN),
    )
    read = dataset.read("a.tar", packed)
    assert read.names == ("a.tar/7/z.png",)
    said = reasons(read)
    assert "a link" in said["a.tar/7/a.png"] and "a link" in said["a.tar/7/b.png"]
    assert all("a device" in said[f"a.tar/7/{name}.png"] for name in "cde")
    assert "sparse" in said["a.tar/7/f.png"]


@pytest.mark.parametrize("name", ["../7/a.png", "/7/a.png", "C:\\7.png", "7/../../a.png"])
def test_a_name_that_leads_out_is_refused(name):
    info = tarfile.TarInfo(name)
    (reason,) = reasons(dataset.read("a.tar", tar((info, SEVEN)))).values()
    assert "leads out of the TAR" in reason


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("b.tar", tar(("7/a.png", SEVEN))),
        ("b.tgz", tar(("7/a.png", SEVEN), mode="w:gz")),
        ("b.zip", files.zipped({"7/a.png": SEVEN})),
        ("b.zip.gz", gzip.compress(files.zipped({"7/a.png": SEVEN}))),
    ],
)
def test_an_archive_in_an_archive_is_refused(name, content):
    for outer in (tar((name, content)), files.zipped({name: content})):
        (reason,) = reasons(dataset.read("a", outer)).values()
        assert "an archive inside an archive" in reason


def lying(**change) -> bytes:
    """The header of a file that says what it likes, with a good sum, and some bytes."""
    info = tarfile.TarInfo("7/a.png")
    for name, value in change.items():
        setattr(info, name, value)
    return info.tobuf(tarfile.GNU_FORMAT) + SEVEN


def test_a_file_that_breaks_off_is_said():
    (reason,) = reasons(dataset.read("a.tar", lying(size=(8 << 30) - 1))).values()
    assert "breaks off inside it" in reason
    whole = tar(("7/a.png", SEVEN), ("7/b.png", SEVEN))
    read = dataset.read("a.tar", whole[: len(whole) // 20 + 1_200])
    assert len(read) + len(read.skipped) >= 1


def test_a_damaged_header_is_said():
    damaged = bytearray(tar(("7/a.png", SEVEN)))
    damaged[3] ^= 1
    for content in (bytes(damaged), lying(size=1 << 40)):
        (reason,) = reasons(dataset.read("a.tar", content)).values()
        assert "This TAR is damaged" in reason


def test_too_many_files_are_refused_before_they_are_kept():
    limits = Limits(files=3, images=3)
    content = b"".join(tarfile.TarInfo(f"{at}.png").tobuf() for at in range(9))
    read = dataset.read_many([("a.tar", content)], limits=limits)
    assert "holds more than 6 files" in read.skipped[0].reason
    content = b"".join(tarfile.TarInfo(f"{at}.png").tobuf() for at in range(4))
    read = dataset.read_many([("a.tar", content)], limits=limits)
    assert "holds 4 files; at most 3 may" in read.skipped[0].reason


def test_a_long_name_has_an_end():
    info = tarfile.TarInfo("x")
    info.type, info.size = b"L", 200_000
    content = info.tobuf() + b"7" * 200_192 + tarfile.TarInfo("7/a.png").tobuf()
    read = dataset.read("a.tar", content)
    assert len(read.skipped[0].file) <= 200


def test_a_tar_without_files_is_said():
    (reason,) = reasons(dataset.read("a.tar", bytes(10_240))).values()
    assert "holds no files" in reason
