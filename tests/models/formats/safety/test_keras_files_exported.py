"""SavedModels without Keras's description: all there is to look at is the graph."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from models.convert import building
from models.convert.intake.given import Given
from models.errors import ModelError
from models.formats import safety
from models.formats.architecture import reader, stored
from models.runtimes import saved_model as runtime
from models.runtimes.keras import keras2
from tests.models.formats.architecture.test_saved_model import field, varint
from tests.models.formats.safety.test_keras_files import (
    SAVER,
    calling,
    function,
    operation,
    saved_model,
)
from tests.support import model_files
from tests.support.model_files import layer, plain


def ends(name: bytes, tensor: bytes, *sides: int) -> bytes:
    """An entry of a signature's inputs or outputs."""
    dims = b"".join(field(2, varint(1 << 3) + varint(side % (1 << 64))) for side in sides)
    info = field(1, tensor) + varint(2 << 3) + varint(1) + field(3, dims)
    return field(1, name) + field(2, info)


SERVED = field(1, ends(b"x", b"serving_x:0", -1, 2)) + field(2, ends(b"y", b"Call:0", -1, 3))
SIGNATURE = field(5, field(1, b"serving_default") + field(2, SERVED))


def exported(folder: Path, *graph: bytes, meta: bytes = b"") -> Path:
    """As model.export() writes it: no keras_metadata.pb, but a signature."""
    path = saved_model(folder, *graph, meta=SIGNATURE + SAVER + meta)
    (path / "keras_metadata.pb").unlink()
    return path


def refused(path: Path, words: str) -> None:
    with pytest.raises(ModelError, match=words) as error:
        safety.check(path)
    assert str(path) in str(error.value)


def test_one_of_more_operations_than_a_model_has_is_refused(tmp_path: Path) -> None:
    many = function("body", *[operation("Relu")] * 160_001)
    refused(exported(tmp_path / "e", many), "has more than 160,000 operations and functions")


def test_one_that_only_computes_may_be_loaded(tmp_path: Path) -> None:
    path = exported(tmp_path / "e", function("body", operation("Relu")))
    assert safety.check(path).format == "keras"
    found = stored.read(path)
    assert found.kind == "exported" and found.whole is not None
    dims = {"dim": [{"size": "-1"}, {"size": "2"}]}
    given = {"x": {"name": "serving_x:0", "dtype": "DT_FLOAT", "tensorShape": dims}}
    assert found.whole["signature"]["inputs"] == given
    assert [each.kind for each in reader.read(path).operations] == ["Relu"]  # and not SaveV2


PLANTED = {
    "'ReadFile'": field(1, operation("ReadFile")),
    "'WriteFile'": function("unheard_of", operation("Relu"), operation("WriteFile")),
    "'PyFunc'": function("__inference_serve_7", operation("PyFunc")),
    "'EagerPyFunc'": function("__inference__traced_save_8", operation("EagerPyFunc")),
    "'MatchingFiles'": function("__inference__traced_restore_8", operation("MatchingFiles")),
    "'SaveV2'": function("body", operation("SaveV2")),
    "calls what saves": function(
        "body", operation("PartitionedCall", **calling("__inference__traced_save_7"))
    ),
}


@pytest.mark.parametrize("words", PLANTED)
def test_an_operation_that_reaches_out_is_refused_wherever_it_stands(tmp_path, words) -> None:
    refused(exported(tmp_path / "e", PLANTED[words]), words)


SAVING = calling("__inference__traced_save_7")
RESTORING = calling("__inference__traced_restore_9")
# What the loader of TensorFlow 1 would run, by what saves or restores: the official converter takes
# that loader where the other fails.
FOR_TENSORFLOW_1 = {
    "takes what saves": field(2, field(1, operation("Identity", "save:0", name="y"))),
    "takes what saves or": field(2, field(1, operation("NoOp", "^save", name="y"))),
    "takes what saves or restores": field(
        5, field(1, b"other") + field(2, field(2, field(2, field(1, b"save:0"))))
    ),
    "takes what saves or restores gives": field(
        4, field(1, b"saved_model_main_op") + field(2, field(1, field(1, b"save")))
    ),
    "a collection of its graph's parts": field(4, field(1, b"legacy_init_op") + field(2, b"")),
    "in the place of what restores": field(3, field(3, b"save")),
    "restores from another place": field(
        2, function("__inference__traced_restore_8", operation("RestoreV2", "here"), takes="x")
    ),
    "'SaveV2'": field(2, function("__inference__traced_restore_8", operation("SaveV2", "x"))),
    "a sparse tensor": field(
        5, field(1, b"other") + field(2, field(1, field(2, field(4, field(1, b"save:0")))))
    ),
}


@pytest.mark.parametrize("words", FOR_TENSORFLOW_1)
def test_nothing_that_is_run_may_save_or_restore(tmp_path: Path, words: str) -> None:
    refused(exported(tmp_path / "e", meta=FOR_TENSORFLOW_1[words]), words)


def test_what_saves_may_not_be_called_to_restore_behind_the_others_back(tmp_path: Path) -> None:
    both = operation("If", name="both", **RESTORING, g=SAVING["f"])
    meta = field(2, field(1, both)) + field(3, field(3, b"both"))
    refused(exported(tmp_path / "e", meta=meta), "in the place of what restores")


