"""Which layouts of a test set are read? MNIST's first test digits, saved as people save them.

    python -m benchmarks.layouts --data mnist.npz

Prints a line for each layout: how many of the digits are read, how many of their labels are right,
and of how many each pixel is the one that was saved. Of a layout of pictures, which are framed,
pixels are not compared.
"""

from __future__ import annotations

import argparse
import bz2
import io
import json
import lzma
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pandas
import pyarrow
import pyarrow.parquet
import scipy.io
from PIL import Image

from models import dataset

COUNT = 200
Files = Mapping[str, bytes]
LAYOUTS: dict[str, Callable[[np.ndarray, np.ndarray], Files]] = {}


def layout(name: str):
    """Registers what makes the files of a layout from pixels (n, 28, 28) and labels (n,)."""

    def register(make: Callable[[np.ndarray, np.ndarray], Files]):
        LAYOUTS[name] = make
        return make

    return register


def saved(save: Callable[[io.BytesIO], object]) -> bytes:
    file = io.BytesIO()
    save(file)
    return file.getvalue()


def npz(**arrays: np.ndarray) -> bytes:
    return saved(lambda file: np.savez(file, **arrays))


def npy(values: np.ndarray) -> bytes:
    return saved(lambda file: np.save(file, values))


def png(pixels: np.ndarray) -> bytes:
    return saved(lambda file: Image.fromarray(pixels).save(file, "PNG"))


def table(x: np.ndarray, y: np.ndarray) -> pandas.DataFrame:
    names = [f"pixel{at}" for at in range(784)]
    found = pandas.DataFrame(x.reshape(-1, 784), columns=names)
    found.insert(0, "label", y)
    return found


def lines(rows: np.ndarray, delimiter: str = ",") -> bytes:
    return saved(lambda file: np.savetxt(file, rows, "%g", delimiter))


def sparse(row: np.ndarray, label: int) -> str:
    return f"{label} " + " ".join(f"{at + 1}:{row[at]}" for at in np.flatnonzero(row))


def tarred(files: Files, mode: str) -> bytes:
    def save(file: io.BytesIO) -> None:
        with tarfile.open(fileobj=file, mode=mode) as archive:
            for name, content in files.items():
                info = tarfile.TarInfo(name)
                info.size = len(content)
                archive.addfile(info, io.BytesIO(content))

    return saved(save)


def zipped(files: Files) -> bytes:
    def save(file: io.BytesIO) -> None:
        with zipfile.ZipFile(file, "w") as archive:
            for name, content in files.items():
                archive.writestr(name, content)

    return saved(save)


def hub(x: np.ndarray, y: np.ndarray) -> pyarrow.Table:
    kind = pyarrow.struct([("bytes", pyarrow.binary()), ("path", pyarrow.string())])
    cells = [{"bytes": png(each), "path": None} for each in x]
    names = {"info": {"features": {"label": {"names": list("0123456789")}}}}
    found = pyarrow.table({"image": pyarrow.array(cells, kind), "label": pyarrow.array(y)})
    return found.replace_schema_metadata({b"huggingface": json.dumps(names).encode()})


def colour(x: np.ndarray) -> np.ndarray:
    return np.repeat(x[..., None], 3, 3)


def folder(x: np.ndarray, y: np.ndarray) -> Files:
    return {
        f"{label}/{at}.png": png(each) for at, (each, label) in enumerate(zip(x, y, strict=True))
    }


