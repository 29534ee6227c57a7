"""What Keras saved: an .h5, a .keras, a SavedModel's folder. All of their parts are looked at."""

from __future__ import annotations

import re
import stat
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from models.formats import model_limits, strict_json
from models.formats.architecture import file_kinds, protobuf, saved_model, stored
from models.formats.safety import descriptions, hdf5, saved_graph
from models.storage import plain_files
from models.storage.plain_files import shown

_MEMBERS = ("config.json", "metadata.json", "model.weights.h5")
_TRAINING = ("compile_config", "training_config")  # of a .keras, of a SavedModel
_RATIO = 100  # of a member's bytes to what it takes in the archive
_GRAPH = saved_model.GRAPH
_FOLDER = re.compile(
    r"\.DS_Store|saved_model\.pb|keras_metadata\.pb|fingerprint\.pb|(variables|assets)"
    r"|variables/variables\.(index|data-\d{5}-of-\d{5})",
    re.ASCII,
)
_MAX_ENTRIES = 1_000
_DESCRIBED = (2, 7, 1, 4, 3)  # where a SavedModel's graph has what Keras says of an object


def check(path: Path) -> int:
    """How many numbers a Keras model's files can hold.

    Raises ValueError, or what h5py and zipfile raise, for a model that may not be loaded.
    """
    kind, _ = file_kinds.found(path)
    if kind in ("json", "old graph"):
        raise ValueError("is already converted")
    if kind == "exported":
        return _folder(path)
    found = stored.read(path)
    descriptions.check(found.model if found.kind == "h5" else _loaded(found.model))
    if found.kind == "h5":
        return hdf5.count(path)
    return _archive(path) if found.kind == "keras" else _folder(path)


def code_in_layers(path: Path) -> str | None:
    """What the layers of the SavedModel in the folder ``path`` have that is code, such as a class
    of its owner's; None where that is no reason not to load them.

    Raises ValueError, in words, or OSError where they cannot be read.
    """
    metadata = plain_files.read(plain_files.inside(path, saved_model.METADATA), stored.LIMIT)
    try:
        _check_objects(described for _, described in saved_model.nodes(metadata))
    except (descriptions.ClassError, descriptions.CodeError) as error:
        return error.what
    except ValueError:
        pass  # another reason, for ``check`` to say
    return None


def _loaded(described: Any) -> Any:
    """What loading makes objects of: how a model is trained is left out there."""
    if not isinstance(described, dict):
        return described
    return {key: value for key, value in described.items() if key not in _TRAINING}


def _archive(path: Path) -> int:
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        names = [each.filename for each in members]
        if (double := plain_files.twice(names)) is not None:
            raise ValueError(f"has {shown(double)} twice")
        for each in members:
            _check_member(each)
        if _MEMBERS[2] not in names:
            raise ValueError(f"has no {_MEMBERS[2]}")
        return hdf5.count_in(archive.read(_MEMBERS[2]))


def _check_member(member: zipfile.ZipInfo) -> None:
    if member.filename not in _MEMBERS:
        raise ValueError(
            f"has {shown(member.filename)} in it. Expected {', '.join(_MEMBERS)} and nothing else"
        )
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) or (
        member.flag_bits & 1
    ):
        raise ValueError(f"has {shown(member.filename)}, which is packed in an unusual way")
    kind = stat.S_IFMT(member.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        raise ValueError(f"has {shown(member.filename)}, which is no plain file")
    model_limits.check_size(member.file_size)
    if member.file_size > _RATIO * member.compress_size + hdf5.FREE:
        raise ValueError(
            f"has {shown(member.filename)} of {member.file_size:,} bytes, packed into "
            f"{member.compress_size:,}: that is no model"
        )


def _folder(path: Path) -> int:
    size = 0
    for name in _entries(path):
        if not _FOLDER.fullmatch(name):
            raise ValueError(
                f"has {shown(name)} in it. Expected {_GRAPH}, {saved_model.METADATA}, "
                "fingerprint.pb and variables, and nothing else; a model that needs files of its "
                "own, such as a vocabulary, is not taken"
            )
        if not (path / name).is_dir() or (path / name).is_symlink():
            taken = plain_files.plain(plain_files.inside(path, name))
            size += taken if name.startswith("variables/variables.data") else 0
    model_limits.check_size(size, "variables")
    if plain_files.there(path / saved_model.METADATA):
        metadata = plain_files.read(plain_files.inside(path, saved_model.METADATA), stored.LIMIT)
        _check_objects(described for _, described in saved_model.nodes(metadata))
    content = plain_files.read(plain_files.inside(path, _GRAPH), saved_model.MAX_GRAPH)
    # TensorFlow before 2.5 kept there what keras_metadata.pb holds, and tf_keras reads it still.
    _check_objects(filter(None, protobuf.within(content, *_DESCRIBED)))
    saved_graph.check(content)
    # The numbers of constants lie in the graph.
    return size + len(content)


def _check_objects(described: Iterable[bytes]) -> None:
    """Look through what Keras makes objects of."""
    for each in described:
        descriptions.check(_loaded(strict_json.parse(each)))


def _entries(path: Path) -> Iterator[str]:
    """Every file and folder in it, by its path; links are not followed."""
    waiting, count = [path], 0
    while waiting:
        for each in sorted(waiting.pop().iterdir()):
            count += 1
            if count > _MAX_ENTRIES:
                raise ValueError(f"has more than {_MAX_ENTRIES:,} files")
            yield each.relative_to(path).as_posix()
            if each.is_dir() and not each.is_symlink():
                waiting.append(each)
