"""Pictures and ZIPs: what people have, what is broken, what is hostile."""

import gzip
import io
import os
import struct
import zipfile
import zlib
from pathlib import Path
from unittest.mock import Mock

import numpy as np
import pytest
from PIL import Image

from models import dataset
from models.dataset import Limits, Options
from models.dataset.readers import arrays, pictures
from models.digit.digit import from_picture
from models.errors import InputError
from tests.support import dataset_files as files

SEVEN = files.picture()


def only_reason(read):
    assert len(read) == 0
    assert len(read.skipped) == 1, read.skipped
    return read.skipped[0].reason


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF"])
def test_every_format_is_read(kind):
    read = dataset.read(f"7_a.{kind.lower()}", files.picture(kind=kind))
    assert read.skipped == () and len(read) == 1
    assert read.names == (f"7_a.{kind.lower()}",) and read.label(0) == 7


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "LA", "CMYK", "I;16", "I", "F"])
def test_every_mode_is_read(mode):
    image = files.digit_image()
    if mode in ("I;16", "I", "F"):
        values = np.asarray(image, np.float32) * (1 if mode == "F" else 257)
        kind = {"I;16": np.uint16, "I": np.int32, "F": np.float32}[mode]
        image = Image.fromarray(values.astype(kind))
    else:
        image = image.convert(mode)
    read = dataset.read("a.tiff", files.picture(image, "TIFF"))
    assert read.skipped == () and len(read) == 1


def test_a_picture_becomes_the_digit_that_the_draw_page_would_make():
    pixels = from_picture(files.digit_image()).pixels
    np.testing.assert_allclose(dataset.read("a.png", SEVEN).pixels()[0], pixels, atol=0.51 / 255)


def test_exif_rotation_is_applied():
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held on its side
    turned = files.digit_image().transpose(Image.Transpose.ROTATE_90)
    read = dataset.read("a.png", files.picture(turned, exif=exif))
    np.testing.assert_array_equal(read.stored, dataset.read("b.png", SEVEN).stored)


def test_pictures_of_28_pixels_can_be_taken_as_they_are():
    pixels = files.digits(1)[0]
    content = files.picture(Image.fromarray(pixels))
    read = dataset.read("a.png", content, Options(framing="none"))
    np.testing.assert_array_equal(read.stored[0], pixels)


def test_pixel_data_can_be_framed():
    pixels = np.zeros((1, 28, 28), np.uint8)
    pixels[0, 2:10, 3:5] = 255
    as_is = dataset.read("a.npz", files.npz(x=pixels))
    framed = dataset.read("a.npz", files.npz(x=pixels), Options(framing="all"))
    np.testing.assert_array_equal(as_is.stored, pixels)
    assert framed.stored[0, 5:23].any(axis=1).all(), "20 pixels tall, in the middle"


def test_zip_of_pictures_in_folders_is_labelled():
    members = {f"set/{label}/img{index}.png": SEVEN for label in range(3) for index in range(2)}
    members |= {"set/readme.md": b"# Mine", "__MACOSX/set/0/._0.png": b"x", "set/.DS_Store": b"y"}
    read = dataset.read("a.zip", files.zipped(members))
    assert [read.label(index) for index in range(6)] == [0, 0, 1, 1, 2, 2]
    assert list(read.labelled_by.values()) == [6]
    assert [each.file for each in read.skipped] == ["a.zip/set/readme.md"]
    assert read.relabelled("name").labels.tolist() == [-1] * 6


def test_zip_may_hold_other_files_than_pictures():
    members = {
        "images-idx3-ubyte": files.idx(files.digits()),
        "labels-idx1-ubyte": files.idx(np.arange(10)),
    }
    read = dataset.read("a.zip", files.zipped(members))
    assert read.labels.tolist() == list(range(10)) and read.skipped == ()


def test_folder_is_read_like_a_zip(tmp_path: Path):
    (tmp_path / "7").mkdir()
    (tmp_path / "7" / "a.png").write_bytes(SEVEN)
    (tmp_path / "broken.png").write_bytes(SEVEN[:60])
    read = dataset.read_path(tmp_path)
    assert read.names == ("7/a.png",) and read.label(0) == 7
    assert [each.file for each in read.skipped] == ["broken.png"]


def test_a_name_that_is_no_text_can_be_printed_all_the_same(tmp_path: Path):
    (tmp_path / os.fsdecode(b"7_\xff.png")).write_bytes(SEVEN)
    read = dataset.read_path(tmp_path)
    assert read.names == ("7_\N{REPLACEMENT CHARACTER}.png",) and read.names[0].encode()


def test_nothing_at_the_path(tmp_path: Path):
    with pytest.raises(InputError, match="There is nothing at"):
        dataset.read_path(tmp_path / "none")