ONE_HOT = np.eye(10, dtype=int)
layout("two .npy: X_test, y_test")(lambda x, y: {"X_test.npy": npy(x), "y_test.npy": npy(y)})
layout("the same in a ZIP")(
    lambda x, y: {"a.zip": zipped({"d/images.npy": npy(x), "d/labels.npy": npy(y)})}
)
layout(".npz: test_images, test_labels")(lambda x, y: {"a.npz": npz(test_images=x, test_labels=y)})
layout(".npz: names of its own")(lambda x, y: {"a.npz": npz(pictures=x, answers=y)})
layout(".npz: (n, 28, 28, 3)")(lambda x, y: {"a.npz": npz(x=colour(x), y=y)})
layout(".npz: (n, 3, 28, 28)")(lambda x, y: {"a.npz": npz(x=colour(x).transpose(0, 3, 1, 2), y=y)})
layout(".npz: less mean, over deviation")(
    lambda x, y: {"a.npz": npz(x=((x / 255 - 0.1307) / 0.3081).astype(np.float32), y=y)}
)
layout(".npz: from -0.5 to 0.5")(lambda x, y: {"a.npz": npz(x=x / 255 - 0.5, y=y)})
layout(".npy: (n, 785)")(lambda x, y: {"a.npy": npy(np.c_[y, x.reshape(-1, 784)])})
layout(".mat: rows")(
    lambda x, y: {"a.mat": saved(lambda f: scipy.io.savemat(f, {"X": x.reshape(-1, 784), "y": y}))}
)
layout(".mat: pictures last, 10 is 0")(
    lambda x, y: {
        "a.mat": saved(
            lambda f: scipy.io.savemat(f, {"X": x.transpose(1, 2, 0), "y": np.where(y == 0, 10, y)})
        )
    }
)
layout("CSV with pandas' index")(lambda x, y: {"a.csv": table(x, y).to_csv().encode()})
layout("CSV with an id and a text")(
    lambda x, y: {
        "a.csv": table(x, y).assign(id=range(len(y)), split="test").to_csv(index=False).encode()
    }
)
layout("CSV, one-hot labels last")(
    lambda x, y: {"a.csv": lines(np.c_[x.reshape(-1, 784), ONE_HOT[y]])}
)
layout("CSV, names 0 to 783 and no label")(
    lambda x, y: {
        "a.csv": pandas.DataFrame(x.reshape(-1, 784)).to_csv(index=False).encode(),
        "y.csv": lines(y),
    }
)
layout("28 lines of 28 values a picture")(lambda x, y: {"a.txt": lines(x.reshape(-1, 28), " ")})
layout("LIBSVM")(lambda x, y: {"a.t": "\n".join(map(sparse, x.reshape(-1, 784), y)).encode()})
layout("ARFF")(
    lambda x, y: {
        "a.arff": b"@relation m\n@attribute a real\n@data\n" + lines(np.c_[x.reshape(-1, 784), y])
    }
)
layout("CSV, bzip2")(lambda x, y: {"a.csv.bz2": bz2.compress(table(x, y).to_csv().encode())})
layout("CSV, xz")(lambda x, y: {"a.csv.xz": lzma.compress(table(x, y).to_csv().encode())})
layout("Parquet: a column a pixel")(
    lambda x, y: {"a.parquet": saved(lambda f: table(x, y).to_parquet(f))}
)
layout("Parquet: lists")(
    lambda x, y: {
        "a.parquet": saved(
            lambda f: pyarrow.parquet.write_table(
                pyarrow.table({"pixels": list(x.reshape(-1, 784)), "label": y}), f
            )
        )
    }
)
layout("pictures: Parquet of a hub")(
    lambda x, y: {"a.parquet": saved(lambda f: pyarrow.parquet.write_table(hub(x, y), f))}
)
layout("pictures: .tar.gz")(lambda x, y: {"a.tar.gz": tarred(folder(x, y), "w:gz")})
layout("pictures: .tar.bz2")(lambda x, y: {"a.tar.bz2": tarred(folder(x, y), "w:bz2")})
layout("pictures: .pgm")(
    lambda x, y: {
        f"{label}/{at}.pgm": saved(lambda f, each=each: Image.fromarray(each).save(f, "PPM"))
        for at, (each, label) in enumerate(zip(x, y, strict=True))
    }
)
layout("pictures: .avif")(
    lambda x, y: {
        f"{label}/{at}.avif": saved(lambda f, each=each: Image.fromarray(each).save(f, "AVIF"))
        for at, (each, label) in enumerate(zip(x[:20], y[:20], strict=True))
    }
)


def row(name: str, x: np.ndarray, y: np.ndarray) -> str:
    """What is read of a layout, as a line of a table."""
    with tempfile.TemporaryDirectory() as place:
        for file, content in LAYOUTS[name](x, y).items():
            path = Path(place, file)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        read = dataset.read_path(Path(place))
    if name.startswith("pictures"):
        right = sum(
            Path(each).parts[-2:-1] == (str(label),)
            for each, label in zip(read.names, read.labels, strict=True)
        )
        right = right or int((read.labels == y[: len(read)]).sum())
        return f"| {name} | {len(read)} | {right} | |"
    same = len(read) == len(x)
    right = int((read.labels == y).sum()) if same else 0
    pixels = int((read.stored == x).all((1, 2)).sum()) if same else 0
    return f"| {name} | {len(read)} | {right} | {pixels} |"


def main() -> None:
    """Print the table."""
    what = (__doc__ or "").partition("\n")[0]
    parser = argparse.ArgumentParser("python -m benchmarks.layouts", description=what)
    parser.add_argument("--data", type=Path, required=True, help="mnist.npz")
    with np.load(parser.parse_args().data) as data:
        x, y = data["x_test"][:COUNT], data["y_test"][:COUNT]
    print("| layout | read | labels right | pixels as saved |\n| --- | --- | --- | --- |")
    for name in LAYOUTS:
        print(row(name, x, y), flush=True)


if __name__ == "__main__":
    main()
