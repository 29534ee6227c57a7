"""``manifest.json``: what a model's folder holds, how it was made and how well it reads."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Any

from models.errors import ModelError
from models.formats import manifest_fields as fields
from models.formats import strict_json
from models.formats.labels import MOST_CLASSES
from models.formats.manifest_fields import FileRecord, Rounding
from models.formats.model_input import DIGITS, Input
from models.formats.model_output import AnswerKind
from models.formats.tensors import Tensor
from models.lanes import FORMATS, KERAS3, TENSORFLOW, WEIGHTS, Format, Lane, Weights
from models.storage import plain_files

NAME = "manifest.json"
_LIMIT = 1 << 22  # bytes; that of the shipped model has 4,000, names of 21,841 classes 800,000
_SELDOM = (
    "rounding",
    "original",
    "changes",
    "tensors",
    "outputs",
    "assumed",
    "unread",
)  # written only where there is something to say


@dataclass(frozen=True)
class Manifest:
    """All that is known about a model. Paths are relative to the model's folder, with ``/``.

    ``lanes`` maps a stored form ("keras", "graph", "layers", "graph float16", …) to its file;
    ``accuracy`` maps a test set to the accuracy of each stored form, from 0 to 1; ``rounding`` is
    None in manifests of older versions. ``original`` is the file that Keras 3 saved, which Keras 3
    answers with: "keras" in ``lanes`` is then its rebuild in tf_keras, which was converted, and
    ``changes`` says what the rebuild changed, a sentence each.

    ``input`` is how a picture becomes the model's input, None for a model that takes something
    else; ``tensors`` and ``outputs`` are all that it takes and gives, none in manifests of older
    versions: there it is ``input`` and the classes. ``answers`` is what its first output is.
    ``assumed`` says what nobody told us and no file says, a sentence each. ``unread`` is a format
    that cannot be the reference, "layers" where no Keras loads them; it is judged all the same.
    """

    name: str
    title: str
    classes: tuple[str, ...]
    lanes: Mapping[str, str]
    files: Mapping[str, FileRecord]
    input: Input | None = DIGITS
    versions: Mapping[str, str] = field(default_factory=dict)
    commands: Sequence[str] = ()
    training: Mapping[str, Any] = field(default_factory=dict)
    accuracy: Mapping[str, Any] = field(default_factory=dict)
    rounding: Rounding | None = None
    original: str = ""
    changes: Sequence[str] = ()
    tensors: Sequence[Tensor] = ()
    outputs: Sequence[Tensor] = ()
    answers: AnswerKind = "probabilities"
    assumed: Sequence[str] = ()
    unread: str = ""

    @property
    def exported(self) -> bool:
        """Whether its original is the folder of a SavedModel that has a graph and no layers."""
        return "keras" in self.lanes and not PurePosixPath(self.lanes["keras"]).suffix

    def pictures(self) -> Input:
        """How a picture becomes the input. Raises ModelError for a model that takes none."""
        if self.input is None:
            raise ModelError(f"Model {self.name!r} takes no pictures.")
        return self.input

    @property
    def takes(self) -> tuple[Tensor, ...]:
        """All that the model takes; of a manifest of an older version, its one picture."""
        if self.tensors or self.input is None:
            return tuple(self.tensors)
        return (Tensor("", self.input.shape),)

    @property
    def server_lanes(self) -> tuple[Lane, ...]:
        """Its formats on the server, the reference first."""
        lanes = (self.server_lane(form) for form in FORMATS if form in self.lanes)
        return tuple(sorted(lanes, key=lambda lane: lane != self.reference))

    def server_lane(self, form: Format, weights: Weights = "float32") -> Lane:
        """A stored form on the server: on TensorFlow, but an original of Keras 3 on Keras 3."""
        runtime = KERAS3 if form == "keras" and self.original else TENSORFLOW
        return Lane(form, runtime, weights)

    @property
    def reference(self) -> Lane:
        """What other lanes are compared with: the original, in the Keras that saved it; for a
        model that came converted, without Keras, the layers model, which is closest to it, or the
        graph model where there is no other, or ``unread`` says that nothing here loads the layers.
        """
        closest: tuple[Format, ...] = ("keras", "layers", "graph")
        there = [form for form in closest if form in self.lanes and form != self.unread]
        return self.server_lane(there[0] if there else "layers")

    def path(self, form: Format, weights: Weights = "float32") -> str:
        """The file to load for a format and kind of weights. Raises ModelError if there is none."""
        key = stored_form(form, weights)
        if key not in self.lanes:
            raise ModelError(
                f"Model {self.name!r} has no {key!r}. It has: {', '.join(self.lanes)}."
            )
        return self.lanes[key]

    def address(self, form: Format, weights: Weights = "float32") -> str:
        """The file that a browser loads a format from.

        A format that the converter could not make has an address too, with nothing at it: its lane
        then says so, and the others answer.
        """
        key = stored_form(form, weights)
        return self.lanes.get(key, f"model_{key.replace(' ', '_')}/model.json")

    def size(self, form: Format, weights: Weights = "float32") -> int:
        """Bytes of all files of one stored form: what a browser downloads."""
        path = PurePosixPath(self.path(form, weights))
        if form == "keras" and self.exported:
            return sum(
                each.bytes
                for name, each in self.files.items()
                if path in PurePosixPath(name).parents
            )
        if path.parent == PurePosixPath("."):
            return self.files[str(path)].bytes
        return sum(
            record.bytes
            for name, record in self.files.items()
            if PurePosixPath(name).parent == path.parent
        )


def stored_form(form: Format, weights: Weights = "float32") -> str:
    """The key of ``Manifest.lanes``: the format, and the kind of weights unless it is float32."""
    return form if weights == "float32" else f"{form} {weights}"


def read(folder: Path) -> Manifest:
    """The manifest in ``folder``. Raises ModelError when it is missing or not what is expected."""
    path = folder / NAME
    try:
        return _parse(strict_json.parse(plain_files.read(path, _LIMIT)))
    except OSError as error:
        raise ModelError(
            f"{path} cannot be read ({error.strerror}). A model's folder needs a {NAME}: "
            "`digit-parity convert` writes it."
        ) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(
            f"{path} is not a manifest ({type(error).__name__}: "
            f"{plain_files.line(error)}). "
            "Write it again with `digit-parity convert`."
        ) from error


def write(manifest: Manifest, folder: Path) -> None:
    """Write ``manifest`` to ``folder``; equal manifests give equal bytes."""
    stored = {
        name: value for name, value in asdict(manifest).items() if value or name not in _SELDOM
    }
    stored["input"] = None if manifest.input is None else manifest.input.stored()
    if manifest.answers == "probabilities":
        del stored["answers"]  # as manifests of older versions, which knew nothing else
    text = json.dumps(stored, indent=2, ensure_ascii=False)
    (folder / NAME).write_text(text + "\n", "utf-8", newline="\n")


def with_original(manifest: Manifest, folder: Path, original: str) -> Manifest:
    """The same with the file ``original`` of ``folder``, what Keras 3 saved, as the reference."""
    files = {**manifest.files, original: record(folder / original)}
    return replace(manifest, original=original, files=files)


def record(path: Path) -> FileRecord:
    """The SHA-256 and size of the file at ``path``."""
    content = path.read_bytes()
    return FileRecord(hashlib.sha256(content).hexdigest(), len(content))


def changed(manifest: Manifest, folder: Path) -> list[str]:
    """The files that are missing from ``folder`` or differ from what the manifest says."""
    return [
        name
        for name, expected in manifest.files.items()
        if not (folder / name).is_file() or record(folder / name) != expected
    ]


def _parse(data: Mapping[str, Any]) -> Manifest:
    known = {stored_form(form, weights) for form in FORMATS for weights in WEIGHTS}
    lanes = {str(key): fields.inside(value) for key, value in data["lanes"].items()}
    if unknown := sorted(set(lanes) - known):
        raise ValueError(f"unknown lanes {unknown}")
    files = {
        fields.inside(name): FileRecord(str(each["sha256"]), int(each["bytes"]))
        for name, each in data["files"].items()
    }
    classes = tuple(map(fields.text, data["classes"]))
    if len(classes) > MOST_CLASSES:
        raise ValueError(f"it has {len(classes):,} classes; {MOST_CLASSES:,} are the most")
    return Manifest(
        name=fields.text(data["name"]),
        title=fields.text(data["title"]),
        classes=classes,
        lanes=lanes,
        files=files,
        input=fields.picture(data),
        versions={
            fields.text(name): fields.text(each) for name, each in data.get("versions", {}).items()
        },
        commands=tuple(map(fields.text, data.get("commands", ()))),
        training=dict(data.get("training", {})),
        accuracy={
            fields.text(name): {str(form): fields.share(each) for form, each in forms.items()}
            for name, forms in data.get("accuracy", {}).items()
        },
        rounding=fields.rounding(data.get("rounding")),
        original=fields.inside(original) if (original := data.get("original")) else "",
        changes=tuple(map(fields.text, data.get("changes", ()))),
        tensors=fields.listed_tensors(data.get("tensors", ())),
        outputs=fields.listed_tensors(data.get("outputs", ())),
        answers=fields.answers(data.get("answers", "probabilities")),
        assumed=tuple(map(fields.text, data.get("assumed", ()))),
        unread=fields.text(data.get("unread", "")),
    )
