"""A SavedModel whose layers are code: its graph is taken, and the code is not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from models.convert import building, intake
from models.convert.intake import files
from models.convert.intake.given import EXPORTED_FOLDER
from models.errors import ModelError
from models.formats import safety
from models.runtimes import saved_model as runtime
from tests.models.formats.safety.test_keras_files import saved_model
from tests.support.model_files import layer, plain

CODE = {
    "the class 'Mine>Own'": layer("Mine>Own", "own"),
    "a Lambda layer": layer("Lambda", "code", function=["4wEAAAA=", None, None]),
    "the registered class 'Mine>Net'": plain() | {"registered_name": "Mine>Net"},
}


@pytest.mark.parametrize("what", CODE)
def test_what_tells_of_code_is_left_behind(tmp_path: Path, what: str) -> None:
    path = saved_model(tmp_path / "mine", described=CODE[what])
    with intake.opened(path) as found:
        assert (found.kind, found.called) == ("exported", str(path))
        assert f"It has {what}, which is code" in found.notes[0]
        assert not (found.path / "keras_metadata.pb").exists()
        assert safety.check(found.path).format == "keras"
    assert not found.path.exists()


def test_one_of_keras_own_layers_is_taken_with_them(tmp_path: Path) -> None:
    path = saved_model(tmp_path / "plain", described=layer("Dense", "d", units=3))
    with intake.opened(path) as found:
        assert (found.kind, found.path) == ("saved model", path)


def test_layers_of_texts_are_still_refused(tmp_path: Path) -> None:
    path = saved_model(tmp_path / "texts", described=layer("StringLookup", "s"))
    with intake.opened(path) as found, pytest.raises(ModelError, match="StringLookup"):
        safety.check(found.path)


def test_a_link_among_its_variables_is_refused(tmp_path: Path) -> None:
    path = saved_model(tmp_path / "mine", described=CODE["a Lambda layer"])
    (tmp_path / "secret").write_text("of the operator")
    (path / "variables" / "variables.data-00000-of-00001").unlink()
    (path / "variables" / "variables.data-00000-of-00001").symlink_to(tmp_path / "secret")
    with pytest.raises(ModelError, match="is a link"), intake.opened(path):
        pass


def test_an_operation_that_reaches_out_is_refused_in_its_graph(tmp_path: Path) -> None:
    from tests.models.formats.safety.test_keras_files import GRAPHS

    path = saved_model(tmp_path / "mine", GRAPHS["'PyFunc'"], described=CODE["a Lambda layer"])
    with intake.opened(path) as found, pytest.raises(ModelError, match="'PyFunc'"):
        safety.check(found.path)


def test_one_larger_than_a_model_may_be_is_refused(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("DIGIT_PARITY_MODEL_MB", "1")
    path = saved_model(tmp_path / "mine", described=CODE["a Lambda layer"])
    (path / "variables" / "variables.data-00000-of-00001").write_bytes(bytes(2 << 20))
    with pytest.raises(ModelError, match="DIGIT_PARITY_MODEL_MB"), intake.opened(path):
        pass


def test_a_model_class_of_its_own_answers_as_keras_and_becomes_a_graph_model(tmp_path) -> None:
    import tf_keras as keras

    class Net(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.flat, self.dense = keras.layers.Flatten(), keras.layers.Dense(10, "softmax")

        def call(self, pictures):
            return self.dense(self.flat(pictures))

    net, noise = Net(), np.random.default_rng(2).random((3, 28, 28, 1), np.float32)
    answers = net.predict(noise, verbose=0)
    net.save(tmp_path / "net")
    (tmp_path / "m").mkdir()
    with files.given(tmp_path / "net") as files_given:
        built = building.build(files_given, tmp_path / "m")
    assert set(built.manifest.lanes) == {"keras", "graph"}
    found = runtime.session(tmp_path / "m" / EXPORTED_FOLDER, built.manifest.tensors)
    np.testing.assert_allclose(found.call((noise,))[0], answers, atol=1e-6)
