"""The Upload page's controls: which files are given, and how they are read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from app.session import ready, test_set
from app.session import state as session_state
from app.ui import markup, templates
from app.upload import options, state
from app.upload.progress import reading
from app.upload.results import downloads
from app.upload.results.outcome import Outcome
from app.upload.saved import opened, parsed
from models.dataset import LIMITS, Dataset, Options
from models.dataset.reading import reader
from models.errors import InputError
from models.formats import store
from models.formats.manifest import Manifest

_KEY, _KIND = "upload-files", "upload-files-kind"
FREED = "The connection was lost, and the server has freed your files. Upload them again."
_FILES, _FOLDER = "Files", "A folder"
_TAKEN = (
    "Also a folder of pictures, with a labels.csv or .json or without; IDX, .npz, .npy or UNIPEN. "
    "And a report that this page saved."
)
_PICTURES = (
    "In a folder a class, in an IDX file or in an .npz; each becomes {} pixels, as this model "
    "takes them. And a report that this page saved."
)


@dataclass(frozen=True)
class Given:
    """What a visitor gave: a set, a report that was opened, a sentence why it cannot be, or
    nothing.
    """

    options: Options
    data: Dataset | None = None
    report: Outcome | None = None
    problem: str | None = None


@st.cache_resource(show_spinner=False, max_entries=8)
def _ready_zip(model: str, version: str) -> bytes:
    """``version`` is a cache key: changed files are packed again."""
    return downloads.pictures_zip(ready.pictures(model), store.manifest(model).classes)


def is_nothing() -> bool:
    """Whether nothing is given, before the controls are shown."""
    is_folder = st.session_state.get(_KIND) == _FOLDER
    return state.source() == state.FILES and not st.session_state.get(_key_of(is_folder=is_folder))


def choose(look: reading.Look) -> Given:
    """Show the place for files and the ready pictures; return what is given. ``look`` is told while
    it is read.
    """
    model = session_state.model()
    manifest = store.manifest(model)
    taken = manifest.pictures()
    with st.container(key="upload-drop", gap="xsmall"):
        size = "×".join(map(str, taken.picture))
        words = _TAKEN if taken.is_digit else _PICTURES.format(size)
        files, named = _upload(words)
    markup.note(LIMITS.describe(taken.picture) + " Nothing is kept after your visit.")
    _offer_ready(model, manifest)
    how = options.chosen(manifest)
    if state.source() == state.EXAMPLES:
        return Given(how, ready.pictures(model))
    # Files are freed when the connection is lost for some seconds; what was read of them is not.
    if not named:
        return Given(how)
    kept = state.opened_report(_key(named, None))
    if kept is not None or _is_report(files):
        return _report(files, named, how)
    return _set(files, named, how, look)


def _key_of(*, is_folder: bool) -> str:
    return f"{_KEY}-folder" if is_folder else _KEY


def _set(files: Sequence[Any], named: Sequence[Any], how: Options, look: reading.Look) -> Given:
    """The set that is in the files, read once. A report among them is none of its files."""
    key = _key(named, how)
    data = state.dataset(key)
    if data is None:
        if len(files) < len(named):
            st.warning(FREED, icon=":material/link_off:")
        if not files:
            return Given(how)
        # The set before makes room, though Streamlit keeps what showed it until this run has ended.
        if (before_it := state.leave()) is not None:
            reader.in_use.forget(before_it.stored)
        data = reading.read([each for each in files if not _is_one(each)], how, look)
        state.keep_dataset(key, data)
        if len(data):
            test_set.remember(data.digit(0), data.names[0])
    return Given(how, data)


def _report(files: Sequence[Any], named: Sequence[Any], how: Options) -> Given:
    """The report that was given last, opened once."""
    key = _key(named, None)
    kept = state.opened_report(key)
    if kept is None:
        state.leave()
        try:
            found = parsed.from_file(files[-1].getvalue())
            kept = opened.outcome(found, f"report-{named[-1].file_id}")
        except InputError as error:
            kept = str(error)
        state.keep_report(key, kept)
    if isinstance(kept, str):
        return Given(how, problem=kept)
    return Given(how, report=kept)


def _is_report(files: Sequence[Any]) -> bool:
    """Whether the last of them is a report: whoever gives one beside a set wants to see it."""
    return bool(files) and _is_one(files[-1])


def _is_one(file: Any) -> bool:
    return parsed.is_report(file.name, file.getvalue)


def _key(named: Sequence[Any], how: Options | None) -> object:
    return (tuple(file.file_id for file in named), how)


def _upload(words: str) -> tuple[Sequence[Any], Sequence[Any]]:
    """The files that are here, and those that were chosen. A folder that is dropped is taken either
    way; a picker takes files or a folder.
    """
    folder = (
        st.segmented_control(
            "What to choose",
            (_FILES, _FOLDER),
            default=_FILES,
            key=_KIND,
            label_visibility="collapsed",
        )
        == _FOLDER
    )
    st.html(templates.render("upload/progress/files.html", "drop", words))
    key = _key_of(is_folder=folder)
    files = st.file_uploader(
        "A folder of your test set" if folder else "Files of your test set",
        accept_multiple_files="directory" if folder else True,
        key=key,
        on_change=state.choose,
        args=(state.FILES,),
        label_visibility="collapsed",
    )
    return files, st.session_state.get(key) or ()


def _offer_ready(model: str, manifest: Manifest) -> None:
    """Pictures for who has none: digits, the operator's examples, or generated ones."""
    if manifest.pictures().is_digit:
        what, about = "100 ready digits", "Ten of each digit out of MNIST's test set"
        folders = "a folder a digit"
    else:
        what, about = "ready pictures", "The model's own examples, or generated ones without labels"
        folders = "a folder a class"
    with st.container(gap="xsmall"):
        st.button(
            f"Run {what}",
            key="upload-ready",
            type="primary" if is_nothing() else "secondary",
            width="stretch",
            icon=":material/play_arrow:",
            on_click=state.choose,
            args=(state.EXAMPLES,),
            help=about,
        )
        st.download_button(
            "Get them as a ZIP",
            width="stretch",
            data=lambda: _ready_zip(model, store.version(model)),
            file_name=f"{what.replace('ready ', '').replace(' ', '-')}.zip",
            mime="application/zip",
            icon=":material/download:",
            on_click="ignore",
            help=f"Pictures in {folders}: upload the ZIP here to try it",
        )
