"""What is stored of a model: its forms' sizes against accuracy and agreement, files, commands."""

from __future__ import annotations

import streamlit as st

from app.inspect import shared as inspect_shared
from app.inspect.results import chart_specs, sizes
from app.ui import chart_theme, markup, table_columns
from models.formats import store
from models.lanes import page_name

COLUMNS = {
    "bytes": table_columns.COUNT,
    "gzip bytes": table_columns.COUNT,
    "accuracy": table_columns.SHARE,
    "max difference": table_columns.DIFFERENCE,
    "same class": table_columns.SHARE,
}
OTHERS = (
    "Models come from the operator's disk, by a command on the server: `digit-parity add NAME "
    "model.h5`. There is no upload for them here, and that is on purpose: a Keras file can hold "
    "code that runs when it is opened."
)


@st.fragment
def show_sizes(model: str) -> None:
    """Show every stored form's size, accuracy and agreement, once TensorFlow has measured them."""
    manifest, answers = store.manifest(model), inspect_shared.variants(model)
    variants = sizes.variants(store.folder(model), manifest, answers)
    known = sizes.measured_on(manifest)
    accuracy = f" Beside each: its accuracy on {known}, from the manifest." if known else ""
    progress, plot = st.container(key="inspect-measured"), st.container(key="inspect-plot")
    with progress:
        if not sizes.done(answers):
            _watch(model)
        for lane, reason in sizes.problems(answers).items():
            markup.note(f"{page_name(lane, manifest.reference)}: {reason}")
    data = sizes.frame(variants)
    with plot:
        if len(data):
            chart_theme.draw(
                chart_specs.sizes_spec(tuple(data["form"])),
                data,
                title="Smaller is further left, nearer to the original further down",
                how=f"Up: the largest difference of any probability from the original's, on "
                f"{inspect_shared.called(model)} (1e-7 is 0.0000001).{accuracy} "
                "Circle float32, diamond float16, square uint8.",
                key="inspect-sizes",
            )
    st.dataframe(
        sizes.table(variants), hide_index=True, column_config=COLUMNS, alt="Sizes and accuracy"
    )


@st.fragment(run_every=0.5)
def _watch(model: str) -> None:
    """Show the progress of TensorFlow through the stored forms; rerun at the end."""
    answers = inspect_shared.variants(model)
    count = sum(future.done() for future in answers.values())
    if count == len(answers):
        st.rerun()
    st.progress(count / len(answers), f"Measured in TensorFlow: {count} of {len(answers)}")


def show_files(model: str) -> None:
    """Show with which commands the files were made, each file's hash, and offer the manifest."""
    manifest = store.manifest(model)
    versions = ", ".join(f"{name} {number}" for name, number in manifest.versions.items())
    if manifest.commands:
        st.markdown(f"These commands, run in the model's folder, make the same files ({versions}):")
        with st.container(key="inspect-commands"):
            st.code("\n".join(manifest.commands), language="bash", wrap_lines=True)
    else:
        st.markdown("The manifest does not say with which commands it was converted.")
    variants = sizes.variants(store.folder(model), manifest, inspect_shared.variants(model))
    st.dataframe(
        sizes.files(variants, manifest), hide_index=True, column_config=COLUMNS, alt="Every file"
    )
    st.download_button(
        "Download the manifest",
        data=(store.folder(model) / "manifest.json").read_bytes,
        file_name=f"{model}-manifest.json",
        mime="application/json",
        icon=":material/download:",
        on_click="ignore",
        key="inspect-manifest",
    )
    markup.note(f"Version {store.version(model)}: a hash over all files and facts in it.")


def show_others() -> None:
    """Say where other models come from."""
    st.markdown(OTHERS)
