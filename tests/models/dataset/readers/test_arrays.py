"""CSV, IDX and NPZ: what is right is read exactly, what is wrong is reported."""

import gzip
import io
import pickle
import tracemalloc

import numpy as np
import pytest

from models import dataset
from models.dataset import Options
from models.dataset.readers.saved import npz
from tests.support import dataset_files as files

PIXELS = files.digits(12)
LABELS = np.arange(12) % 10


def csv(pixels=PIXELS, labels=LABELS, header=True, delimiter=","):
    rows = pixels.reshape(len(pixels), -1)
    names = [f"pixel{index}" for index in range(rows.shape[1])]
    if labels is not None:
        rows, names = np.column_stack([labels, rows]), ["label", *names]
    lines = [delimiter.join(map(str, row)) for row in rows.tolist()]
    return "\n".join([delimiter.join(names), *lines] if header else lines).encode()


def only_reason(read):
    assert len(read.skipped) == 1, read.skipped
    return read.skipped[0].reason


def assert_is_the_set(read, labels=LABELS):
    assert read.skipped == ()
    np.testing.assert_array_equal(read.stored, PIXELS)
    np.testing.assert_array_equal(read.labels, labels)
    np.testing.assert_array_equal(read.pixels(), PIXELS.astype(np.float32) / np.float32(255))


@pytest.mark.parametrize("header", [True, False])
@pytest.mark.parametrize("labelled", [True, False])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_with_or_without_header_and_label(header, labelled, delimiter):
    content = csv(labels=LABELS if labelled else None, header=header, delimiter=delimiter)
    assert_is_the_set(dataset.read("a.csv", content), LABELS if labelled else np.full(12, -1))


def test_csv_of_windows_and_of_values_from_0_to_1():
    assert_is_the_set(dataset.read("a.csv", b"\xef\xbb\xbf" + csv().replace(b"\n", b"\r\n")))
    assert_is_the_set(dataset.read("a.csv", csv(PIXELS / 255)))


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (b",", b",x", "'x"),
        (b",", b",-4", "the value -4"),
        (b",", b",900", "the value 900"),
        (b",", b",0,", "786 columns in place of 785"),
        (b",", b",nan", "the value nan"),
        (b",", b",,", "786 columns"),
    ],
)
def test_csv_leaves_out_bad_lines_and_names_them(old, new, reason):
    lines = csv().split(b"\n")
    at = lines[3].index(b",")
    cell = lines[3].index(b",", at + 1) if b",0," not in new and b",," not in new else at + 1
    lines[3] = lines[3][:at] + new + lines[3][cell:]
    read = dataset.read("a.csv", b"\n".join(lines))
    assert len(read) == 11
    assert "1 line was left out: line 4 has" in only_reason(read) and reason in only_reason(read)
    np.testing.assert_array_equal(read.labels, np.delete(LABELS, 2))


def pictures(side):
    """(12, side, side) uint8: sevens, light on dark, on a scale from 0 to 255."""
    seven = files.digit_image((side, side), ink=255, paper=0)
    return np.stack([np.asarray(seven)] * 12)


def framed(pixels):
    """What pictures of another size are read as."""
    return dataset.read("a.npz", files.npz(x=pixels)).stored


@pytest.mark.parametrize("side", [8, 16, 32])
@pytest.mark.parametrize("labelled", [True, False])
def test_csv_of_square_pictures_of_other_sides_are_framed(side, labelled):
    read = dataset.read("a.csv", csv(pictures(side), LABELS if labelled else None, header=False))
    assert read.skipped == () and read.stored.any()
    np.testing.assert_array_equal(read.stored, framed(pictures(side)))
    np.testing.assert_array_equal(read.labels, LABELS if labelled else np.full(12, -1))