def test_what_tensorflow_1_saved_is_refused_with_the_way_out(tmp_path: Path) -> None:
    path = exported(tmp_path / "a")
    (path / "saved_model.pb").write_bytes(field(2, SIGNATURE + field(2, b"")))
    refused(path, r"save it again by that, with model\.export")
    path = exported(tmp_path / "b")
    with (path / "saved_model.pb").open("ab") as file:
        file.write(field(2, field(2, field(1, operation("WriteFile")))))
    refused(path, "has not one graph|'WriteFile'")


def test_one_number_may_not_stand_for_more_than_a_model_may_have(tmp_path: Path) -> None:
    sides = b"".join(field(2, varint(1 << 3) + varint(1 << 20)) for _ in range(2))
    tensor = field(8, varint(1 << 3) + varint(1) + field(2, sides))
    constant = operation("Const", value=tensor)
    for number, graph in enumerate((field(1, constant), function("body", constant))):
        path = exported(tmp_path / str(number), graph)
        refused(path, r"has constants of 8,388,608 MB; 1,024 MB is the most here")


def test_files_of_its_own_are_refused(tmp_path: Path) -> None:
    refused(exported(tmp_path / "a", meta=field(6, b"words.txt")), "files of its own")
    path = exported(tmp_path / "b")
    (path / "assets").mkdir()
    (path / "assets" / "words.txt").write_text("x")
    refused(path, "has 'assets/words.txt' in it.*vocabulary")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pipes and devices in folders")
@pytest.mark.parametrize("name", ["variables/variables.index", "saved_model.pb", "variables"])
def test_a_link_is_refused(tmp_path: Path, name: str) -> None:
    path = exported(tmp_path / "e")
    (path / name).rename(tmp_path / "elsewhere")
    (path / name).symlink_to(tmp_path / "elsewhere")
    refused(path, "is a link")


def test_what_older_tensorflow_says_of_keras_in_it_is_looked_at(tmp_path: Path) -> None:
    """Before 2.5 the layers were described in the graph's file, and tf_keras still makes them."""

    def described(model: Any) -> bytes:
        user = field(1, b"_tf_keras_sequential") + field(3, json.dumps(model).encode())
        return field(7, field(1, field(4, user)))

    assert safety.check(exported(tmp_path / "a", meta=described(plain()))).format == "keras"
    refused(exported(tmp_path / "b", meta=described(layer("Lambda", "l"))), "has a Lambda layer")


def test_one_that_says_nothing_of_its_inputs_is_refused(tmp_path: Path) -> None:
    path = saved_model(tmp_path / "e")
    (path / "keras_metadata.pb").unlink()
    with pytest.raises(ModelError, match="has no signature"):
        reader.read(path)


LOADERS: dict[str, Callable[[Path], Any]] = {
    "as a graph": runtime.read,
    "as what Keras saved": keras2.read,
    "to convert": lambda path: building.build(Given(path), path.with_name("made")),
    "to copy": lambda path: runtime.copy(path, path.with_name("made")),
}


@pytest.mark.parametrize("name", LOADERS)
def test_every_loader_looks_first(tmp_path: Path, name: str) -> None:
    path = exported(tmp_path / "e", function("body", operation("WriteFile")))
    (tmp_path / "made").mkdir()
    with pytest.raises(ModelError, match="'WriteFile'"):
        LOADERS[name](path)
    assert not list((tmp_path / "made").iterdir())


@pytest.mark.parametrize("name", ["saved_model.pb", "keras_metadata.pb"])
def test_a_folder_that_is_two_kinds_at_once_is_refused(tmp_path: Path, name: str) -> None:
    """Who loads it as what Keras saved would load what nobody looked at."""
    path = model_files.layers(tmp_path / "both")
    spoilt = saved_model(tmp_path / "spoilt", described=layer("Lambda", "l"))
    shutil.copy(spoilt / name, path / name)
    refused(path, "could be taken for two kinds")
    assert safety.check(path / "model.json").format == "layers"


def test_what_tensorflow_and_keras_3_export_may_be_loaded(tmp_path: Path) -> None:
    import keras
    import tensorflow as tf

    class Module(tf.Module):
        def __init__(self) -> None:
            super().__init__()
            self.kernel = tf.Variable(tf.ones((4, 3)))

        @tf.function(input_signature=[tf.TensorSpec((None, 4), tf.float32)])
        def call(self, inputs: Any) -> Any:
            return {"y": inputs @ self.kernel}

    module = Module()
    tf.saved_model.save(module, str(tmp_path / "module"), signatures=module.call)
    inner = [keras.layers.LSTM(2), keras.layers.Dense(3, "softmax")]
    keras.Sequential([keras.layers.Input((5, 2)), *inner]).export(str(tmp_path / "exported"))
    for name in ("module", "exported"):
        assert safety.check(tmp_path / name).format == "keras"
        assert stored.read(tmp_path / name).kind == "exported"


def test_what_tensorflow_saved_with_a_file_in_its_function_is_refused(tmp_path: Path) -> None:
    import tensorflow as tf

    class Module(tf.Module):
        @tf.function(input_signature=[tf.TensorSpec((None, 4), tf.float32)])
        def call(self, inputs: Any) -> Any:
            tf.io.write_file(str(tmp_path / "written"), "text")
            return inputs

    module = Module()
    tf.saved_model.save(module, str(tmp_path / "module"), signatures=module.call)
    refused(tmp_path / "module", "'WriteFile'")
    shutil.rmtree(tmp_path / "module")
    assert not (tmp_path / "written").exists()