def test_5000_files_in_one_zip_are_read():
    pixels = files.picture(Image.fromarray(files.digits(1)[0]))
    content = files.zipped({f"{index % 10}/{index}.png": pixels for index in range(5_000)})
    read = dataset.read("a.zip", content, Options(framing="none"))
    assert len(read) == 5_000 and read.skipped == ()


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_truncated_picture(kind):
    content = files.picture(files.digit_image((200, 200)), kind)
    reason = only_reason(dataset.read(f"a.{kind.lower()}", content[: len(content) * 2 // 3]))
    assert "breaks off or is damaged" in reason


def test_text_named_png():
    reason = only_reason(dataset.read("a.png", b"This is no picture."))
    assert reason.startswith("It is named .png but holds text. Expected a picture: PNG,")


@pytest.mark.parametrize("name", ["a.png", "a.zip", "a.csv", "a.npz", "idx3-ubyte", "a"])
def test_zero_bytes(name):
    assert "It is empty (0 bytes)" in only_reason(dataset.read(name, b""))


def png_of(width: int, height: int) -> bytes:
    """A PNG of one grey level, as small as that can be."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + body))
        return struct.pack(">I", len(body)) + kind + body + check

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes((width // 8 + 1) * height), 9)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        chunk(*each) for each in ((b"IHDR", header), (b"IDAT", rows), (b"IEND", b""))
    )


@pytest.mark.parametrize("side", [20_000, 10_000])
def test_decompression_bomb(side):
    content = png_of(side, side)
    assert len(content) < 100_000
    reason = only_reason(dataset.read("a.png", content))
    assert "pixels, more than the 50,000,000 that a picture may have" in reason


def test_zip_bomb_is_refused_before_it_unpacks():
    bomb = files.zipped({"a.csv": bytes(5_000_000), "7/b.png": SEVEN})
    limits = Limits(file_bytes=1_000_000)
    read = dataset.read_many([("bomb.zip", bomb)], limits=limits)
    assert len(read) == 1
    assert "unpacks to 4.77 MiB; a file may have at most 977 KiB" in read.skipped[0].reason


def test_zip_of_many_large_files_stops_at_the_limit():
    members = {f"{index}.csv": b"1," * 200_000 for index in range(5)}
    limits = Limits(unpacked_bytes=1_000_000)
    read = dataset.read_many([("bomb.zip", files.zipped(members))], limits=limits)
    assert sum("more than 977 KiB" in each.reason for each in read.skipped) == 3


def test_zip_that_lies_about_sizes_is_damaged():
    content = bytearray(files.zipped({"a.png": SEVEN}))
    at = content.index(b"PK\x01\x02") + 24
    content[at : at + 4] = struct.pack("<I", 10)
    read = dataset.read("a.zip", bytes(content))
    assert len(read) == 0 and len(read.skipped) == 1


def test_nested_zip_has_its_own_line():
    read = dataset.read(
        "a.zip", files.zipped({"b.zip": files.zipped({"a": b"x"}), "7/c.png": SEVEN})
    )
    assert len(read) == 1
    assert "an archive inside an archive" in read.skipped[0].reason


@pytest.mark.parametrize(
    "name", ["../7.png", "/etc/7.png", "a/../../7.png", "C:/7.png", "..\\7.png"]
)
def test_names_that_lead_out_of_a_zip(name):
    read = dataset.read("a.zip", files.zipped({name: SEVEN, "7/ok.png": SEVEN}))
    assert read.names == ("a.zip/7/ok.png",)
    assert "leads out of the ZIP" in read.skipped[0].reason


def test_encrypted_zip():
    assert "encrypted" in only_reason(dataset.read("a.zip", files.encrypted_zip()))


def test_broken_and_empty_zips():
    whole = files.zipped({"7/a.png": SEVEN})
    assert "This ZIP is damaged" in only_reason(dataset.read("a.zip", whole[: len(whole) // 2]))
    assert "holds no files" in only_reason(dataset.read("a.zip", files.zipped({})))
    content = bytearray(whole)
    content[60] ^= 255
    assert "damaged inside the ZIP" in only_reason(dataset.read("a.zip", bytes(content)))


@pytest.mark.parametrize("level", [0, 255])
def test_picture_of_one_colour(level):
    content = files.picture(Image.new("L", (100, 100), level))
    assert "holds no ink" in only_reason(dataset.read("a.png", content))


def test_a_model_is_refused_with_the_way_to_convert_it():
    for name, content in (("a.h5", b"\x89HDF\r\n\x1a\nabc"), ("a.keras", b"PK\x03\x04")):
        assert "digit-parity convert" in only_reason(dataset.read(name, content))


def test_unknown_kinds_of_file():
    assert "This kind of file cannot be read. Expected pictures" in only_reason(
        dataset.read("a.exe", b"MZ\x90\0")
    )


def test_a_file_over_the_limit():
    read = dataset.read_many([("a.png", SEVEN)], limits=Limits(file_bytes=100))
    assert "a file may have at most 100 bytes" in only_reason(read)


def test_one_bad_file_does_not_stop_the_others():
    read = dataset.read_many([("bad.png", b"x"), ("7_a.png", SEVEN), ("b.zip", b"PK\x03\x04")])
    assert read.names == ("7_a.png",)
    assert [each.file for each in read.skipped] == ["bad.png", "b.zip"]


def test_unsupported_compression_in_a_zip():
    content = bytearray(files.zipped({"7/a.png": SEVEN}, zipfile.ZIP_STORED))
    for magic, offset in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        content[content.index(magic) + offset] = 97
    assert "damaged inside the ZIP" in only_reason(dataset.read("a.zip", bytes(content)))


def test_a_second_frame_is_not_read():
    file = io.BytesIO()
    first = files.digit_image()
    first.save(file, "GIF", save_all=True, append_images=[Image.new("L", (60, 60), 255)])
    assert len(dataset.read("a.gif", file.getvalue())) == 1


def test_what_members_of_a_zip_unpack_to_again_counts():
    table = gzip.compress(b"1," * 300_000)
    saved = files.npz(x=np.zeros((700, 28, 28), np.uint8))
    members = {"a.csv.gz": table, "b.npz": saved, "c.csv.gz": table, "7/d.png": SEVEN}
    limits = Limits(unpacked_bytes=1_000_000)
    read = dataset.read_many([("bomb.zip", files.zipped(members))], limits=limits)
    over = [each.file for each in read.skipped if "more than 977 KiB" in each.reason]
    assert over == ["bomb.zip/b.npz", "bomb.zip/c.csv.gz"]
    again = dataset.read_many([("b.npz", saved), ("c.npz", saved)], limits=limits)
    assert len(again) == 1_400 and again.skipped == ()  # each file has a budget of its own


@pytest.mark.parametrize("name", ["a.zip", "a.npz"])
def test_a_zip_of_too_many_entries_is_refused_before_it_is_parsed(name, monkeypatch):
    content = files.zipped({f"{index}": b"" for index in range(1_200)}, zipfile.ZIP_STORED)

    def parsed(*_args):
        pytest.fail("parsed")

    monkeypatch.setattr(zipfile, "ZipFile", parsed)
    read = dataset.read_many([(name, content)], limits=Limits(files=500, images=500))
    assert "As a ZIP it holds 1,200 files and folders" in only_reason(read)


def test_a_zip_whose_files_share_their_bytes_is_refused():
    for content in (files.overlapping_zip(SEVEN, 60_000), files.overlapping_zip(SEVEN, 2)):
        assert "share their bytes" in only_reason(dataset.read("a.zip", content))


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_packing_that_unpacks_more_than_it_is_asked_for_is_refused(method):
    """4 kB of BZIP2 hold gigabytes, and Python unpacks all of them for the first byte."""
    packed = files.zipped({"7/a.png": SEVEN}, method)
    assert "BZIP2 or LZMA" in only_reason(dataset.read("a.zip", packed))
    saved = files.zipped({"x.npy": b""}, method)
    assert "BZIP2 or LZMA" in only_reason(dataset.read("a.npz", saved))


def test_a_picture_of_one_endless_column_is_refused_before_it_is_decoded():
    assert "a side may have at most 65,535" in only_reason(dataset.read("a.png", png_of(1, 70_000)))


def test_one_picture_many_thousand_times_and_blank_ones_are_framed_once(monkeypatch):
    framed = Mock(side_effect=arrays.from_picture)
    monkeypatch.setattr(arrays, "from_picture", framed)
    blank = np.full((20_000, 64, 64), 7, np.uint8)
    blank[:, 0, 0] = 7 + 15
    seven = np.asarray(files.digit_image((64, 64), ink=255, paper=0))
    same = np.broadcast_to(seven, (3_000, 64, 64))
    read = dataset.read_many([("a.npz", files.npz(x=blank)), ("b.npz", files.npz(x=same))])
    assert len(read) == 23_000 and not read.stored[:20_000].any()
    assert (read.stored[20_000:] == read.stored[-1]).all() and read.stored[-1].any()
    assert framed.call_count < 15, "once in each part that is unpacked"


@pytest.mark.parametrize("shape", [(70_000, 1, 1), (70_000, 1, 40), (70_000, 5, 5)])
def test_seventy_thousand_pictures_of_few_pixels_are_not_framed_one_by_one(shape, monkeypatch):
    monkeypatch.setattr(arrays, "from_picture", Mock(side_effect=AssertionError))
    levels = np.random.default_rng(0).integers(100, 115, shape[:1], np.uint8)
    content = files.idx(np.broadcast_to(levels[:, None, None], shape))
    read = dataset.read("images-idx3-ubyte", content)
    assert len(read) == 70_000 and read.skipped == ()


def test_many_pieces_of_one_shape_are_framed_once_and_counted(monkeypatch):
    """A picture of thousands is small, and whoever waits for it hears of it."""
    framed, counts, frame = [], [], pictures.from_ink

    def counting(ink):
        framed.append(ink)
        return frame(ink)

    monkeypatch.setattr(pictures, "from_ink", counting)
    bars = np.full((400, 400), 255, np.uint8)
    for top in range(20, 380, 40):
        for left in range(20, 380, 40):
            bars[top : top + 24, left : left + 6] = 0
    read = dataset.read_many(
        [("bars.png", files.picture(Image.fromarray(bars)))],
        on_progress=lambda _name, count: counts.append(count),
    )
    assert len(read) > len(framed) > 0
    assert set(counts) == set(range(1, len(read) + 1)), "each is told"