def test_csv_without_a_header_may_have_its_label_last():
    rows = np.column_stack([pictures(8).reshape(12, -1) // 16, LABELS])
    content = "\n".join(",".join(map(str, row)) for row in rows.tolist()).encode()
    read = dataset.read("optdigits.txt", content)
    np.testing.assert_array_equal(read.labels, LABELS)
    assert read.stored.any()


def test_a_table_separated_by_blanks_with_pixels_from_minus_1_to_1():
    signed = pictures(16).reshape(12, -1) / 127.5 - 1
    lines = [
        f"{label:.4f} " + " ".join(f"{value:.3f}" for value in row) + " "
        for label, row in zip(LABELS, signed, strict=True)
    ]
    lines[4] += "0.5"
    lines[5] = lines[5].replace(" -1.000", " -3.000", 1)
    read = dataset.read("zip.txt", "\n".join(lines).encode())
    assert len(read) == 10
    np.testing.assert_array_equal(read.labels, np.delete(LABELS, [4, 5]))
    np.testing.assert_allclose(read.stored, framed(pictures(16))[:10], atol=2)
    assert "line 5 has 258 columns" in only_reason(read)
    assert "line 6 has the value -3, expected -1 to 1" in only_reason(read)


def test_csv_with_a_label_that_is_no_digit():
    read = dataset.read("a.csv", csv(labels=LABELS + 3))
    assert len(read) == 9
    assert "has the label 10, expected 0 to 9" in only_reason(read)


def test_csv_with_missing_columns_says_how_many():
    read = dataset.read("a.csv", b"label,pixel0,pixel1\n7,0,0\n")
    assert len(read) == 0
    assert "first line has 3 columns" in only_reason(read)


def test_csv_where_no_line_can_be_read():
    assert "No line of it can be read" in only_reason(
        dataset.read("a.csv", csv(labels=LABELS + 20))
    )
    header = csv().split(b"\n")[0]
    assert "no lines" in only_reason(dataset.read("a.csv", header))


def test_csv_of_faulty_lines_is_given_up_before_its_end():
    header = csv().split(b"\n")[0]
    faulty = only_reason(dataset.read("a.csv", header + b"\n1,2" * 5_000))
    assert "1,000 lines were left out" in faulty and "Lines after them were not read" in faulty
    assert "no lines" in only_reason(dataset.read("a.csv", header + b"\n" * 5_000))
    read = dataset.read("a.csv", csv() + b"\n1,2" * 999)
    assert len(read) == 12 and "not read" not in only_reason(read)


def test_csv_beyond_the_limit_says_how_much_was_taken():
    read = dataset.read_many([("a.csv", csv())], limits=dataset.Limits(images=5))
    np.testing.assert_array_equal(read.stored, PIXELS[:5])
    assert "the lines after its first 5 images were left out" in only_reason(read)


@pytest.mark.parametrize("gz", [True, False])
def test_idx_images_find_their_labels(gz):
    suffix = ".gz" if gz else ""
    read = dataset.read_many(
        [
            (f"t10k-labels-idx1-ubyte{suffix}", files.idx(LABELS, gz=gz)),
            (f"t10k-images-idx3-ubyte{suffix}", files.idx(PIXELS, gz=gz)),
        ]
    )
    assert_is_the_set(read)


def test_idx_pairs_by_name_when_counts_are_equal():
    read = dataset.read_many(
        [
            ("train-images-idx3-ubyte", files.idx(PIXELS)),
            ("t10k-images-idx3-ubyte", files.idx(PIXELS[::-1])),
            ("t10k-labels-idx1-ubyte", files.idx(LABELS[::-1])),
        ]
    )
    np.testing.assert_array_equal(read.labels, [*[-1] * 12, *LABELS[::-1]])


def test_idx_images_alone_have_no_labels():
    assert_is_the_set(dataset.read("images-idx3-ubyte", files.idx(PIXELS)), np.full(12, -1))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\0\0\x09\x03" + files.idx(PIXELS)[4:], "begins with the bytes 00 00 09 03"),
        (files.idx(PIXELS)[:-1], "12 × 28 × 28 values, 9,408 bytes, but holds 9,407"),
        (files.idx(PIXELS)[:9], "breaks off inside its header"),
        (files.idx(LABELS + 5), "One of its labels is 10"),
        (files.idx(LABELS), "belong to no images"),
    ],
)
def test_broken_idx_says_what_is_wrong(content, reason):
    read = dataset.read("t10k-images-idx3-ubyte", content)
    assert len(read) == 0
    assert reason in only_reason(read)


