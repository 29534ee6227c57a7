"""Builds a model's folder from what a user has: an original, a converted folder, or several."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from models.convert import (
    chosen,
    conversion,
    converted_source,
    keras_source,
    keras_tensors,
    runs,
)
from models.convert.chosen import Choose
from models.convert.conversion import NO_LAYERS, Converted
from models.convert.intake.given import EXPORTED_FOLDER, KERAS_FILE, Given, folder_of
from models.convert.keras_source import Source
from models.convert.official import converter
from models.convert.rebuild.keras3 import RebuildError
from models.convert.runs import CONVERSIONS, EXPORTED, Conversion
from models.errors import ModelError
from models.formats import manifest as manifests
from models.formats import model_tensors
from models.formats.architecture import file_kinds
from models.formats.manifest import Manifest
from models.formats.wanted import NOTHING, Wanted
from models.lanes import Format
from models.runtimes import saved_model
from models.runtimes.keras import layers_model
from models.storage import plain_files


def build(given: Given, folder: Path, wanted: Wanted = NOTHING, *, kept: bool = False) -> Converted:
    """Make the empty ``folder`` a model's folder of what is given, and convert what is left out.

    What is converted is left as the official converter wrote it: that is what a user has. To be
    ``kept``, it is made as TensorFlow.js takes it, and an original is converted as
    ``conversion.convert_what_works`` does, to every kind of weights. The manifest, which is written
    too, says what is ``wanted``, and what was guessed. Raises ModelError when a file is not what it
    is given as, what is wanted does not fit the model, or the converter is needed and missing.
    """
    if given.left_out:
        converter.check()
    versions = {
        f"{form} model's": converted_source.copy(path, form, folder / folder_of(form))
        for form, path in given.converted.items()
    }
    name, title = given.first.resolve().name, given.name(given.first)
    manifest = Manifest(name, title, classes=(), lanes={}, files={}, versions=versions)
    made = _Made(runs.run_loadable if kept else runs.run)
    choose = _chooser(given, folder, wanted)
    if given.original is None:
        manifest = _of_converted(given, folder, manifest, choose, made)
    elif given.exported:
        manifest = _of_exported(given, folder, wanted, manifest, made, kept=kept)
    else:
        try:
            source = keras_source.load(given.original, choose=choose)
        except RebuildError as error:
            with _export(given, error) as instead:
                manifest = _of_exported(instead, folder, wanted, manifest, made, kept=kept)
            if "layers" in made.unmade:
                made.unmade["layers"] = f"{error} The graph model is made of what Keras 3 exports."
        else:
            source.save(folder, KERAS_FILE)
            if kept and not given.converted:
                return _converted(source, folder, manifest)
            _convert(given.left_out, folder / KERAS_FILE, folder, made)
            manifest = source.described(manifest, folder)
    is_exported = (folder / EXPORTED_FOLDER).is_dir()
    whole = _listed(manifest, folder, EXPORTED_FOLDER if is_exported else KERAS_FILE)
    manifests.write(whole, folder)
    return Converted(whole, made.unmade, made.changed, _misfits(given, whole, folder))


def _listed(manifest: Manifest, folder: Path, original: str) -> Manifest:
    """The manifest with what lies in ``folder``: its lanes and all files."""
    places = {"keras": original}
    places |= {each.stored: f"{each.folder}/{file_kinds.MODEL_JSON}" for each in CONVERSIONS}
    return replace(
        manifest,
        lanes={form: place for form, place in places.items() if (folder / place).exists()},
        files={
            path.relative_to(folder).as_posix(): manifests.record(path)
            for path in plain_files.below(folder)
        },
    )


def _misfits(given: Given, manifest: Manifest, folder: Path) -> tuple[str, ...]:
    """What is given beside the first and has other shapes."""
    others = {form: path for form, path in given.converted.items() if path != given.first}
    folders = {form: folder / folder_of(form) for form in others}
    names = {form: given.name(path) for form, path in others.items()}
    return tuple(converted_source.misfits(manifest, folders, names, given.name(given.first)))


def described(
    manifest: Manifest, given: Given, folder: Path, wanted: Wanted, answers: NDArray[Any]
) -> Manifest:
    """The manifest of ``folder``, with what ``answers`` (n, outputs) of the model tell of what it
    gives, where its file does not. Raises ModelError where that is not what is wanted.
    """
    choose = _chooser(given, folder, wanted, answers)
    found = choose(manifest.takes, manifest.outputs)
    return replace(manifest, answers=found.answers, classes=found.classes, assumed=found.assumed)


def _chooser(
    given: Given, folder: Path, wanted: Wanted, answers: NDArray[Any] | None = None
) -> Choose:
    """Choose by what the first file says, or of one that was exported the graph made of it."""
    graph = folder / folder_of("graph")
    path = graph if given.exported and graph.is_dir() else given.first
    return chosen.guessed(path, given.facts, wanted, answers=answers)


def _converted(source: Source, folder: Path, manifest: Manifest) -> Converted:
    """An original converted to all formats and kinds of weights that can be made of it."""
    ends = source.taken, source.gives
    made = conversion.convert_what_works(folder, source=KERAS_FILE, ends=ends)
    named = replace(made.manifest, name=manifest.name, title=manifest.title)
    whole = source.described(named, folder)
    manifests.write(whole, folder)
    return replace(made, manifest=whole)


@dataclass(frozen=True)
class _Made:
    """What became of conversions, as ``Converted`` has it, which are done by ``run``."""

    run: Callable[[Conversion, Path, Path], str | None]
    unmade: dict[str, str] = field(default_factory=dict)
    changed: dict[Format, str] = field(default_factory=dict)


def _convert(wanted: Sequence[Conversion], source: Path, folder: Path, made: _Made) -> None:
    """Convert to what is wanted, float32 first, and note what cannot be made, or was made
    otherwise.
    """
    for each in wanted:
        if each.form in made.unmade:  # nor can it be with weights that are rounded
            made.unmade[each.stored] = made.unmade[each.form]
            continue
        try:
            said = made.run(each, source, folder)
        except ModelError as error:  # the other format may be just what is wanted
            shutil.rmtree(folder / each.folder, ignore_errors=True)
            made.unmade[each.stored] = str(error)
        else:
            if said:
                made.changed[each.form] = said


def _of_exported(
    given: Given, folder: Path, wanted: Wanted, manifest: Manifest, made: _Made, *, kept: bool
) -> Manifest:
    """The manifest of a SavedModel without layers, of which a graph model is made."""
    assert given.original is not None
    place = folder / EXPORTED_FOLDER
    saved_model.copy(given.original, place)
    every = kept and not given.converted
    _convert(EXPORTED if every else given.left_out, place, folder, made)
    found = saved_model.read(place)
    choose = _chooser(given, folder, wanted)  # what was made of it says more
    if given.layers is None:
        made.unmade["layers"] = NO_LAYERS
    return choose(found.takes, found.gives).described(manifest, found.gives)


@contextlib.contextmanager
def _export(given: Given, error: RebuildError) -> Iterator[Given]:
    """The same, with what Keras 3 exports in place of an original that tf_keras cannot express."""
    with keras_source.exported(error, EXPORTED_FOLDER) as path:
        called = {**given.called, path: given.name(given.first)}
        yield replace(given, original=path, called=called)


def _of_converted(
    given: Given, folder: Path, manifest: Manifest, choose: Choose, made: _Made
) -> Manifest:
    """Without an original the layers model stands in for it, or the graph model where there is no
    other, or where the layers are those of Keras 3, which nothing loads.
    """
    if given.layers is not None and (why := converted_source.of_keras_3(given.layers)):
        if given.graph is None:
            raise ModelError(why)
        manifest = replace(manifest, unread="layers")
    elif given.layers is not None:
        path = folder / folder_of("layers") / file_kinds.MODEL_JSON
        model = layers_model.read(path)
        if given.left_out:
            model.save(folder / KERAS_FILE)  # what the converter makes a graph of
            _convert(given.left_out, folder / KERAS_FILE, folder, made)
            (folder / KERAS_FILE).unlink()
        gives = keras_tensors.gives(model, path)
        return choose(keras_tensors.takes(model, path), gives).described(manifest, gives)
    ends = model_tensors.read(folder / folder_of("graph"))
    return choose(ends.inputs, ends.outputs).described(manifest, ends.outputs)