@pytest.mark.parametrize(
    "arrays",
    [
        {"x": PIXELS, "y": LABELS},
        {"x": PIXELS[..., None], "y": LABELS[:, None]},
        {"x": PIXELS.reshape(12, 784), "y": np.eye(10)[LABELS]},
        {"x": PIXELS / 255, "y": LABELS.astype(float)},
        {"x": (PIXELS / np.float32(255)).astype(np.float32), "y": LABELS.astype(np.uint8)},
        {"images": PIXELS.astype(np.int64), "labels": LABELS},
        {"x": np.asfortranarray(PIXELS), "y": LABELS},
        {"x_test": PIXELS, "y_test": LABELS, "x_train": PIXELS[:1], "y_train": LABELS[:1]},
    ],
)
def test_npz_layouts(arrays):
    assert_is_the_set(dataset.read("a.npz", files.npz(**arrays)))


@pytest.mark.parametrize(
    "scaled",
    [
        PIXELS.astype(np.float32) / 127.5 - 1,
        (PIXELS > 127).astype(np.uint8),
        (PIXELS > 127).astype(np.int64),
        PIXELS > 127,
        (PIXELS // 16).astype(np.float64),
        (PIXELS // 16).astype(np.uint8),
    ],
)
def test_npz_whose_values_lie_on_another_usual_scale(scaled):
    read = dataset.read("a.npz", files.npz(x=scaled, y=LABELS))
    assert read.skipped == ()
    low, high = float(scaled.min()), float(max(scaled.max(), 16 if scaled.max() > 1 else 1))
    levels = (scaled.astype(float) - low) / (high - low) * 255
    np.testing.assert_array_equal(read.stored, np.rint(levels))


def test_npz_of_scikit_learns_digits_by_either_of_its_arrays():
    images = (pictures(8) // 16).astype(float)
    one = dataset.read("a.npz", files.npz(images=images, target=LABELS))
    other = dataset.read("a.npz", files.npz(data=images.reshape(12, 64), target=LABELS))
    for read in (one, other):
        assert read.skipped == () and read.stored.any()
        np.testing.assert_array_equal(read.labels, LABELS)
    np.testing.assert_array_equal(one.stored, other.stored)


def test_a_square_array_that_may_be_one_picture_or_many_is_refused():
    read = dataset.read("a.npz", files.npz(x=np.zeros((64, 64))))
    assert "have the shape (64, 64)" in only_reason(read)


def test_npz_train_half_on_request():
    content = files.npz(x_test=PIXELS[:1], y_test=LABELS[:1], x_train=PIXELS, y_train=LABELS)
    assert_is_the_set(dataset.read("a.npz", content, Options(split="train")))


class _Bomb:
    def __reduce__(self):
        return (pytest.fail, ("unpickled",))


def test_npz_of_pickled_objects_is_refused_and_never_unpickled():
    read = dataset.read("a.npz", files.npz(x=np.array([_Bomb()], object), y=LABELS))
    assert "pickled objects" in only_reason(read)
    file = io.BytesIO()
    pickle.dump(_Bomb(), file)
    assert "no array that NumPy saved" in only_reason(
        dataset.read("a.npz", files.zipped({"x.npy": file.getvalue()}))
    )


def test_npy_header_that_announces_too_much_allocates_nothing():
    file = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        file, {"shape": (10**12, 28, 28), "fortran_order": False, "descr": "|u1"}
    )
    read = dataset.read("a.npz", files.zipped({"x.npy": file.getvalue()}))
    assert "announces 784,000,000,000,000 bytes" in only_reason(read)


def test_npy_header_that_is_nested_too_deeply_is_no_array():
    head = b"{'descr': " + b"-" * 9_000 + b"1, 'fortran_order': False, 'shape': (1,), }\n"
    content = b"\x93NUMPY\1\0" + len(head).to_bytes(2, "little") + head
    assert "no array that NumPy saved" in only_reason(
        dataset.read("a.npz", files.zipped({"x.npy": content}))
    )


def test_npz_whose_array_would_unpack_to_too_much_is_refused_before():
    content = files.npz(x=np.zeros((2_000, 28, 28), np.uint8))
    assert len(content) < 10_000
    read = dataset.read_many([("a.npz", content)], limits=dataset.Limits(unpacked_bytes=1_000_000))
    assert "its x.npy, of 1.5 MiB, it would unpack to more than 977 KiB" in only_reason(read)


@pytest.mark.parametrize(
    ("arrays", "reason"),
    [
        ({"weights": PIXELS}, "It holds weights. Expected arrays named x_test"),
        ({"x": PIXELS.astype(int) - 1000}, "grey values go from -1000"),
        ({"x": np.full((2, 28, 28), np.nan)}, "grey values go from nan to nan"),
        ({"x": np.array(["a", "b"])}, "have the shape (2,)"),
        ({"x": np.zeros((3, 28, 28, 5))}, "have the shape (3, 28, 28, 5)"),
        ({"x": np.zeros((0, 28, 28))}, "have the shape (0, 28, 28)"),
        ({"x": np.zeros((28, 28, 60))}, "Expected that pictures go first, (60, 28, 28)"),
    ],
)
def test_npz_that_cannot_be_used_says_why(arrays, reason):
    read = dataset.read("a.npz", files.npz(**arrays))
    assert len(read) == 0
    assert reason in only_reason(read)


def test_npz_with_wrong_labels_is_used_without_them():
    read = dataset.read("a.npz", files.npz(x=PIXELS, y=LABELS[:3]))
    assert len(read) == 12 and set(read.labels.tolist()) == {-1}
    assert "3 labels for 12 images" in only_reason(read)


def test_truncated_npz():
    assert "damaged" in only_reason(dataset.read("a.npz", files.npz(x=PIXELS)[:200]))


def test_a_set_is_filled_up_to_the_limit():
    limits = dataset.Limits(images=5)
    read = dataset.read_many([("a.npz", files.npz(x=PIXELS, y=LABELS))], limits=limits)
    assert len(read) == 5
    assert "7 of its 12 images were left out" in only_reason(read)


def test_a_label_that_a_model_has_no_class_for_is_left_out_and_said():
    data = dataset.read("a.npz", files.npz(x=files.digits(4), y=np.array([0, 2, 3, 9])))
    known = data.within(3)
    assert known.labels.tolist() == [0, 2, -1, -1] and data.labels.tolist() == [0, 2, 3, 9]
    assert "2 images with another label" in known.skipped[-1].reason
    assert data.within(10) is data


def test_one_picture_with_an_axis_for_its_grey_is_one_picture():
    for shape in ((28, 28), (28, 28, 1)):
        content = files.npz(x=PIXELS[0].reshape(shape), y=np.array([7]))
        read = dataset.read("a.npz", content)
        np.testing.assert_array_equal(read.stored, PIXELS[:1])
        assert read.labels.tolist() == [7] and read.skipped == ()


def test_a_huge_picture_in_an_array_is_refused_before_anything_is_converted():
    content = files.npz(x=np.zeros((1, 4_000, 4_000), np.uint8))
    tracemalloc.start()
    read = dataset.read_many([("a.npz", content)], limits=dataset.Limits(pixels=1_000_000))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "more than 1,000,000 pixels each" in only_reason(read)
    assert peak < 3 * 16_000_000  # its own bytes, as unpacked and as joined


def test_pictures_beyond_the_room_are_not_converted_but_tell_the_scale():
    values = np.zeros((200_000, 7, 7), np.float32)
    values[-1] = 255
    values[0, 3] = 1
    content = files.npz(x=values)
    limits = dataset.Limits(images=5)
    tracemalloc.start()
    read = dataset.read_many([("a.npz", content)], limits=limits)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(read) == 5 and "199,995 of its 200,000 images were left out" in only_reason(read)
    assert peak < 3 * values.nbytes
    full = np.concatenate([PIXELS[:1] // 255, PIXELS[1:]])
    cut = dataset.read_many([("a.npz", files.npz(x=full))], limits=dataset.Limits(images=1))
    np.testing.assert_array_equal(cut.stored, full[:1])


def test_npz_in_gzip_of_a_huge_number_of_pictures_makes_room_for_few():
    file = io.BytesIO()
    np.save(file, np.zeros((2_000_000, 1, 1), np.uint8))
    content = gzip.compress(file.getvalue())
    tracemalloc.start()
    limits = dataset.Limits(images=5, file_bytes=5_000_000)
    read = dataset.read_many([("a.npy.gz", content)], limits=limits)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(read) == 5 and peak < 20_000_000


UNIT = PIXELS / 255
SLIGHTLY_OFF = {
    "below": np.where(PIXELS == 0, -1e-9, UNIT),
    "beyond": np.where(PIXELS == 255, 1.000001, UNIT),
    "both": np.where(PIXELS == 0, -1e-9, np.where(PIXELS == 255, 1.000001, UNIT)),
    "signed": np.clip(PIXELS / 127.5 - 1, -1.000001, 1) * 1.000001,
    "bytes": np.where(PIXELS == 255, 255.0001, PIXELS),
}


@pytest.mark.parametrize("values", SLIGHTLY_OFF.values(), ids=SLIGHTLY_OFF.keys())
def test_values_that_rounding_left_beyond_a_scale_are_clipped_in_npz_and_csv(values):
    for name, content in (("a.npz", files.npz(x=values)), ("a.csv", csv(values, labels=None))):
        read = dataset.read(name, content)
        assert read.skipped == ()
        np.testing.assert_array_equal(read.stored, PIXELS)


def test_lines_of_a_sharpened_picture_below_0_do_not_make_its_grey_paper():
    values = np.where(PIXELS == 0, -0.05, UNIT)
    np.testing.assert_array_equal(dataset.read("a.npz", files.npz(x=values)).stored, PIXELS)


def test_fractions_up_to_16_are_on_the_scale_of_bytes():
    values = np.clip(PIXELS / 20, 0, 13).astype(np.float32)
    read = dataset.read("a.npz", files.npz(x=values))
    np.testing.assert_array_equal(read.stored, np.rint(values))
    assert "from 0 to 1.05" in only_reason(dataset.read("a.npz", files.npz(x=UNIT * 1.05)))


@pytest.mark.parametrize("values", [UNIT, UNIT * 2 - 1, PIXELS // 16, PIXELS / 255 * 200])
def test_the_same_numbers_give_the_same_digits_as_csv_and_as_npz(values):
    in_csv = dataset.read("a.csv", csv(values, labels=None))
    assert in_csv.skipped == ()
    np.testing.assert_array_equal(in_csv.stored, dataset.read("a.npz", files.npz(x=values)).stored)
    cut = dataset.read_many([("a.csv", csv(values, None))], limits=dataset.Limits(images=3))
    np.testing.assert_array_equal(cut.stored, in_csv.stored[:3])


def test_a_line_left_out_for_its_value_does_not_change_the_others_scale():
    lines = csv(UNIT, labels=None).split(b"\n")
    lines[1] = b"-0.5" + lines[1][lines[1].index(b",") :]
    read = dataset.read("a.csv", b"\n".join(lines))
    np.testing.assert_array_equal(read.stored, PIXELS[1:])
    assert "line 2 has the value -0.5, expected 0 to 255" in only_reason(read)


def test_an_npz_of_half_a_gigabyte_is_never_whole_in_memory():
    values = np.zeros((200_000, 28, 28), np.uint8)
    values[:, 3, 3] = 9
    content, whole = files.npz(x=values), values.nbytes
    del values
    tracemalloc.start()
    read = dataset.read_many([("a.npz", content)], limits=dataset.Limits(images=1_000))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(read) == 1_000 and read.stored[-1, 3, 3] == round(9 / 16 * 255)
    assert peak < whole / 10


def test_labels_for_many_more_images_than_a_set_may_have_are_left_out():
    limits = dataset.Limits(images=5)
    named = [(f"{index}-idx1-ubyte", files.idx(np.arange(20) % 10)) for index in range(4)]
    read = dataset.read_many(named, limits=limits)
    reasons = [each.reason for each in read.skipped]
    assert sum("many more labels" in each for each in reasons) == 2
    assert sum("belong to no images" in each for each in reasons) == 2


def test_a_large_array_that_has_no_parts_is_refused_in_words(monkeypatch):
    monkeypatch.setattr(npz, "_LARGE", 5_000)
    monkeypatch.setattr(npz, "_SMALL", 5_000)
    assert_is_the_set(dataset.read("a.npz", files.npz(x=PIXELS, y=LABELS)))
    read = dataset.read("a.npz", files.npz(x=np.asfortranarray(PIXELS), y=LABELS))
    assert "Save np.ascontiguousarray" in only_reason(read)
